"""A model's answer is a `Completion` with values that records can keep, or an error that names the field."""

import math

import numpy as np
import pytest

from syndisco_nb import ChatMessage, Completion, Request, Sampling
from syndisco_nb.backend.model.completion_check import checked_completion
from syndisco_nb.errors import ModelError

LABELS = ("yes", "no")


def checked(answer, labels=()):
    return checked_completion("m", Request((ChatMessage("user", "Hm?"),), seed=1, labels=labels), answer)


class Unprintable:
    def __repr__(self):
        raise ValueError("no")


NO_COMPLETION = [None, "Yes.", {"text": "Yes."}, b"Yes.", 3, ["Yes."], Unprintable(), "x" * 10**6]
ODD = [
    ({"text": None}, "text is None, but must be text"),
    ({"text": b"Yes."}, "text is b'Yes.', but must be text"),
    ({"reasoning": 3}, "reasoning is 3, but must be text"),
    ({"finish_reason": "eos"}, "finish_reason is 'eos', but must be one of: stop, length, passed, timeout"),
    ({"finish_reason": None}, "finish_reason is None"),
    ({"finish_reason": ["stop"]}, "finish_reason is ['stop'], but must be one of"),
    ({"finish_reason": np.array(["stop", "eos"])}, "finish_reason is array(["),
    ({"prompt_tokens": "many"}, "prompt_tokens is 'many', but must be a whole number of 0 or more"),
    ({"prompt_tokens": None}, "prompt_tokens is None"),
    ({"prompt_tokens": 2**63}, "prompt_tokens is 9223372036854775808, but must be a whole number of 0"),
    ({"completion_tokens": 10**5000}, "completion_tokens is an int, but must be a whole number"),
    ({"reasoning_tokens": 10**5000}, "reasoning_tokens is an int"),
    ({"batch_size": 10**30}, "batch_size is 1000000000000000000000000000000"),
    ({"completion_tokens": -1}, "completion_tokens is -1"),
    ({"completion_tokens": 2.5}, "completion_tokens is 2.5"),
    ({"reasoning_tokens": True}, "reasoning_tokens is True"),
    ({"batch_size": 0}, "batch_size is 0, but must be a whole number of 1 or more"),
    ({"seconds": math.nan}, "seconds is nan, but must be a number of 0 or more"),
    ({"seconds": math.inf}, "seconds is inf"),
    ({"seconds": -1.0}, "seconds is -1.0"),
    ({"seconds": 10**400}, "seconds is 1000"),
    ({"seconds": 10**5000}, "seconds is an int"),
    ({"seconds": "long"}, "seconds is 'long'"),
    ({"sampling": {"temperature": 1}}, "sampling is {'temperature': 1}, but must be a Sampling or None"),
    ({"notes": "n"}, "notes is 'n', but must be a tuple of texts"),
    ({"mass": math.nan}, "mass is nan, but must be a number from 0 to 1, or None"),
    ({"mass": 7}, "mass is 7"),
    ({"probabilities": [0.5, 0.5]}, "probabilities is [0.5, 0.5], but must map labels to numbers"),
    ({"probabilities": {"yes": 1.0}}, "with probabilities of 'yes', but the labels are: yes, no"),
    ({"probabilities": {"yes": math.nan, "no": 0.5}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": "1", "no": 0.5}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": 2.0, "no": -1.0}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": 60, "no": 40}}, "probabilities add up to 100, but must add up to 1"),
]


@pytest.mark.parametrize("answer", NO_COMPLETION, ids=lambda answer: type(answer).__name__)
def test_another_type_is_an_error_that_names_the_model(answer):
    with pytest.raises(
        ModelError, match=r"^The model 'm' returned .*, but complete\(\) must return a Completion"
    ) as caught:
        checked(answer)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(("given", "said"), ODD, ids=[said[:40] for _, said in ODD])
def test_a_field_that_no_record_can_keep_is_named(given, said):
    with pytest.raises(ModelError) as caught:
        checked(Completion(**{"text": "yes", **given}), LABELS)
    assert str(caught.value).startswith("The model 'm' returned a Completion ")
    assert said in str(caught.value)


def test_probabilities_that_nobody_asked_for_are_refused():
    with pytest.raises(ModelError, match="no labels were asked for"):
        checked(Completion("yes", probabilities={"yes": 1.0}))


def test_numpys_numbers_become_plain_ones():
    given = Completion("yes", "stop", None, np.int64(3), np.int32(2), np.float32(0.5), mass=np.float64(0.5))
    kept = checked(given)
    assert (type(kept.prompt_tokens), type(kept.completion_tokens), type(kept.seconds)) == (int, int, float)
    assert kept == given


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        (Completion("", "length", Sampling(), 3, 2, 0.5, 4, notes=("no seed",)), ()),
        (Completion("Yes.", "passed", reasoning="Hm.", reasoning_tokens=2), ()),
        (Completion("yes", seconds=0.5, probabilities={"yes": 0.75, "no": 0.25}, mass=0.9), LABELS),
        (Completion("yes", seconds=0.5, probabilities={"no": 0.2, "yes": 0.8005}, mass=1.0005), LABELS),
    ],
)
def test_a_sound_answer_passes_as_it_is(answer, labels):
    assert checked(answer, labels) == answer
