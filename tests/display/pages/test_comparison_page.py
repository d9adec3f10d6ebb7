from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import forked, talk
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Fold, Gap, SideBySide, Table
from syndisco_nb.display.pages.comparison_page import comparison_page
from syndisco_nb.errors import InvalidInputError


def test_turns_stand_beside_each_other_and_the_first_difference_is_named():
    left = talk()
    changed = replace(left.comments[2], text="Something else.")
    right = replace(left, seed=8, comments=(*left.comments[:2], changed, *left.comments[3:]))
    page = comparison_page(snb.compare(left, right), Limits())
    (sides,) = [block for block in page.blocks if isinstance(block, SideBySide)]
    assert [(turn, same) for turn, _, _, same in sides.rows] == [
        ("opening", True),
        ("1", True),
        ("2", False),
        ("3", True),
        ("4", True),
        ("5", True),
    ]
    assert dict(page.facts) == {"identical turns": "5 of 6", "first difference": "turn 2"}


def test_what_differs_in_how_they_were_made_is_listed_and_nothing_else():
    left = talk()
    right = replace(left, seed=8, moderator=None, settings={**left.settings, "num_turns": 9})
    (table,) = [
        block for block in comparison_page(snb.compare(left, right), Limits()).blocks if isinstance(block, Table)
    ]
    assert {row[0]: row[1:] for row in table.rows} == {
        "seed": ("7", "8"),
        "num turns": ("6", "9"),
        "moderator": ("Mo", "none"),
    }


def test_the_same_one_twice_has_no_difference():
    page = comparison_page(snb.compare(talk(), talk()), Limits())
    assert dict(page.facts)["first difference"] == "none"
    assert not [block for block in page.blocks if isinstance(block, Table)]


def test_a_name_has_one_colour_on_both_sides():
    left, right = talk(names=("Ana", "Ben", "Cem")), talk(names=("Zoe", "Cem", "Ana"))
    (sides,) = [
        block for block in comparison_page(snb.compare(left, right), Limits()).blocks if isinstance(block, SideBySide)
    ]
    colours = {}
    for _, *both, _ in sides.rows:
        for entry in [*both[0], *both[1]]:
            colours.setdefault(entry.name, set()).add(entry.look)
    assert {len(found) for found in colours.values()} == {1}


def test_only_transcripts_can_be_compared():
    with pytest.raises(InvalidInputError, match="right is 3, but must be a Transcript"):
        snb.compare(talk(), 3)


def parts(left, right, limits=None):
    page = comparison_page(snb.compare(left, right), limits or Limits())
    (sides,) = [block for block in page.blocks if isinstance(block, SideBySide)]
    return page, [block for block in page.blocks if isinstance(block, Fold)], sides


def said(fold):
    (talk_,) = [block for block in fold.page.blocks if isinstance(block, Conversation)]
    return talk_.entries


def test_what_a_fork_shares_stands_once_and_then_both_go_on_beside_each_other():
    parent = talk(8)
    page, (fold,), sides = parts(parent, forked(parent))
    assert [entry.number for entry in said(fold)] == [0, 1, 2]
    assert fold.summary == "Shared history (turns 0–2), 3 messages"
    assert [turn for turn, *_ in sides.rows] == ["3", "4", "5", "6", "7"]
    assert [(left[0].text, right[0].text) for _, left, right, same in sides.rows if not same] == [
        (message.text, f"Or: {message.text}") for message in parent.comments[3:]
    ]
    assert dict(page.facts) == {
        "forked at": "turn 2",
        "identical turns after the fork": "1 of 5",
        "first difference": "turn 3",
    }


@pytest.mark.parametrize("turned", [False, True])
def test_it_is_said_which_is_the_fork_and_what_changed(turned):
    pair = talk(8), forked(talk(8))
    page, _, sides = parts(*(pair[::-1] if turned else pair))
    (table,) = [block for block in page.blocks if isinstance(block, Table)]
    heads, row = ("parent", "fork"), ("Mo", "none")
    assert sides.heads == (heads[::-1] if turned else heads)
    assert table.head == ("", *sides.heads)
    assert table.rows == (("moderator", *(row[::-1] if turned else row)),)
    assert page.blocks[0] is table


def test_two_forks_of_one_discussion_share_what_the_earlier_one_does():
    one, other = forked(talk(8), 2), replace(forked(talk(8), 4), id="00ce")
    page, (fold,), sides = parts(one, other)
    assert [entry.number for entry in said(fold)] == [0, 1]
    assert dict(page.facts)["forked at"] == "turn 1"
    assert sides.heads == ("left", "right")


def test_a_new_moderators_first_words_stand_in_the_turn_of_the_fork(users):
    parent = snb.Discussion([snb.LLMActor(snb.ScriptedModel("Well."), "Ana")], topic="Tax", num_turns=4, seed=1)
    parent.run()
    fork = parent.fork(2, moderator=snb.LLMActor(snb.ScriptedModel("Calm down."), "Mo"))
    _, _, sides = parts(parent.transcript, fork.run())
    turn, left, right, same = sides.rows[0]
    assert (turn, left, [entry.name for entry in right], same) == ("2", (), ["Mo"], False)


def test_one_that_has_not_gone_on_yet_has_an_empty_side():
    parent = talk(8)
    fork = forked(parent)
    _, (fold,), sides = parts(parent, replace(fork, comments=fork.comments[:3], silences=()))
    assert len(said(fold)) == 3
    assert [right for _, _, right, _ in sides.rows] == [()] * 5


def test_a_fork_with_another_opening_shares_nothing():
    parent = talk(8)
    _, folds, sides = parts(parent, replace(parent, parent=replace(forked(parent).parent, at=0, messages=0)))
    assert folds == []
    assert sides.rows[0][0] == "opening"


def test_of_a_long_history_the_end_is_shown_and_the_rest_said_to_be_missing():
    parent = talk(400)
    _, (fold,), sides = parts(parent, forked(parent, 300))
    gap, *entries = said(fold)
    assert isinstance(gap, Gap)
    assert [entry.number for entry in entries] == [*range(300 - len(entries), 300)]
    assert gap.text == f"{300 - len(entries)} of 300 messages not shown"
    assert sides.rows
    assert len(snb.compare(parent, forked(parent, 300))._repr_mimebundle_()["text/html"].encode()) < 300_000


@pytest.mark.parametrize(
    ("several", "remedy"),
    [
        ([talk(2)], r"Take one of the run: run\[0\]"),
        ({"none": talk(2)}, r"Take one of a condition's run: study\[condition\]\[0\]"),
    ],
)
def test_of_a_run_or_a_study_one_is_to_be_taken(several, remedy):
    with pytest.raises(InvalidInputError, match=f"must be a Transcript. {remedy}"):
        snb.compare(several, several)


def test_its_repr_names_both():
    left, right = talk(2), talk(3)
    assert repr(snb.compare(left, right)) == f"<Comparison of {left!r} and {right!r}>"
