from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from syndisco_nb.backend.model.server_faults import retry_after


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("inf", 0.0), ("nan", 0.0), ("", 0.0), ("soon", 0.0)],
)
def test_retry_after_in_seconds(given, seconds):
    assert retry_after({"retry-after": given}) == seconds


@pytest.mark.parametrize("usegmt", [True, False])
def test_retry_after_as_a_date(usegmt):
    date = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < retry_after({"retry-after": format_datetime(date, usegmt=usegmt)}) <= 90
    assert retry_after({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0
    assert retry_after({"retry-after": "Sun, 99 Nov 1994 08:49:37 GMT"}) == 0
