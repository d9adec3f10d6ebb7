import dataclasses

import pytest

from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.records import Sampling


@pytest.mark.parametrize(
    "good",
    [
        {"temperature": 0},
        {"top_p": 1},
        {"top_p": 0.01},
        {"top_k": 0},
        {"repetition_penalty": 0.5},
        {"max_tokens": 1},
    ],
)
def test_sampling_takes_the_whole_allowed_range(good):
    ((name, value),) = good.items()
    assert getattr(Sampling(**good), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "hot"),
        ("top_p", 0),
        ("top_p", 1.01),
        ("top_p", float("nan")),
        ("top_k", -1),
        ("top_k", 1.5),
        ("repetition_penalty", 0),
        ("repetition_penalty", float("inf")),
        ("max_tokens", 0),
        ("max_tokens", True),
        ("max_tokens", "many"),
    ],
)
def test_sampling_refuses_what_cannot_work_naming_it(name, value):
    with pytest.raises(InvalidInputError) as caught:
        Sampling(**{name: value})
    assert str(caught.value).startswith(f"{name} is {value!r}, but must be ")


def test_a_misspelt_setting_of_sampling_is_answered_with_the_right_one():
    with pytest.raises(
        UnknownArgumentError, match=r"^Sampling has no argument 'temprature'\. Did you mean 'temperature'"
    ):
        Sampling(temprature=1)
    assert dataclasses.replace(Sampling(0.5), top_k=3) == Sampling(temperature=0.5, top_k=3)
