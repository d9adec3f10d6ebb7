"""Variables of a chat template besides the chat: thinking, the date, and those that the user adds."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import InvalidInputError, ModelError, require

DATE = "2026-01-01"
"""The default date: the prompts of a study must not change from day to day."""

_ON_OFF = ("enable_thinking", "thinking")
_BUDGETS = ("thinking_budget", "reasoning_budget")
_EFFORT = "reasoning_effort"
_OWN = ("messages", "add_generation_prompt", "chat_template", "conversation", "tokenize")
_GENERATION = re.compile(r"\{%-?\s*(?:end)?generation\s*-?%\}")  # a tag of transformers' own


@dataclass(frozen=True)
class TemplateVariables:
    """The user's settings of a chat template.

    Parameters
    ----------
    thinking : bool or int, optional
        Whether the model thinks before it answers, or the largest number of tokens for that; None is the template's
        default.
    date : str
        Today's date for the template. Any ISO format is accepted, and kept as "2026-01-01".
    extra : mapping
        Further variables, passed on unchanged.

    Raises
    ------
    InvalidInputError
        If a value cannot work.
    """

    thinking: Thinking | None = None
    date: str = DATE
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(
            self.thinking is None
            or (isinstance(self.thinking, int) and (self.thinking >= 1 or self.thinking is False)),
            f"thinking is {self.thinking!r}, but must be True, False, a number of tokens of 1 or more, or None.",
            "thinking",
        )
        try:
            day = datetime.date.fromisoformat(self.date)
        except (TypeError, ValueError):
            raise InvalidInputError(
                f'date is {self.date!r}, but must be a date such as "{DATE}".', field="date"
            ) from None
        object.__setattr__(self, "date", day.isoformat())  # a model's identity must not depend on the format
        require(
            isinstance(self.extra, Mapping) and all(isinstance(name, str) for name in self.extra),
            f"chat_template_kwargs is {self.extra!r}, but must be a mapping of names to values.",
            "chat_template_kwargs",
        )
        clash = sorted(set(self.extra) & set(_OWN))
        require(
            not clash,
            f"chat_template_kwargs has {clash}, which every request sets itself. Leave them out.",
            "chat_template_kwargs",
        )

    @property
    def day(self) -> datetime.datetime:
        """The date, at midnight."""
        return datetime.datetime.combine(datetime.date.fromisoformat(self.date), datetime.time())

    def context(self, template: str, name: str) -> dict[str, Any]:
        """Return the variables of a template.

        Parameters
        ----------
        template : str
        name : str
            The name of the model in errors.

        Raises
        ------
        ModelError
            If the template cannot limit thinking to a number of tokens.
        """
        known = undeclared(template)
        dated = {"date_string": self.day.strftime("%d %b %Y")} if "date_string" in known else {}
        return {**dated, **self._thinking(self.thinking, template, known, name), **self.extra}

    def label_context(self, template: str, name: str) -> dict[str, Any]:
        """Return the variables of a template with thinking switched off, if it has a switch; see `context`."""
        off = self._thinking(False, template, undeclared(template), name)  # noqa: FBT003 - it is a value here
        return {**self.context(template, name), **off}

    def notes(self, template: str, name: str, always: bool) -> tuple[str, ...]:
        """Return notes on settings that cannot be followed.

        Parameters
        ----------
        template : str
        name : str
            The name of the model in errors.
        always : bool
            Whether the model thinks unless the prompt prevents it.

        Raises
        ------
        ModelError
            If `thinking` is on, and the template has no switch for it.
        """
        undated = ("The chat template asks for today's date in a way that cannot be fixed.",)
        notes = undated * ("strftime_now(" in template)
        if self.thinking is None or always or self._thinking(self.thinking, template, undeclared(template), name):
            return notes
        if self.thinking:
            raise ModelError(
                f"thinking is {self.thinking!r}, but the chat template of {name!r} has no switch for it. Leave it "
                "out, or give the template's own variables as chat_template_kwargs."
            )
        return (*notes, "The chat template has no switch for thinking: thinking=False changed nothing.")

    def _thinking(self, thinking: Thinking | None, template: str, known: set[str], name: str) -> dict[str, Any]:
        """Return the variables that switch thinking; none if the template has none."""
        if thinking is None:
            return {}
        budgets = [variable for variable in _BUDGETS if variable in known]
        switched: dict[str, Any] = {variable: bool(thinking) for variable in _ON_OFF if variable in known}
        if not isinstance(thinking, bool):
            if not budgets:
                raise ModelError(
                    f"thinking is {thinking}, but the chat template of {name!r} takes no number of tokens. Give True "
                    "or False."
                )
            return {**switched, **dict.fromkeys(budgets, thinking)}
        if not switched:
            switched = dict.fromkeys(budgets, -1 if thinking else 0)
        if not switched and _EFFORT in known:
            can_be_off = re.search(r"""(['"])none\1""", template) is not None
            switched = {_EFFORT: "high" if thinking else "none"} if can_be_off else {}
        return switched


def undeclared(template: str) -> set[str]:
    """Return the variables that a template uses without setting them.

    Examples
    --------
    >>> sorted(undeclared("{% if not thinking is defined %}{% set thinking = false %}{% endif %}{{ messages }}"))
    ['messages', 'thinking']
    """
    import jinja2.meta

    try:
        parsed = jinja2.Environment(extensions=["jinja2.ext.loopcontrols"]).parse(_GENERATION.sub("", template))  # noqa: S701 - nothing is rendered
    except jinja2.TemplateSyntaxError:  # other engines accept more than Jinja does
        return set(re.findall(r"\w+", template))
    return jinja2.meta.find_undeclared_variables(parsed)


def fixed_date(template: str, day: datetime.datetime) -> str:
    """Return a template with the given day in place of calls for today's date.

    Parameters
    ----------
    template : str
    day : datetime.datetime

    Examples
    --------
    >>> fixed_date("{{ strftime_now('%d %B') }}", datetime.datetime(2026, 1, 1))
    "{{ '01 January' }}"
    """
    return re.sub(
        r"""strftime_now\(\s*(['"])(.*?)\1\s*\)""", lambda call: f"{call[1]}{day.strftime(call[2])}{call[1]}", template
    )
