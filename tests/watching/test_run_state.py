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
    hopeless=0.0,
    turns=0,
    done=0.0,
    asked=0.0,
    tokens=0,
    complete=True,
    made=0,
    made_tokens=0,
    unfinished=(),
    ended=(),
    failures=(),
    under_way=0,
    here=False,
    trouble="",
)


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({}, 0.0),
        ({"finished": 1, "total": 4}, 0.25),
        ({"finished": 1, "total": 4, "done": 3.0, "asked": 6.0}, 0.5),
        ({"done": 7.0, "asked": 6.0}, 1.0),  # a run that was asked for less since
    ],
)
def test_the_share_is_that_of_turns_where_they_are_known_and_otherwise_of_units(given, share):
    assert replace(NOTHING, **given).share == share
