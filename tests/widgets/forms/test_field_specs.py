"""The fields that make an object, as pydantic or numpydoc describe them."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, Field

from syndisco_nb.widgets.forms.field_specs import FieldSpec, field_spec, field_specs


class Data(BaseModel):
    some_number: Annotated[int, "a mark"] | None = Field(default=3, description="How many")


def made(first, second: str | None = None, *, third: int | Callable[[], int] = 3, api_key: str = "", **others):
    """Make something.

    Parameters
    ----------
    first, second : str
        Two words, on
        ``two`` lines.
    third : int
    **others
        Anything else.

    Returns
    -------
    str
        Not a field.
    """


def test_the_fields_of_data_are_read_from_pydantic():
    (spec,) = field_specs(Data)
    assert (spec.name, spec.label, spec.description, spec.default) == ("some_number", "Some number", "How many", 3)
    assert spec.optional


def test_the_arguments_of_a_call_are_read_from_its_signature_and_docstring():
    specs = {spec.name: spec for spec in field_specs(made)}
    assert list(specs) == ["first", "second", "third", "others"]  # a key is nothing to type into a form
    assert specs["first"].description == specs["second"].description == "Two words, on two lines."
    assert specs["others"].description == "Anything else."
    assert (specs["second"].optional, specs["second"].kinds) == (True, (str,))
    assert (specs["third"].kinds, specs["third"].default, specs["third"].description) == ((int,), 3, "")
    assert specs["others"].kinds == (dict[str, Any],)


def test_marks_are_collected_from_all_layers_of_an_annotation():
    assert field_spec("a", Annotated[Annotated[int, 1], 2], marks=(3,)).marks == (1, 2, 3)
    assert field_spec("a", int | None) == FieldSpec("a", (int,), optional=True)
