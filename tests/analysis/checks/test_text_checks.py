import dataclasses

import pytest
from strategies import a_generation
from support.checked import TEXTS
from support.foreign import foreign_talk

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.text_checks import (
    copied_prompts,
    copies,
    empty_quotes,
    languages,
    silences,
    truncation,
)
from syndisco_nb.records import Message, Participant, Transcript


def talk(*texts, finish_reason="stop", model="m"):
    made = dataclasses.replace(a_generation(), finish_reason=finish_reason)
    messages = [
        Message(
            index, index, "Ana", text, model, "participant" if index else "opening", not text, made if index else None
        )
        for index, text in enumerate(texts)
    ]
    return Transcript(
        "id",
        0,
        1,
        texts[0],
        (Participant("Ana", "user", "m"),),
        comments=tuple(one for one in messages if not one.silent),
        silences=tuple(one for one in messages if one.silent),
    )


def of(*texts, **settings):
    return ConditionRecords((talk("Tax?", *texts, **settings),))


@pytest.mark.parametrize(("silent", "status"), [(0, "pass"), (4, "pass"), (5, "warn"), (11, "fail")])
def test_silences(silent, status):
    found = silences(of(*[""] * silent, *TEXTS[: 20 - silent]))
    assert (found.status, found.figure, found.n) == (status, silent / 20, 20)


@pytest.mark.parametrize("text", ['""', "“”", " '' ", "«»", "``"])
def test_quotes_without_a_word_are_no_comment(text):
    found = empty_quotes(of(text, "Well.", '"Yes."'))
    assert (found.status, found.figure, found.n) == ("fail", 1, 3)
    assert "hold no word" in found.explanation
    assert empty_quotes(of("Well.", "", "“No.”")).status == "pass"


def test_replies_that_were_cut_off():
    assert truncation(of(*TEXTS[:20])).status == "pass"
    assert truncation(of(*TEXTS[:20], finish_reason="length")).status == "fail"
    mixed = ConditionRecords((talk("Tax?", *TEXTS[:18]), talk("Tax?", *TEXTS[:2], finish_reason="length")))
    assert (truncation(mixed).status, truncation(mixed).figure) == ("warn", 0.1)


def test_copies_are_verbatim_but_for_capitals_and_spaces():
    texts = list(TEXTS[:18])
    assert copies(of(*texts, f" {texts[0].upper()}  ")).status == "warn"
    assert copies(of(*texts[:6], *texts[:4])).status == "fail"
    assert copies(of(*texts, texts[0] + "!")).status == "pass"


def test_the_opening_may_be_copied_too():
    found = copies(ConditionRecords((talk("Should buses be free for all?", *["Should buses be free for all?"] * 10),)))
    assert (found.status, found.figure) == ("fail", 1.0)
    assert "such as “Should buses" in found.explanation


def test_short_comments_may_come_again_unless_there_is_nothing_else():
    assert copies(of(*TEXTS[:16], "I agree.", "I agree.", "Why?", "Why?")).status == "pass"
    assert copies(of(*["I agree."] * 20)).status == "fail"


def test_copies_are_of_the_same_discussion():
    assert copies(ConditionRecords((talk("Tax?", *TEXTS[:10]), talk("Tax?", *TEXTS[:10])))).status == "pass"


def test_a_recited_prompt_is_found():
    opening = "Should the centre of the city be closed to all cars?"
    recited = f"Well. {opening} Yes."
    assert copied_prompts(ConditionRecords((talk(opening, *TEXTS[:10]),))).status == "pass"
    found = copied_prompts(ConditionRecords((talk(opening, *TEXTS[:5], *[recited] * 5),)))
    assert (found.status, found.figure) == ("fail", 0.5)
    assert copied_prompts(ConditionRecords((talk(opening, *TEXTS[:8], *[recited] * 2),))).status == "warn"


ENGLISH = "I think that buses should be free for everybody in the city."
GREEK = "Νομίζω ότι τα λεωφορεία πρέπει να είναι δωρεάν για όλους."
GERMAN = "Ich finde, dass Busse in der ganzen Stadt kostenlos sein sollten."


def test_comments_in_another_language_than_most_are_found():
    assert languages(of(*[ENGLISH] * 20)).status == "pass"
    assert languages(of(*[GREEK] * 20, "No.", "Well.")).n == 20
    mixed = languages(of(*[GREEK] * 17, GERMAN, ENGLISH))
    assert (mixed.status, mixed.figure) == ("warn", 2 / 19)
    assert "than most (el): de (1), en (1)" in mixed.explanation
    assert languages(of(*[ENGLISH] * 10, *[GERMAN] * 10)).status == "fail"


def test_short_comments_have_no_language():
    assert languages(of(*["No."] * 20)).status == "cannot tell"
    assert languages(ConditionRecords()) is None


def test_people_s_comments_are_no_subject_of_these_checks():
    people = ConditionRecords((foreign_talk(),))
    checks = (silences, empty_quotes, truncation, copies, copied_prompts, languages)
    assert {check(people) for check in checks} == {None}


def test_models_comments_of_another_tool_are_checked_without_their_generation():
    made = talk("Tax?", "''", "No.", "")
    bare, quiet = (tuple(dataclasses.replace(one, generation=None) for one in part) for part in (made, made.silences))
    records = ConditionRecords((dataclasses.replace(made, comments=bare, silences=quiet),))
    assert (empty_quotes(records).figure, empty_quotes(records).n) == (1, 2)
    assert silences(records).n == 3
    assert truncation(records) is None
