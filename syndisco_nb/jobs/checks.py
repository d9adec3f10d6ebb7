"""Who may take part in a job."""

from collections.abc import Iterable
from typing import Any

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require


def check_users(users: Iterable[LLMActor], moderator: LLMActor | None = None) -> tuple[LLMActor, ...]:
    """Return the users, or raise `InvalidInputError` if these cannot hold a discussion."""
    actors = _actors("users", users)
    for actor in [*actors, *([moderator] if moderator is not None else [])]:
        require(isinstance(actor, LLMActor), f"{actor!r} was given as a participant, but must be an LLMActor.")
        require(
            actor.actor_type is ActorType.USER,
            f"{actor.name!r} is an annotator, so it cannot take part in a discussion. Make it with "
            "actor_type=ActorType.USER, or give it to an AnnotationExperiment.",
        )
    names = [actor.name for actor in actors]
    for name in names:
        require(
            names.count(name) == 1,
            f"{names.count(name)} users are called {name!r}. Give every user a name of their own.",
        )
    require(
        moderator is None or moderator.name not in names,
        f"The moderator and a user are both called {moderator.name if moderator else ''!r}. Rename one of them.",
    )
    return actors


def check_annotators(annotators: Iterable[LLMActor]) -> tuple[LLMActor, ...]:
    """Return the annotators, or raise `InvalidInputError` if these cannot annotate."""
    actors = _actors("annotators", annotators)
    for actor in actors:
        require(isinstance(actor, LLMActor), f"{actor!r} was given as an annotator, but must be an LLMActor.")
        require(
            actor.actor_type is ActorType.ANNOTATOR,
            f"{actor.name!r} is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR.",
        )
    check_annotator_names(actor.name for actor in actors)
    return actors


def check_annotator_names(names: Iterable[str]) -> None:
    """Raise `InvalidInputError` if two annotators have one name; any number may have none."""
    given = [name.strip() for name in names]
    for name in given:
        require(
            not name or given.count(name) == 1,
            f"{given.count(name)} annotators are called {name!r}, so their labels could not be told apart. Give every "
            "annotator a name of their own, or none.",
        )


def check_turn_manager(turn_manager: Any) -> None:
    """Raise `InvalidInputError` unless this is a turn manager, or None."""
    require(
        turn_manager is None or isinstance(turn_manager, TurnManager),
        f"turn_manager is {turn_manager!r}, but must be a turn manager, such as RoundRobin().",
    )


def _actors(what: str, actors: Any) -> tuple[Any, ...]:
    require(
        isinstance(actors, Iterable) and not isinstance(actors, str),
        f"{what} is {actors!r}, but must be a list of LLMActor.",
    )
    found = tuple(actors)
    require(found, f"{what} is empty. Give at least one LLMActor.")
    return found
