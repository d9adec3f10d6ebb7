"""Parts made again from what is recorded of them; None where they are not of this package, or of another version."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.backend.prompts import BUILT_IN, PromptFormat, PromptTemplate
from syndisco_nb.backend.scales import Choice, Flag, FreeText, Likert, Scale
from syndisco_nb.backend.turn_manager import (
    Hosted,
    RandomOther,
    RespondWithProbability,
    RoundRobin,
    TurnManager,
    Weighted,
)

_MANAGERS = {kind.__name__: kind for kind in (Hosted, RandomOther, RespondWithProbability, RoundRobin, Weighted)}
_TEMPLATE = "template: "


def prompt_format_of(name: str) -> PromptFormat | None:
    """Return the prompt format that has this name in records; a user's own function cannot be known."""
    if name.startswith(_TEMPLATE):
        try:
            system, user = ast.literal_eval(f"({name.removeprefix(_TEMPLATE)})")
            return PromptTemplate(system, user)
        except (ValueError, SyntaxError, TypeError):
            return None
    return next((built_in for built_in, version in BUILT_IN.items() if version == name), None)


def turn_manager_of(settings: Any) -> TurnManager | None:
    """Return the turn manager that has these settings."""
    kind = _MANAGERS.get(str(settings.get("type"))) if isinstance(settings, Mapping) else None
    if kind is None:
        return None
    given = {name: value for name, value in settings.items() if name != "type"}
    if "then" in given:
        given["then"] = turn_manager_of(given["then"])
    try:
        made: TurnManager = kind(**given)
    except (TypeError, ValueError):
        return None
    return made if made.settings() == settings else None


def scales_of(settings: Any) -> list[Scale] | None:
    """Return the scales that have these settings, or None if there is one that is not known."""
    if not isinstance(settings, Sequence) or isinstance(settings, str):
        return None
    made = [_scale_of(one) for one in settings]
    return [one for one in made if one] if all(made) else None


def _scale_of(settings: Any) -> Scale | None:
    """Return the scale; what is recorded of its question is the whole instruction, with how to answer it."""
    try:
        bare = _scale_asking(settings, "")
        how = bare.instruction().removeprefix(bare.asks)
        made = _scale_asking(settings, str(settings["instruction"]).removesuffix(how))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return None
    unshuffled = {"shuffle": False, **settings}  # version 1 knew no other order of the labels, and did not say so
    return made if made.settings() in (settings, unshuffled) else None


def _scale_asking(settings: Mapping[str, Any], question: str) -> Scale:
    name, labels = settings["name"], settings["labels"]
    given = {key: settings[key] for key in settings if key not in ("type", "name", "labels", "instruction")}
    if settings["type"] == "Likert":
        return Likert(name, int(labels[0]), int(labels[-1]), question, **given)
    if settings["type"] == "Choice":
        return Choice(name, labels, question, **given)
    kinds: dict[str, type[Flag] | type[FreeText]] = {"Flag": Flag, "FreeText": FreeText}
    return kinds[settings["type"]](name, question, **given)
