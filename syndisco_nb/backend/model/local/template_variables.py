"""What a chat template is told beside the chat: whether to think, the date, and what the user adds."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import InvalidInputError, ModelError, require

DATE = "2026-01-01"
"""The date that templates are told, unless told otherwise: a prompt must not change from day to day."""

_ON_OFF = ("enable_thinking", "thinking")
_BUDGETS = ("thinking_budget", "reasoning_budget")
_EFFORT = "reasoning_effort"
_OWN = ("messages", "add_generation_prompt", "chat_template", "conversation", "tokenize")
_GENERATION = re.compile(r"\{%-?\s*(?:end)?generation\s*-?%\}")  # a tag of transformers' own


@dataclass(frozen=True)
class TemplateVariables:
    """What the user wants of a chat template.

    Parameters
    ----------
    thinking : bool or int, optional
        Whether the model is to think before it answers, or for how many tokens at most; None is the template's default.
    date : str
        The date that a template is told, as in "2026-01-01"; another ISO format of it is kept in this one.
    extra : mapping
        Further variables, handed on as they are.

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
        )
        try:
            day = datetime.date.fromisoformat(self.date)
        except (TypeError, ValueError):
            raise InvalidInputError(f'date is {self.date!r}, but must be a date such as "{DATE}".') from None
        object.__setattr__(self, "date", day.isoformat())  # one day has one identity, however it is written
        require(
            isinstance(self.extra, Mapping) and all(isinstance(name, str) for name in self.extra),
            f"chat_template_kwargs is {self.extra!r}, but must be a mapping of names to values.",
        )
        clash = sorted(set(self.extra) & set(_OWN))
        require(not clash, f"chat_template_kwargs has {clash}, which every request sets itself. Leave them out.")

    @property
    def day(self) -> datetime.datetime:
        """The date, at midnight."""
        return datetime.datetime.combine(datetime.date.fromisoformat(self.date), datetime.time())

    def context(self, template: str, name: str) -> dict[str, Any]:
        """Return the variables of a template.

        Raises
        ------
        ModelError
            If thinking was asked for, and the template of the model called `name` has no switch for it.
        """
        known = variables(template)
        dated = {"date_string": self.day.strftime("%d %b %Y")} if "date_string" in known else {}
        return {**dated, **self._thinking(self.thinking, template, known, name), **self.extra}

    def label_context(self, template: str, name: str) -> dict[str, Any]:
        """Return the variables with which the model answers at once, if that can be switched."""
        off = self._thinking(False, template, variables(template), name)  # noqa: FBT003 - it is a value here
        return {**self.context(template, name), **off}

    def notes(self, template: str, name: str, always: bool) -> tuple[str, ...]:
        """Return what cannot be done as asked; `always` tells whether the model thinks unless kept from it.

        Raises
        ------
        ModelError
            If the model is to think, and nothing can make it do so.
        """
        undated = ("The chat template asks for today's date in a way that cannot be fixed.",)
        notes = undated * ("strftime_now(" in template)
        if self.thinking is None or always or self._thinking(self.thinking, template, variables(template), name):
            return notes
        if self.thinking:
            raise ModelError(
                f"thinking is {self.thinking!r}, but the chat template of {name!r} has no switch for it. Leave it "
                "out, or give the template's own variables as chat_template_kwargs."
            )
        return (*notes, "The chat template has no switch for thinking: thinking=False changed nothing.")

    def _thinking(self, thinking: Thinking | None, template: str, known: set[str], name: str) -> dict[str, Any]:
        """Return the variables that switch thinking, none where the template has none."""
        if thinking is None:
            return {}
        budgets = [one for one in _BUDGETS if one in known]
        switched: dict[str, Any] = {one: bool(thinking) for one in _ON_OFF if one in known}
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


def variables(template: str) -> set[str]:
    """Return the names that a template expects to be told.

    Examples
    --------
    >>> sorted(variables("{% if not thinking is defined %}{% set thinking = false %}{% endif %}{{ messages }}"))
    ['messages', 'thinking']
    """
    import jinja2.meta

    try:
        parsed = jinja2.Environment(extensions=["jinja2.ext.loopcontrols"]).parse(_GENERATION.sub("", template))  # noqa: S701 - nothing is rendered
    except jinja2.TemplateSyntaxError:  # other engines read more than Jinja does
        return set(re.findall(r"\w+", template))
    return jinja2.meta.find_undeclared_variables(parsed)


def fixed_date(template: str, day: datetime.datetime) -> str:
    """Return a template in which this day stands wherever it asks for today's date.

    Examples
    --------
    >>> fixed_date("{{ strftime_now('%d %B') }}", datetime.datetime(2026, 1, 1))
    "{{ '01 January' }}"
    """
    return re.sub(
        r"""strftime_now\(\s*(['"])(.*?)\1\s*\)""", lambda call: f"{call[1]}{day.strftime(call[2])}{call[1]}", template
    )
