from dataclasses import replace

import pytest

from syndisco_nb.watching.run_state import RunState

NOTHING = RunState(
    condition="",
    status="running",
    noun="discussion",
    finished=0,
    total=0,
    failed=0,
    turns_lost=0.0,
    turns=0,
    turns_done=0.0,
    turns_total=0.0,
    tokens=0,
    is_counted=True,
    new_turns=0,
    new_tokens=0,
    unfinished=(),
    just_finished=(),
    failures=(),
    skipped=(),
    under_way=0,
    in_this_process=False,
    problem="",
)


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({}, 0.0),
        ({"finished": 1, "total": 4}, 0.25),
        ({"finished": 1, "total": 4, "turns_done": 3.0, "turns_total": 6.0}, 0.5),
        ({"turns_done": 7.0, "turns_total": 6.0}, 1.0),  # a run that was asked for less since
    ],
)
def test_the_share_is_that_of_turns_where_they_are_known_and_otherwise_of_units(given, share):
    assert replace(NOTHING, **given).share == share
