import pytest

from syndisco_nb.display.pages.generation_block import cut_off_mark, generation_block, recorded_prompt, sampling_text
from syndisco_nb.records import ChatMessage, Generation, Sampling


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
    assert cut_off_mark(cut) == mark
    assert dict(generation_block(cut).facts)["reply"] == mark


def test_notes_on_an_answer_and_settings_left_to_the_model_are_said_under_why():
    generation = Generation((), 7, Sampling(None, None, None, None, None), notes=("seed not sent", "no system role"))
    facts = dict(generation_block(generation).facts)
    assert facts["notes"] == "seed not sent; no system role"
    assert facts["sampling"] == "model defaults"
    partly = Sampling(temperature=0.5, top_p=None, top_k=None, repetition_penalty=None, max_tokens=None)
    assert sampling_text(partly) == "temperature 0.5"
    told = "top-p 0.9, repetition penalty 1.1, at most 80 tokens, cut replies end with a whole sentence"
    whole = Sampling(None, 0.9, None, 1.1, 80, "sentence")
    assert sampling_text(whole) == told
    assert "notes" not in dict(generation_block(Generation((), 7)).facts)


def test_the_time_names_the_others_of_the_batch():
    alone = dict(generation_block(Generation((), 7, seconds=2.0)).facts)
    assert alone["time"] == "2 s"
    together = dict(generation_block(Generation((), 7, seconds=2.0, batch_size=3)).facts)
    assert together["time"] == "2 s (batch of 3)"


def test_only_a_prompt_on_record_is_shown():
    sent = Generation((ChatMessage("user", "Why?"),), 7)
    assert recorded_prompt(sent, "why") == generation_block(sent, "why")
    assert recorded_prompt(Generation((), 0)) is recorded_prompt(None) is None
