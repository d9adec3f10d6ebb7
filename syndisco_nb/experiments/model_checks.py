"""Check the models of an experiment, and describe its actors in a spec."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.errors import require


def actor_spec(actor: LLMActor) -> dict[str, Any]:
    """Return an actor as it stands in a spec: without `meta`, which only participants of other tools have."""
    return {name: value for name, value in asdict(actor.describe()).items() if name != "meta"}


def models_of(actors: Iterable[LLMActor]) -> tuple[Model, ...]:
    """Return the different models behind the actors, in order; raise as `check_model_names` does."""
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
    """Raise `InvalidInputError` if one of the models is a person, who would be asked for a mere estimate."""
    for model in models:
        require(
            not isinstance(model, HumanModel),
            f"{model.name!r} is a person, whom a probe would ask for comments that nobody keeps. Estimate it with a "
            "ScriptedModel in their place.",
        )
