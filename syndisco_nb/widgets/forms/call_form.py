"""A form of what a call makes: its arguments, and, where it takes any, others of the user's own."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.errors import require
from syndisco_nb.widgets.forms.controls import Input
from syndisco_nb.widgets.forms.form import Form


class CallForm(Form):
    """The arguments of a call.

    Parameters
    ----------
    kind : callable
        What is called.
    fields : mapping of str to Input or Form
        By argument.
    title, hint : str
    """

    def __init__(
        self, kind: Callable[..., Any], fields: Mapping[str, Input | Form], title: str = "", hint: str = ""
    ) -> None:
        parameters = inspect.signature(kind).parameters.values()
        self._more = next((one.name for one in parameters if one.kind is one.VAR_KEYWORD), "")
        super().__init__(fields, lambda given: kind(**given), title=title, hint=hint)

    @property
    def given(self) -> Any:
        """What is filled in, by argument."""
        given = super().given
        more = given.pop(self._more, None) or {}
        require(
            isinstance(more, Mapping),
            f"{self._more} is {more!r}, but must be names and values, on a line each, such as: hobby: chess",
        )
        return {**given, **{str(name): value for name, value in more.items()}}

    def fill(self, value: Any) -> None:
        """Show an object, or the arguments of one."""
        settings = value if isinstance(value, Mapping) else self._settings(value)
        named = {name: one for name, one in settings.items() if name in self.fields and name != self._more}
        more = {name: one for name, one in settings.items() if name not in named}
        super().fill({**named, self._more: more} if self._more else settings)

    def _settings(self, value: Any) -> Mapping[str, Any]:
        if isinstance(value, LLMPersona):
            return {**dict.fromkeys(name for name in self.fields if name != self._more), **value.attributes}
        return super()._settings(value)
