from dataclasses import replace

import pytest
from strategies import a_transcript

from examples import forked, talk
from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.display.page import Conversation, Gap, Note, Speakers
from syndisco_nb.display.pages.phrases import cut_off, sampling_text, why
from syndisco_nb.display.pages.transcript_pages import lane, make_entry, manager_text, transcript_page
from syndisco_nb.records import Generation, Sampling


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
    assert all(entry.why for entry in entries[1:])
    assert not [block for block in page.blocks if isinstance(block, Note)]


def test_where_there_is_no_room_prompts_go_first_and_it_is_said():
    page = transcript_page(talk(150), Limits(max_bytes=200_000))
    entries = part(page, Conversation).entries
    assert len(entries) == 150
    explained = [entry.why is not None for entry in entries]
    assert explained[1]
    assert not explained[-1]
    missing = sum(not one for one in explained[1:])
    assert part(page, Note).text.startswith(f"The prompts behind {missing} comments are not shown here")


def test_a_prompt_is_the_one_that_was_sent():
    transcript = a_transcript()
    entry = part(transcript_page(replace(transcript, parent=None), Limits()), Conversation).entries[2]
    generation = transcript.comments[1].generation
    assert entry.why.messages == generation.prompt
    assert entry.why.raw == generation.raw
    assert dict(entry.why.facts)["seed"] == "7"


def test_a_reply_that_was_cut_off_is_marked_and_no_other():
    cut = [entry.cut for entry in part(transcript_page(talk(6), Limits()), Conversation).entries]
    assert cut == ["", "", "cut off at 40 tokens", "", "", ""]


@pytest.mark.parametrize(
    ("raw", "trim", "mark"),
    [
        ("I agree. It is", "sentence", "cut off at 60 tokens, ended after its last whole sentence"),
        ("Ana: I agree. It is", "sentence", "cut off at 60 tokens, ended after its last whole sentence"),
        ("Ana: I agree that it", "sentence", "cut off at 60 tokens"),
        ("Ana: I agree. It is", None, "cut off at 60 tokens"),
        (None, "sentence", "cut off at 60 tokens"),
    ],
)
def test_a_comment_that_was_trimmed_says_so(raw, trim, mark):
    cut = Generation((), 1, Sampling(max_tokens=60, trim=trim), finish_reason="length", raw=raw)
    assert cut_off(cut) == mark
    assert dict(why(cut).facts)["ended"] == mark


def test_a_comment_that_writes_lines_for_others_is_marked():
    transcript = talk(6)
    comments = list(transcript.comments)
    comments[2] = replace(comments[2], speaks_for=("Ben", "<b>", "Ben"))
    shown = replace(transcript, comments=tuple(comments))._repr_mimebundle_()
    for text in shown.values():
        assert text.count("also writes lines for Ben, ") == 1
    assert "also writes lines for Ben, &lt;b&gt;" in shown["text/html"]


def test_the_strip_shows_who_spoke_when_and_who_was_silent():
    people = part(transcript_page(talk(6), Limits()), Speakers).people
    assert {one.name: one.lane for one in people} == {
        "Ana": (1, 0, 0, 1, 0, 0),
        "Ben": (0, 1, 0, 0, 0, 0),
        "Cem": (0, 0, 1, 0, 0, None),
        "Mo": (0, 0, 0, 0, 1, 0),
    }
    assert [one.said for one in people] == ["2 comments", "1 comment", "1 comment, 1 silent", "1 comment"]


@pytest.mark.parametrize("length", [1, 7, 40, 41, 1000])
def test_a_strip_of_any_length_keeps_to_its_columns(length):
    assert len(lane([True] * length, 40)) == min(length, 40)
    assert set(lane([True] * length, 40)) == {1.0}
    assert set(lane([False] * length, 40)) == {0.0}
    assert sum(map(bool, lane([n == length // 2 for n in range(length)], 40))) == 1
    quiet = [None if n == length // 2 else False for n in range(length)]
    assert lane(quiet, 40).count(None) == 1
    assert None not in lane([True, *quiet, True][:2] * 40, 40)


def test_who_was_only_ever_silent_is_no_moderator():
    transcript = replace(talk(6, names=("Ana", "Ben", "Dia")), users=(), comments=talk(6).comments[:1], moderator=None)
    assert {one.name: one.role for one in part(transcript_page(transcript, Limits()), Speakers).people} == {
        "Ana": "participant",
        "Dia": "participant",
    }


def test_everyone_who_spoke_is_listed_even_if_the_record_forgot_them():
    transcript = replace(talk(6), users=(), moderator=None)
    assert [one.name for one in part(transcript_page(transcript, Limits()), Speakers).people] == [
        "Ana",
        "Ben",
        "Cem",
        "Mo",
    ]


def test_a_text_too_long_says_where_the_rest_is():
    message = talk(6, "x" * 5000).comments[1]
    entry = make_entry(message, 0, Limits(max_text=100), "comments[1]")
    assert entry.text == f"{'x' * 100} … (14,900 characters more in comments[1].text)"


def test_a_turn_manager_is_written_as_in_python():
    settings = {"type": "Hosted", "rule": 3, "host": None, "then": {"type": "RespondWithProbability", "p": 0.6}}
    assert manager_text(settings) == "Hosted(rule=3, then=RespondWithProbability(p=0.6))"
    assert manager_text({"type": "RoundRobin"}) == "RoundRobin"


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
    shown = part(transcript_page(transcript, Limits()), Conversation).entries[1].why
    assert shown.sent[-1] == ("reasoning, 4 tokens", "Bikes, then.")
    assert dict(shown.facts)["notes"] == "Labelled without thinking."
    pages = [transcript.to_markdown(), *(thing._repr_mimebundle_()["text/html"] for thing in (transcript, message))]
    for page in pages:
        assert page.count("Bikes, then.") == 1
        assert page.index("reasoning, 4 tokens") < page.index("Bikes, then.")
    assert "Bikes, then." not in str(transcript)


def test_notes_on_an_answer_and_settings_left_to_the_model_are_said_under_why():
    generation = Generation((), 7, Sampling(None, None, None, None, None), notes=("seed not sent", "no system role"))
    facts = dict(why(generation).facts)
    assert facts["notes"] == "seed not sent; no system role"
    assert facts["sampling"] == "the model's own defaults"
    partly = Sampling(temperature=0.5, top_p=None, top_k=None, repetition_penalty=None, max_tokens=None)
    assert sampling_text(partly) == "temperature 0.5"
    assert "notes" not in dict(why(Generation((), 7)).facts)
