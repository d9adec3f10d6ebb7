"""Forms in sections that fold; of each, a line says what it holds."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.parts import Part
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.action_bar import Stage
from syndisco_nb.widgets.forms.controls import Code, Input
from syndisco_nb.widgets.forms.engine_choices import MODEL_WORDS, PART_WORDS
from syndisco_nb.widgets.forms.fold_section import Section, box
from syndisco_nb.widgets.forms.form import Faults, Form
from syndisco_nb.widgets.forms.permission import REMEDY, Permission
from syndisco_nb.wording import count, listed, shortened


class SectionedForm(Form):
    """A form whose fields stand in sections, and a place below them where it acts.

    Parameters
    ----------
    fields, make, check, title, hint
        As in `Form`.
    sections : mapping of str to sequence of str
        The names of the fields in each; others are in the last.
    stage : Stage
        Where it acts.
    """

    def __init__(
        self,
        fields: Mapping[str, Input | Form],
        make: Callable[[dict[str, Any]], Any],
        check: Callable[[dict[str, Any]], Faults],
        sections: Mapping[str, Sequence[str]],
        title: str,
        hint: str,
        stage: Stage,
    ) -> None:
        self._members = {name: [one for one in members if one in fields] for name, members in sections.items()}
        placed = {one for members in self._members.values() for one in members}
        list(self._members.values())[-1].extend(one for one in fields if one not in placed)
        self.stage = stage
        self.permission = Permission(self.allow)
        self._seen: Faults = {}
        self.sections: dict[str, Section] = {}
        super().__init__(fields, make, check, title, hint)

    def load(self, path: PathLike) -> None:
        """Fill in the design in a file that `save` wrote, or that was written by hand.

        Whatever it would do beyond this form and its folder is shown, and refused until `allow`.
        """
        builder = ExperimentBuilder.load(path)
        if builder.models.guard:
            builder.models.guard = replace(builder.models.guard, remedy=REMEDY)
        self.value = builder

    def allow(self) -> None:
        """Allow what a loaded design would do: the same as the button."""
        self["model"].models.guard = None
        self.stage.say("")
        self._changed()

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show what is wrong: beside the fields, and at the head of their section; and what is to be allowed."""
        super().show(errors, everything)
        guard = self["model"].models.guard
        self.permission.update(guard, guard.asked(self.given) if guard else [])
        self._seen = {
            place: text
            for place, text in errors.items()
            if place and (everything or self.fields[place.partition(".")[0]].touched)
        }
        for section in self.sections.values():
            section.update()

    def ready(self, errors: Faults) -> bool:
        """Return whether nothing is wrong; what is, is shown beside its field from now on."""
        self.show(errors, everything=True)
        self.stage.say("Not yet: see what is to be mended above." if errors else "", wrong=bool(errors))
        return not errors

    def show_code(self) -> None:
        """Show the Python, to copy."""
        if self.ready(self.errors):
            self.stage.show(Code(self.code()))

    def __repr__(self) -> str:
        try:
            inside = repr(self.value)
        except SyndiscoError:
            inside = f"{count(len(self.errors), 'thing')} to mend"
        return f"<{type(self).__name__}: {inside}>"

    def _arrange(self) -> None:
        for name, members in self._members.items():
            said, wrong = functools.partial(self._summary, members), functools.partial(self._wrong, members)
            fields = [self.fields[one] for one in members]
            self.sections[name] = Section(name, fields, said, wrong, opened=not self.sections)
        self._stack(box(list(self.sections.values()), "snb-sections"), self.permission, self.stage)

    def _summary(self, members: Sequence[str]) -> str:
        said = ((one, self.fields[one].given) for one in members)
        return " · ".join(text for name, value in said if (text := summary(name, value))) or "none"

    def _wrong(self, members: Sequence[str]) -> str:
        number = sum(place.partition(".")[0] in members for place in self._seen)
        return f"{count(number, 'thing')} to mend" if number else ""


def summary(name: str, value: Any) -> str:
    """Return what a field holds, in a few words; nothing of what is as usual, or not worth a word.

    Examples
    --------
    >>> summary("turns", 14)
    '14 turns'
    """
    return "" if value in (None, "", (), [], {}) or name not in _SAID else _SAID[name](value)


def _people(people: Sequence[Any]) -> str:
    names = [one.username if isinstance(one, LLMPersona) else str(one.get("username", "?")) for one in people]
    return f"{len(names)}: {shortened(listed(names, 4))}"


def _varied(vary: Mapping[str, Mapping[str, Any]]) -> str:
    return "; ".join(f"{str(one).replace('_', ' ')}: {', '.join(levels)}" for one, levels in vary.items())


def _first(topic: Any) -> str:
    """Return a topic, or the first comment of one; it need not be right yet."""
    return topic if isinstance(topic, str) else str(next(iter(topic), ""))


def _part(value: Any) -> str:
    plain = value.plain() if isinstance(value, Part) else value
    kind = str(plain.get("type"))
    return str(plain.get("name") or plain.get("model_name") or MODEL_WORDS.get(kind) or PART_WORDS.get(kind, kind))


_SAID: Mapping[str, Callable[[Any], str]] = {
    "annotators": lambda annotators: count(len(annotators), "annotator"),
    "discussions": lambda number: shortened(number) if isinstance(number, str) else f"{number} discussions",
    "model": _part,
    "models": lambda models: f"others for {listed(list(models))}",
    "moderator": lambda moderator: shortened(moderator["instructions"] or moderator["name"]),
    "participants": _people,
    "per_discussion": lambda number: f"{number} in each discussion",
    "run": shortened,
    "scales": lambda scales: ", ".join(map(_part, scales)),
    "seed": lambda seed: f"seed {seed}",
    "stop": lambda conditions: ", ".join(map(_part, conditions)),
    "topic": shortened,
    "topics": lambda topics: f"{len(topics)}: {shortened(_first(topics[0]))}",
    "turn_taking": _part,
    "turns": lambda number: f"{number} turns",
    "vary": _varied,
    "window": lambda number: f"{number} comments seen",
    "window_counts": lambda counts: "moderators' counted, too" if counts == "all" else "",
}
