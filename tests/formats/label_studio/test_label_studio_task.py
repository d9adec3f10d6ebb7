"""Shape of Label Studio's tasks and results."""

import pytest
from pydantic import ValidationError

from syndisco_nb.formats.label_studio.label_studio_task import LabelStudioData, LabelStudioItem, LabelStudioResult
from syndisco_nb.records import LabelKey


@pytest.mark.parametrize(
    ("kind", "value", "texts"),
    [
        ("choices", {"choices": ["a", "b"]}, ["a", "b"]),
        ("textarea", {"text": ["One."]}, ["One."]),
        ("textarea", {"text": "One."}, ["One."]),
        ("rating", {"rating": 4}, ["4"]),
        ("number", {"number": 2.5}, ["2.5"]),
        ("choices", {"choices": [None, True]}, []),
        ("labels", {"labels": ["Person"], "start": 3}, []),
    ],
)
def test_an_answer_is_a_text_whatever_the_question(kind, value, texts):
    assert list(LabelStudioItem(type=kind, value=value).texts()) == texts


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (3, "user 3"),
        ({"id": 3, "email": "dana@example.org", "first_name": "Dana"}, "dana@example.org"),
        ({"id": 3, "first_name": "Dana", "last_name": "Li"}, "Dana Li"),
        ({"id": 3}, "user 3"),
        ("dana@example.org", "dana@example.org"),
        (None, ""),
    ],
)
def test_a_person_has_a_name(given, name):
    assert LabelStudioResult(completed_by=given).person == name


def test_the_data_tells_the_subject():
    data = LabelStudioData(discussion_id="t", unit="comment", place=3)
    assert data.key("heat") == LabelKey("comment", 3, "heat")
    with pytest.raises(ValidationError, match="unit"):
        LabelStudioData(discussion_id="t", unit="word", place=3)
