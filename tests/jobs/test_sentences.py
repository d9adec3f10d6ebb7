"""Replies that were cut off end with their last whole sentence, if that was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.recording_model import RecordingModel

from syndisco_nb import Discussion, LLMActor, ScriptedModel
from syndisco_nb.backend.model.request import Completion
from syndisco_nb.jobs.sentences import whole_sentences
from syndisco_nb.records import Sampling

REPLY = "Ana: I agree. It costs 3.5 euros, e.g. for"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("I agree. It is", "I agree."),
        ("I agree! Is it? It", "I agree! Is it?"),
        ("He said “Why?” And", "He said “Why?”"),
        ("I agree (really). But", "I agree (really)."),
        ("**I agree.** But", "**I agree.**"),
        ("Hm… so", "Hm…"),
        ("I agree.\n\nIt is", "I agree."),
        ("好的。但是", "好的。"),
        ("I agree. It costs 3.5 euros", "I agree."),
        ("I agree. Some do, e.g. Dr. Who, J. Doe and the U.S. army vs. others", "I agree."),
        ("I agree.\n1. Cost\n2. Noi", "I agree.\n1. Cost\n"),
        ("Reasons:\n- cost\n- noi", "Reasons:\n- cost\n"),
        ("I agree. My answer is no. And then we", "I agree. My answer is no."),
        ("I agree. See no. 3, vol. 2, pp. 4 and fig. 5 of", "I agree."),
        ("I agree. So do I. And", "I agree. So do I."),
        ("I agree. So do I. Taxes are", "I agree. So do I."),
        ("Taxes rose by 5. And", "Taxes rose by 5."),
        ("Costs rose to 3.5. But 4", "Costs rose to 3.5."),
        ("I agree. Use option B. And", "I agree. Use option B."),
        ("I agree. Use **option B.** The", "I agree. Use **option B.**"),
        ("I agree. So say J. Smith, John F. Kennedy and J. A. Smith of", "I agree."),
        ("I agree. Some, z. B. Bonn, or e. g. a", "I agree."),
        ("I agree. Ask Dr. Smith of the U.S. Army, e.g. on", "I agree."),
        ("I agree.\n5. And", "I agree."),
        ("See example.com for", "See example.com for"),
        ("no end", "no end"),
        ("The end.", "The end."),
        ("", ""),
    ],
)
def test_a_text_ends_with_its_last_whole_sentence(text, whole):
    assert whole_sentences(text) == whole


@given(st.one_of(st.text(max_size=80), st.text('ab .!?…\n-*1"”)。egBI', max_size=80)))
def test_it_is_a_beginning_and_final(text):
    whole = whole_sentences(text)
    assert text.startswith(whole)
    assert whole_sentences(whole) == whole
    assert bool(whole) == bool(text)


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize(
    ("finish_reason", "trim", "text"),
    [
        ("length", "sentence", "I agree."),
        ("length", None, REPLY.removeprefix("Ana: ")),
        ("stop", "sentence", REPLY.removeprefix("Ana: ")),
    ],
)
def test_only_a_reply_that_was_cut_off_is_trimmed_and_only_if_asked(finish_reason, trim, text, recorded):
    model = RecordingModel(lambda _: Completion(REPLY, finish_reason, model.sampling if recorded else None))
    model.sampling = Sampling(trim=trim)
    ana = LLMActor(model, "Ana")
    comment = Discussion([ana], topic="Tax?", num_turns=1).run().comments[-1]
    assert (comment.text, comment.generation.raw, comment.generation.finish_reason) == (text, REPLY, finish_reason)
    assert comment.generation.sampling == Sampling(trim=trim)  # what decided it is on record


def test_a_scripted_model_has_nothing_to_trim():
    ana = LLMActor(ScriptedModel("I agree. It is"), "Ana")
    assert Discussion([ana], topic="Tax?", num_turns=1).run().comments[-1].text == "I agree. It is"
