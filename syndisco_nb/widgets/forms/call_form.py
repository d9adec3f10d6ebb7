"""The form of a call: its arguments, and one field for any others that it takes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.errors import require
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Faults, Field


class CallForm(Form):
    """The arguments of a class or function, and what the call returns.

    Parameters
    ----------
    call : callable
    fields : mapping of str to Field
        By argument; ``**kwargs`` is one field, which holds a mapping.
    title, hint : str
    """

    def __init__(self, call: Callable[..., Any], fields: Mapping[str, Field], title: str = "", hint: str = "") -> None:
        self._call = call
        parameters = inspect.signature(call).parameters.values()
        self._others = next((one.name for one in parameters if one.kind is one.VAR_KEYWORD), "")
        super().__init__(fields, title, hint)

    @property
    def given(self) -> Any:
        """The arguments, unchecked."""
        given = super().given
        others = given.pop(self._others, None) or {}
        require(
            isinstance(others, Mapping),
            f"{self._others} is {others!r}, but must be names and values, on a line each, such as: hobby: chess",
            self._others,
        )
        return {**given, **{str(name): value for name, value in others.items()}}

    def _check(self, given: Any) -> tuple[Any, Faults]:
        return self._call(**given), {}

    def _fill(self, value: Any) -> None:
        if isinstance(value, LLMPersona):
            value = {**dict.fromkeys(name for name in self.fields if name != self._others), **value.attributes}
        if self._others and isinstance(value, Mapping):
            named = {name: content for name, content in value.items() if name in self.fields and name != self._others}
            others = {name: content for name, content in value.items() if name not in named}
            value = {**named, self._others: others}
        super()._fill(value)
