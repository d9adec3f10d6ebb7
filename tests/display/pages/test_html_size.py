"""The bounds must hold: the markup that a writer makes is never larger than the estimate."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import PAYLOADS, SCALES, labels_of, talk
from syndisco_nb.display.colours import Look
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Conversation, Page, Speakers, Trajectory
from syndisco_nb.display.pages.generation_block import generation_block
from syndisco_nb.display.pages.html_size import (
    STRETCHES,
    message_size,
    page_size,
    prompt_size,
    text_size,
    trajectory_size,
)
from syndisco_nb.display.pages.label_blocks import make_ratings
from syndisco_nb.display.pages.message_pages import make_entry, metadata_block
from syndisco_nb.display.pages.speakers_block import speaker_looks, speakers_block
from syndisco_nb.display.pages.trajectory_block import make_trajectory
from syndisco_nb.display.writers.html_conversation import conversation_list
from syndisco_nb.display.writers.html_elements import prompt_messages
from syndisco_nb.display.writers.html_speakers import speakers_list
from syndisco_nb.display.writers.html_trajectory import trajectory_columns
from syndisco_nb.display.writers.html_writer import html_output
from syndisco_nb.display.writers.safe_html import escape

TEXTS = ["Ana", "<&\"'>" * 300, "字" * 300, *PAYLOADS[::40]]


def size(markup):
    return len(markup.encode())


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Cf"])))
def test_a_text_is_no_longer_than_its_estimate(text):
    assert size(escape(text)) <= text_size(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_with_labels_is_no_larger_than_its_estimate(text):
    transcript = talk(3, text)
    ratings = make_ratings([labels_of(transcript, name, [1]) for name in ("a", "b")])[1]
    message = replace(transcript.comments[1], name=text[:200], speaks_for=(text[:80],), reply_to=0)
    entry = make_entry(message, Look(0), Limits(), "", ratings, answered=message)
    once, twice = (size(conversation_list(Conversation("", (entry,) * times))) for times in (1, 2))
    written = twice - once  # the line with the names of the annotators stands there once
    assert written <= message_size(message, ratings, Limits())


@pytest.mark.parametrize("names", [("Ana", "Ben"), ("字" * 60, "<" * 60)])
@pytest.mark.parametrize("length", [4, 90, 300])
def test_the_course_of_a_scale_is_no_larger_than_its_estimate(names, length):
    transcript = talk(length, names=names)
    sets = [labels_of(transcript, name, [1, 4, 5, 2]) for name in ("a", "b")]
    for scale in (SCALES[0], {**SCALES[0], "labels": ["1", "2", "4", "5", "x"]}):
        course = make_trajectory(scale, transcript, sets, STRETCHES, Limits().max_messages)
        fixed = size(trajectory_columns(Trajectory("", (), (), course.legend, course.axis, course.categories)))
        assert size(trajectory_columns(course)) - fixed <= trajectory_size(transcript, Limits())


@pytest.mark.parametrize("text", TEXTS)
def test_a_prompt_is_no_larger_than_its_estimate(text):
    prompt = generation_block(talk(3, text).comments[1].generation)
    assert size(prompt_messages(prompt)) <= prompt_size(prompt)
    assert prompt_size(None) == 0


@pytest.mark.parametrize("text", TEXTS)
def test_speakers_are_no_larger_than_their_estimate(text):
    transcript = talk(200, names=(text[:200], "Ben", "Cem"))
    speakers = speakers_block(transcript, speaker_looks(transcript), Limits())
    assert size(speakers_list(speakers)) <= page_size(speakers) - 3_000


def test_facts_of_other_tools_are_no_larger_than_their_estimate():
    recorded = metadata_block({f"{number}{text}": text for number, text in enumerate(TEXTS)})
    nobody = Speakers("", ())
    made, without = (html_output(Page("", "", (), tuple(blocks))) for blocks in (recorded, []))
    assert size(made) - size(without) <= page_size(nobody, recorded) - page_size(nobody)


def test_notes_count_as_they_may_be_long():
    generation = talk(3).comments[1].generation
    without = prompt_size(generation_block(generation))
    assert prompt_size(generation_block(replace(generation, notes=("x" * 5_000,)))) >= without + 5_000
