"""The content of the fields of a design in a few words, for the heads of sections."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.builder.parts import Part
from syndisco_nb.wording import count, listed, shortened


def summary(name: str, value: Any) -> str:
    """Return the content of a field in a few words; "" if it is empty or not worth mentioning.

    Parameters
    ----------
    name : str
        Of the field.
    value : Any
        Its content, which may have faults.

    Examples
    --------
    >>> summary("turns", 14)
    '14 turns'
    """
    return "" if value in (None, "", (), [], {}) or name not in _SUMMARIES else _SUMMARIES[name](value)


def _people(people: Sequence[Any]) -> str:
    names = [one.username if isinstance(one, LLMPersona) else str(one.get("username", "?")) for one in people]
    return f"{len(names)}: {shortened(listed(names, 4))}"


def _varied(vary: Mapping[str, Mapping[str, Any]]) -> str:
    return "; ".join(f"{str(one).replace('_', ' ')}: {', '.join(levels)}" for one, levels in vary.items())


def _topics(topics: Sequence[Any]) -> str:
    first = topics[0] if isinstance(topics[0], str) else str(next(iter(topics[0]), ""))
    return f"{len(topics)}: {shortened(first)}"


def _part(value: Any) -> str:
    plain = value.plain() if isinstance(value, Part) else value
    type_name = str(plain.get("type"))
    kind = kinds_of(Kind).get(type_name)
    return str(plain.get("name") or plain.get("model_name") or (kind.form_label if kind else type_name))


def _number(number: Any, noun: str) -> str:
    return count(number, noun) if isinstance(number, int) else f"{shortened(str(number))} {noun}s"


_SUMMARIES: Mapping[str, Callable[[Any], str]] = {
    "annotators": lambda annotators: count(len(annotators), "annotator"),
    "discussions": lambda number: _number(number, "discussion"),
    "model": _part,
    "models": lambda models: f"others for {listed(list(models))}",
    "moderator": lambda moderator: shortened(moderator["instructions"] or moderator["name"]),
    "participants": _people,
    "per_discussion": lambda number: f"{number} per discussion",
    "run": shortened,
    "scales": lambda scales: ", ".join(map(_part, scales)),
    "seed": lambda seed: f"seed {seed}",
    "stop": lambda conditions: ", ".join(map(_part, conditions)),
    "topic": shortened,
    "topics": _topics,
    "turn_taking": _part,
    "turns": lambda number: _number(number, "turn"),
    "vary": _varied,
    "window": lambda number: f"{_number(number, 'comment')} remembered",
    "window_counts": lambda counts: "moderators' counted, too" if counts == "all" else "",
}
