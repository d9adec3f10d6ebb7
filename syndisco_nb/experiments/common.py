"""What the experiments have in common."""

from collections.abc import Iterable

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.errors import require

MAX_CONCURRENCY = 64
"""How many discussions, or annotations of one, are under way at once, unless told otherwise."""

MOST = 1_000_000
"""Discussions of an experiment, and turns of a discussion: files are numbered, and a plan is held in memory."""


def models_of(actors: Iterable[LLMActor]) -> tuple[Model, ...]:
    """Return the different models behind the actors, in order, or raise as `check_model_names` does."""
    models = [actor.model for actor in actors]
    check_model_names(models)
    return tuple({id(model): model for model in models}.values())


def check_model_names(models: Iterable[Model]) -> None:
    """Raise `InvalidInputError` if different models have the same name."""
    named: dict[str, Model] = {}
    for model in models:
        known = named.setdefault(model.name, model)
        require(
            known is model or known.settings() == model.settings(),
            f"Two different models are both called {known.name!r}, so transcripts could not tell them apart. "
            "Give them different names.",
            "model",
        )


def refuse_people(models: Iterable[Model]) -> None:
    """Raise `InvalidInputError` if a person would be asked only to find out what a run costs."""
    for model in models:
        require(
            not isinstance(model, HumanModel),
            f"{model.name!r} is a person, whom a probe would ask for comments that nobody keeps. Estimate it with a "
            "ScriptedModel in their place.",
        )


def counted(number: int, noun: str, verb: bool = True) -> str:
    """Return so many of something in words, with what was done to them: "2 users were"."""
    text = f"{number} {noun}" if number == 1 else f"{number} {noun}s"
    return f"{text} {'was' if number == 1 else 'were'}" if verb else text
