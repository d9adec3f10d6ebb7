from dataclasses import replace

import pytest
from strategies import a_transcript
from support.foreign import foreign_talk

from examples import forked, talk
from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.display.page import Conversation, Facts, Gap, Note
from syndisco_nb.display.pages.transcript_page import transcript_page


def part(page, kind):
    (found,) = [block for block in page.blocks if isinstance(block, kind)]
    return found


def test_a_long_one_shows_its_beginning_and_its_end_and_says_what_is_missing():
    entries = part(transcript_page(talk(500), Limits()), Conversation).entries
    (gap,) = [place for place, entry in enumerate(entries) if isinstance(entry, Gap)]
    numbers = [entry.number for entry in entries if not isinstance(entry, Gap)]
    assert len(numbers) + int(entries[gap].text.split()[0]) == 500
    assert numbers == [*range(gap), *range(500 - len(numbers) + gap, 500)]
    assert gap > len(numbers) / 2


def test_a_file_holds_every_message_and_every_prompt():
    page = transcript_page(talk(500), EVERYTHING)
    entries = part(page, Conversation).entries
    assert [entry.number for entry in entries] == list(range(500))
    assert all(entry.prompt for entry in entries[1:])
    assert not [block for block in page.blocks if isinstance(block, Note)]


def test_where_there_is_no_room_prompts_go_first_and_it_is_said():
    page = transcript_page(talk(150), Limits(max_bytes=200_000))
    entries = part(page, Conversation).entries
    assert len(entries) == 150
    explained = [entry.prompt is not None for entry in entries]
    assert explained[1]
    assert not explained[-1]
    missing = sum(not one for one in explained[1:])
    assert part(page, Note).text.startswith(f"The prompts behind {missing} comments are not shown here")


def test_a_prompt_is_the_one_that_was_sent():
    transcript = a_transcript()
    entry = part(transcript_page(replace(transcript, parent=None), Limits()), Conversation).entries[2]
    generation = transcript.comments[1].generation
    assert entry.prompt.messages == generation.prompt
    assert entry.prompt.raw == generation.raw
    assert dict(entry.prompt.facts)["seed"] == "7"


def test_a_reply_that_was_cut_off_is_marked_and_no_other():
    cut = [entry.cut for entry in part(transcript_page(talk(6), Limits()), Conversation).entries]
    assert cut == ["", "", "cut off at 40 tokens", "", "", ""]


def test_a_comment_that_writes_lines_for_others_is_marked():
    transcript = talk(6)
    comments = list(transcript.comments)
    comments[2] = replace(comments[2], speaks_for=("Ben", "<b>", "Ben"))
    shown = replace(transcript, comments=tuple(comments))._repr_mimebundle_()
    for text in shown.values():
        assert text.count("also writes lines for Ben, ") == 1
    assert "also writes lines for Ben, &lt;b&gt;" in shown["text/html"]


def test_a_fork_says_what_it_is_a_fork_of_and_where_it_begins():
    fork = forked(talk(8))
    page = transcript_page(fork, Limits())
    assert page.blocks[0] == Note("Forked from 00ab at turn 2: moderator Mo → none")
    entries = part(page, Conversation).entries
    assert [place for place, entry in enumerate(entries) if isinstance(entry, Gap)] == [3]
    assert not [
        entry for entry in part(transcript_page(talk(8), Limits()), Conversation).entries if isinstance(entry, Gap)
    ]


def test_thoughts_are_folded_under_why_with_their_number_of_tokens_and_what_was_not_done_as_asked():
    transcript = talk(3)
    generation = replace(
        transcript.comments[1].generation,
        reasoning="Bikes, then.",
        reasoning_tokens=4,
        notes=("Labelled without thinking.",),
    )
    message = replace(transcript.comments[1], generation=generation)
    transcript = replace(transcript, comments=(transcript.comments[0], message))
    shown = part(transcript_page(transcript, Limits()), Conversation).entries[1].prompt
    assert shown.texts[-1] == ("reasoning, 4 tokens", "Bikes, then.")
    assert dict(shown.facts)["notes"] == "Labelled without thinking."
    pages = [transcript.to_markdown(), *(thing._repr_mimebundle_()["text/html"] for thing in (transcript, message))]
    for page in pages:
        assert page.count("Bikes, then.") == 1
        assert page.index("reasoning, 4 tokens") < page.index("Bikes, then.")
    assert "Bikes, then." not in str(transcript)


def test_a_discussion_of_another_tool_has_its_name_its_facts_and_its_replies():
    page = transcript_page(foreign_talk(2), Limits())
    assert (page.kind, page.title) == ("Discussion 2", "thread 2: é")
    assert transcript_page(replace(foreign_talk(2), topic="Cars"), Limits()).kind == "Discussion 2 · thread 2: é"
    assert part(page, Facts).pairs == (("forum", "transport"), ("stars", "2"))
    entries = part(page, Conversation).entries
    assert [entry.reply for entry in entries[:3]] == ["", "reply to Ana, turn 1", "reply to Ben, turn 2"]
    assert not any(entry.prompt for entry in entries)


def test_its_facts_are_those_of_the_talk_and_those_of_its_making():
    page = transcript_page(replace(talk(7), settings=talk(7).settings | {"num_turns": 6}), Limits())
    talked = (("turns", "6"), ("comments", "6"), ("silent turns", "1"), ("cut off", "1"), ("status", "finished"))
    assert page.facts == talked
    made = {"model": "m", "turn-taking": "previous speaker replies 50%", "seed": "7", "tokens": "2,040", "time": "15 s"}
    assert dict(page.origin) == made


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"ended": "2 silences in a row"}, ("ended after", "2 silences in a row")),
        ({"ended": "unfinished after turn 6 of 9"}, ("status", "unfinished after turn 6 of 9")),
        ({"settings": {"num_turns": 9}}, None),  # it goes on
        ({"settings": {}}, None),  # of another tool
    ],
)
def test_its_end_is_told_as_far_as_it_is_known(changes, end):
    facts = transcript_page(replace(talk(7), **changes), Limits()).facts
    assert facts[4:] == (() if end is None else (end,))
