"""The form of any pydantic data."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field
from support.forms import typed

from syndisco_nb.builder.fields import Number
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms import form_of


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(default="", description="What is said")


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: Number = Field(default=3, description="How many")
    share: float | None = Field(default=None, description="Which part")
    flag: bool = Field(default=False, description="Whether")
    kind: Literal["a", "b"] = Field(default="a", description="Which")
    names: tuple[str, ...] = Field(default=(), description="Who")
    inner: Inner | None = Field(default=None, description="What is in it")
    many: tuple[Inner, ...] = Field(default=(), description="Several")
    named: dict[str, Annotated[int, Field(ge=0)]] = Field(default={}, description="By name")
    odd: dict[str, dict[str, Any]] = Field(default={}, description="Anything")
    points: tuple[tuple[int, int], ...] = Field(default=(), description="No form knows this")


def test_the_defaults_are_what_an_empty_form_makes():
    assert form_of(Data).value == Data()


def test_what_is_typed_is_read_by_the_datas_own_rules():
    form = form_of(Data)
    for name, text in {"number": "7", "share": "0.5", "flag": "yes", "kind": "b", "names": "Ana\n\n Ben "}.items():
        typed(form[name], text)
    typed(form["points"], "[[1, 2], [3, 4]]")
    form["inner.text"].value = "x"
    form["many"].add()["text"].value = "y"
    form["named"].add(4, "n")
    value = form.value
    assert value == Data(
        number=7, share=0.5, flag=True, kind="b", names=("Ana", "Ben"), inner={"text": "x"}, many=[{"text": "y"}],
        named={"n": 4}, points=((1, 2), (3, 4)),
    )  # fmt: skip


def test_all_that_is_wrong_is_said_at_once_where_it_is():
    form = form_of(Data)
    typed(form["number"], "many")
    typed(form["share"], "half")
    typed(form["points"], "[1, 2")
    form["named"].add(-1, "n")
    assert set(form.errors) == {"number", "share", "points", "named.n"}
    assert form.errors["number"] == "number is 'many', but must be a whole number of 1 or more."
    assert form["number"].message == "Number is 'many', but must be a whole number of 1 or more."
    with pytest.raises(InvalidInputError, match=r"\(1\) number: number is 'many'.*\(2\) share: "):
        _ = form.value


def test_one_error_is_raised_in_its_own_words():
    form = form_of(Data)
    typed(form["number"], "0")
    with pytest.raises(InvalidInputError, match=r"^number is 0, but must be a whole number of 1 or more\.$"):
        _ = form.value


def test_what_was_set_by_code_stands_exactly():
    form = form_of(Data)
    form.value = {"names": ("a\nb", ""), "points": ((1, 2),), "share": 1 / 3}
    assert (form.value.names, form.value.points, form.value.share) == (("a\nb", ""), ((1, 2),), 1 / 3)


def test_it_is_saved_as_plain_data(tmp_path):
    form, other = form_of(Data), form_of(Data)
    form.value = Data(names=("Ana",), inner=Inner(text="x"), points=((1, 2),))
    other.load(form.save(tmp_path / "data.json"))
    assert other.value == form.value
