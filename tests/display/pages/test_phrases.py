from dataclasses import replace

from examples import talk
from syndisco_nb.display.pages.phrases import (
    choose_one_hint,
    metadata,
    numbered_name,
    participant_lines,
    reply_mark,
    setting_pairs,
    speaks_for_mark,
    split_facts,
    window_text,
)


def test_settings_are_names_and_values_without_what_is_empty():
    assert setting_pairs({"a": [1, 2], "b": "", "c": 0, 3: {}}) == (("a", "1, 2"), ("c", "0"))


def test_lines_without_a_short_name_stand_under_their_number():
    lines = ["age: 41", "A forum.", f"{'x' * 41}: y", "url: http://a: b"]
    assert split_facts(lines) == (("age", "41"), ("2", "A forum."), ("3", f"{'x' * 41}: y"), ("url", "http://a: b"))


def test_a_window_says_whether_moderators_count():
    assert window_text(1, "participants") == "1 comment"
    assert window_text(3, "all") == "3 comments, including moderators'"


def test_a_number_stands_after_its_name_in_every_script():
    assert numbered_name("Ana", 1200) == "Ana 1,200"
    assert numbered_name("مريم", 3) == "\u200eمريم\u200e 3"
    assert numbered_name("x" * 99, 3) == f"{'x' * 39}… 3"


def test_names_that_a_comment_speaks_for_are_named_once_and_not_all():
    message = replace(talk(3).comments[1], speaks_for=("Ben", "Ben", "Cem", "Dia", "Eva"))
    assert speaks_for_mark(message) == "also writes lines for Ben, Cem, Dia and 1 more"
    assert speaks_for_mark(talk(3).comments[1]) == ""


def test_only_several_discussions_have_a_hint_how_to_choose_one():
    assert choose_one_hint([talk(2)]) == " Take one of the run: run[0]."
    assert "study[condition][0]" in choose_one_hint({"a": [talk(2)]})
    assert [choose_one_hint(thing) for thing in ("text", 3, None)] == ["", "", ""]


def test_what_a_participant_was_told_has_no_empty_lines():
    ana = replace(talk(3).users[0], context="")
    assert participant_lines(ana) == ("Age: 3", "Be brief.", "Model: m")


def test_a_reply_names_the_comment_that_it_answers():
    comment = replace(talk(3).comments[2], reply_to=1)
    assert reply_mark(comment) == "reply to comment 1"
    assert reply_mark(comment, talk(3).comments[1]) == "reply to Ben, turn 1"
    assert reply_mark(talk(3).comments[1]) == ""


def test_facts_of_other_tools_are_bounded():
    assert metadata(None) == ()
    assert metadata({"a": {"b": [1, 2]}, "c": None}) == (("a", "b 1, 2"),)
    shown = metadata({"x" * 100 + str(number): "y" * 1_000 for number in range(20)})
    assert len(shown) == 13
    assert shown[-1] == ("…", "8 more in .meta")
    assert max(len(text) for pair in shown for text in pair) <= 200
