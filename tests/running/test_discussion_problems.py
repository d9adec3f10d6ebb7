"""The checks of a discussion on record, one deviation at a time."""

from dataclasses import replace

import pytest

from syndisco_nb.running.discussion_problems import discussion_problems, replayed_discussion_problems
from syndisco_nb.runs.head import read_head


def problems(run, record, unit):
    return list(discussion_problems(read_head(run.folder), unit, record))


def test_a_discussion_as_it_was_written_has_no_problems(run):
    assert problems(run, run[0], "discussion-00000") == []
    assert list(replayed_discussion_problems(read_head(run.folder), run[0])) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"index": 1}, "its index is 1, but must be 0."),
        ({"seed": 5}, "its seed is 5, but must be"),
        ({"topic": "Toll"}, "its topic is 'Toll', but must be 'Tax'."),
        ({"silences": (), "comments": ()}, "its opening is missing."),
    ],
)
def test_a_discussion_that_is_not_as_asked_is_reported(run, change, problem):
    assert any(problem in found for found in problems(run, replace(run[0], **change), "discussion-00000"))


def test_a_text_that_no_model_gave_for_the_prompt_is_reported(run):
    first, second, *rest = run[0].comments
    changed = replace(run[0], comments=(first, replace(second, text="I never said so."), *rest))
    assert problems(run, changed, "discussion-00000") == []
    assert list(replayed_discussion_problems(read_head(run.folder), changed))


@pytest.mark.parametrize("unit", ["discussion-000000", "x.annotator-00"])
def test_a_discussion_of_another_name_is_reported_not_raised(run, unit):
    assert problems(run, run[0], unit) == ["it is not named like a discussion."]
