"""Requests and completions: the likeliest of labels, and the record of how a text was generated."""

from syndisco_nb.backend.model.request import (
    Completion,
    Draft,
    Request,
    Situation,
    generation_record,
    scored_completion,
)
from syndisco_nb.records import ChatMessage, Participant, Sampling

REQUEST = Request((ChatMessage("user", "Tea?"),), seed=3)


def test_the_likeliest_label_is_the_answer():
    answer = scored_completion(["a", "b"], [0.25, 0.75], mass=0.5, prompt_tokens=9, seconds=0.1, batch_size=2)
    assert answer == Completion(
        "b", prompt_tokens=9, seconds=0.1, batch_size=2, probabilities={"a": 0.25, "b": 0.75}, mass=0.5
    )


def test_the_models_own_words_are_recorded_where_the_text_differs():
    completion = Completion("Ana: Yes.", "length", Sampling(), 3, 2, 0.5, 4, reasoning="Hm.", notes=("n",))
    record = generation_record(REQUEST, completion, "Yes.")
    assert (record.raw, record.prompt, record.seed, record.sampling) == ("Ana: Yes.", REQUEST.messages, 3, Sampling())
    assert (record.finish_reason, record.prompt_tokens, record.completion_tokens) == ("length", 3, 2)
    assert (record.seconds, record.batch_size, record.reasoning, record.notes) == (0.5, 4, "Hm.", ("n",))
    assert generation_record(REQUEST, completion, completion.text).raw is None


def test_half_a_character_is_replaced():
    answer = Completion("a\ud800b", reasoning="\udfff", notes=("no \ud800 seed", "é"))
    assert (answer.text, answer.reasoning, answer.notes) == ("a\ufffdb", "\ufffd", ("no \ufffd seed", "é"))


def test_the_discussion_a_request_comes_from_does_not_count_in_comparisons():
    ana = Participant("Ana", "user", "small")
    assert Request(REQUEST.messages, 3, situation=Situation(ana, 0, 1, ())) == REQUEST
    assert Situation(ana, 0, 1, (), draft=Draft()) == Situation(ana, 0, 1, (), draft=Draft())


def test_a_draft_shows_the_text_so_far():
    assert not Draft(is_wanted=False).is_wanted
    draft = Draft()
    assert (draft.read(), repr(draft)) == ("", "<Draft: ''>")
    draft.read = lambda: "I think" * 20
    assert repr(draft) == f"<Draft: {('I think' * 20)[:60]!r}>"
