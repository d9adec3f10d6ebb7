"""Work that is followed by its view, whatever it is."""

from pathlib import Path

import pytest
from support.slow_run import wait_for
from support.watched import snapshot

from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.live import watched_work
from syndisco_nb.widgets.live.live_view import LiveView
from syndisco_nb.widgets.live.watched_work import WatchedWork


class Watched(WatchedWork[str]):
    found = "so far"

    def __init__(self, job):
        super().__init__(LiveView(Path("work"), {}, lambda *_: None, lambda *_: None), job)

    @property
    def state(self):
        return {"done": "finished", "failed": "failed"}.get(self._work.state, "running")

    def stop(self):
        self._work.stop()

    def _look(self):
        return snapshot()

    def _find_result(self):
        if self._work.state == "failed":
            raise SyndiscoError("nothing was found")
        return self._work.result or self.found


@pytest.fixture(autouse=True)
def page(monkeypatch):
    monkeypatch.setattr(watched_work, "bundle", lambda _: {"text/html": "so it ended"})


def test_it_ends_with_its_result_and_tells_whoever_asked():
    told = []

    async def job():
        return "made"

    work = Watched(job)
    work.on_end(told.append)
    assert work.wait(60) == work.result == "made"
    work.on_end(told.append)
    wait_for(lambda: told == [work, work])
    assert work.widget.final_page == "so it ended"


def test_an_error_is_the_message_and_is_raised():
    async def job():
        raise SyndiscoError("no model")

    work = Watched(job)
    with pytest.raises(SyndiscoError, match="no model"):
        work.wait(60)
    assert (work.message, work.result) == ("no model", None)
