"""What is made of a model's reply: names and quotes around it, silences, lines for others."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb import Discussion, HumanModel, LLMActor, ScriptedModel
from syndisco_nb.jobs.reply_cleaning import clean_reply, is_silence

OTHERS = ["Ben", "Mo", "Zoe", "İda"]
DRESSED = [
    "Ana: I agree.",
    "ANA : I agree.",
    "Ana：I agree.",
    "Ana (you): I agree.",
    "Ana:\n\nI agree.",
    "Ana: Ana: I agree.",
    "**Ana:** I agree.",
    "**Ana**: I agree.",
    "**Ana (you):** I agree.",
    "*Ana*: I agree.",
    "__Ana__: I agree.",
    "`Ana:` I agree.",
    "[Ana]: I agree.",
    "[Ana] I agree.",
    "**[Ana]:** I agree.",
    "# Ana\nI agree.",
    "## Ana: I agree.",
    "Ana\n\nI agree.",
    "**Ana**\nI agree.",
    "“Ana:” I agree.",
    '"Ana": "I agree."',
    '"Ana: I agree."',
    'Ana: "I agree."',
    "“I agree.”",
    "‘I agree.’",
    "«I agree.»",
    "„I agree.“",
    "「I agree.」",
    "'I agree.'",
    "`I agree.`",
    '"""I agree."""',
    '\\"I agree.\\"',
    "```\nI agree.\n```",
    "```text\nAna: I agree.\n```",
    "I agree.\n```",
    "\u200b Ana: I agree.\ufeff",
    "Ana\u200b: I agree.",
    "An\u2060a\xa0: I agree.",
    "Ana:\xa0\u200bI agree.",
    "**Ana\u200b:** I agree.",
    "> Ana: I agree.",
    ">**Ana:** I agree.",
    "- Ana: I agree.",
    "<b>Ana:</b> I agree.",
    "<strong>Ana</strong>: I agree.",
    '"I agree.',
    "“I agree.",
    "**I agree.",
    '"Ana: I agree.',
    'Ana: "I agree.',
    "**Ana: I agree.",
]
KEPT = [
    "Ana, I agree.",
    "Anabel: I agree.",
    "Ana",
    "*Ana: I agree",
    'She said ""',
    '"Yes" and "no"',
    "'Tis so",
    "```\na\n```\nand\n```\nb\n```",
    "It is 3:15. Ana: a name.",
    "a\n\nb",
    "- Ana: I agree.\n- Ben, too.",
    "> Ana: I agree.\nI said so.",
    "> I agree.",
    "“Yes” is my answer",
    '“Yes" is my answer',
    '"Yes” is my answer',
    "**Yes** is my answer",
]
SILENT = [
    *("", " \n\t ", '""', "''", "“”", "«»", '\\"\\"', "``", '""\n```', "```\n```", "```text\n```", "__", "()"),
    *(
        "\u200b",
        "\ufeff \u2060",
        "\u3164",
        '"\u200b"',
        "…",
        "...",
        '"…"',
        ".",
        "-",
        "—",
        "Ana:",
        'Ana: ""',
        "**Ana:** …",
    ),
    *("(silence)", "[silence]", "*silence*", "**(Silence.)**", "<silence>", "(says nothing)", "(no response)"),
    *("(does not respond)", "(Ana doesn’t reply.)", "[no reply needed]", "*silence falls*", "[silence] [silence]"),
    *("*Ana says nothing.*", "(Ana remains silent)", '"[no reply]"', "_(stays silent…)_"),
]
SAID = [
    "No.",
    "?",
    "!",
    "1",
    "0",
    "+1",
    "👍",
    ":)",
    "<3",
    "Silence!",
    "Nothing.",
    "No comment.",
    "*nods*",
    "(no)",
    "ok…",
    "None",
    "null",
    "N/A",
    "[silence] Well…",
]


@pytest.mark.parametrize("reply", DRESSED)
def test_names_and_quotes_around_a_reply_are_taken_off(reply):
    assert clean_reply(reply, "Ana", OTHERS) == ("I agree.", ())


@pytest.mark.parametrize("reply", KEPT)
def test_what_belongs_to_the_comment_stays(reply):
    assert clean_reply(reply, "Ana", OTHERS) == (reply, ())


def test_a_line_that_is_bold_stays_bold():
    assert clean_reply("**Ana: I agree.**", "Ana").text == "**I agree.**"
    assert clean_reply("Ana: **I** agree.", "Ana").text == "**I** agree."
    assert clean_reply("Ana:**I** agree.", "Ana").text == "**I** agree."


@pytest.mark.parametrize("name", ["É. Roy", "E\u0301. Roy", "É.\u200b Roy"])
def test_a_name_is_known_in_each_form_of_its_letters(name):
    for reply in ("É. Roy: Yes.", "E\u0301. Roy: Yes.", "E\u0301.\u200b Roy\u200b: Yes."):
        assert clean_reply(reply, name).text == "Yes."
        assert clean_reply(f"Hm.\n{reply}", "Ana", [name]).speaks_for == (name,)


def test_a_name_may_be_written_like_a_pattern():
    assert clean_reply("A.* (x|y)+: Yes.", "A.* (x|y)+").text == "Yes."
    assert clean_reply("Axx: Yes.", "A.*").text == "Axx: Yes."


@pytest.mark.parametrize("reply", SILENT)
def test_a_reply_that_says_nothing_is_a_silence(reply):
    assert clean_reply(reply, "Ana", OTHERS) == ("", ())


@pytest.mark.parametrize("reply", SAID)
def test_a_short_comment_is_none(reply):
    assert clean_reply(reply, "Ana", OTHERS) == (reply, ())
    assert not is_silence(reply)


@pytest.mark.parametrize(
    ("reply", "text", "speaks_for"),
    [
        ("Ana: Yes.\n\nBen: No!\n\nAna: Why?", "Yes.\n\nBen: No!\n\nAna: Why?", ("Ben",)),
        ("I agree.\n**Ben:** No!\n[Mo]: Stop.\nBEN: Yes!", None, ("Ben", "Mo", "Ben")),
        ("Ben: No!", None, ("Ben",)),
        ("## Zoe\nNo!", None, ("Zoe",)),
        ("İda: no\nida: no", None, ("İda", "ida")),
        ("> Ben: No!\nI agree. Ben: so do I.", None, ()),
        ("Benedict: No!", None, ()),
        ("Ana: Yes.\nAna: Indeed.", "Yes.\nIndeed.", ()),
    ],
)
def test_lines_for_others_stay_and_are_counted(reply, text, speaks_for):
    assert clean_reply(reply, "Ana", OTHERS) == (reply if text is None else text, speaks_for)


PIECES = st.lists(
    st.sampled_from([*"*_[]()#\"'`“”\\:…-. \n\u200b", "Ana", "ben", "```", "silence", "Ana:"]), max_size=12
)


@given(st.one_of(st.text(max_size=60), PIECES.map("".join)))
def test_any_reply_is_a_comment_or_a_silence(reply):
    text, speaks_for = clean_reply(reply, "Ana", OTHERS)
    assert text == text.strip()
    assert not is_silence(text, "Ana") or not text
    assert text or not speaks_for


def test_a_discussion_knows_whom_a_comment_speaks_for():
    reply = "Yes.\nBen: No!\nMo: Calm down.\nZoe: Hm.\nPat: Hm.\nEve: Hm."
    ana, ben, mo = (LLMActor(ScriptedModel(reply), name) for name in ("Ana", "Ben", "Mo"))
    topic = [{"name": "Zoe", "text": "Tax?"}, "Toll?"]
    discussion = Discussion([ana, ben], mo, topic, opener="Ben", num_turns=1, seed=1)
    discussion.step()
    discussion.step()
    discussion.inject("One moment.", "Pat")
    said_by = {message.name: message for message in discussion.run().comments if message.generation}
    assert said_by["Ana"].speaks_for == ("Ben", "Mo", "Zoe", "Pat")
    assert said_by["Mo"].speaks_for == ("Ben", "Zoe", "Pat")
    assert said_by["Ana"].text == reply
    frame = discussion.transcript.to_dataframe()
    assert list(frame["speaks_for"]) == ["", "", "", "Ben, Mo, Zoe, Pat", "Ben, Zoe, Pat"]


def test_people_mean_what_they_type():
    person = HumanModel("Dana")
    talk = Discussion([LLMActor(person, "Dana")], topic="Tax?", num_turns=2, seed=1)

    async def answer():
        going = asyncio.ensure_future(talk.arun())
        for text in ("…", 'Ben: "No."'):
            await person.asked()
            person.answer(text)
        return await going

    texts = [message.text for message in asyncio.run(answer()).comments[1:]]
    assert texts == ["…", 'Ben: "No."']
