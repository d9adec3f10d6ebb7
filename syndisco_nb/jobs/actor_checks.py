"""Check the actors of a job: users, a moderator, annotators."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require, short_repr, within

MODERATOR = "Moderator"
"""Name of a moderator who is given none."""

_HOW = (
    "Make one of each persona: [LLMActor(model, one.username, one.to_attribute_list()) for one in people]; "
    "load_personas(path) and sample_people(table, number) return personas."
)


def check_users(users: Iterable[LLMActor]) -> tuple[LLMActor, ...]:
    """Return the users, or raise `InvalidInputError` if they cannot hold a discussion."""
    actors = _actors("users", users)
    for place, actor in enumerate(actors):
        with within("users", place):
            _check_participant("users holds", actor)
    check_user_names([actor.name for actor in actors])
    return actors


def check_user_names(names: Sequence[str]) -> None:
    """Raise `InvalidInputError` if two users' names look the same."""
    visible = [_visible(name) for name in names]
    number = Counter(visible)
    for name, shown in zip(names, visible, strict=True):
        require(
            number[shown] == 1,
            f"{number[shown]} users are called {name!r}. Give every user a name of their own.",
            "users",
        )


def check_moderator_name(name: str, users: Iterable[str]) -> None:
    """Raise `InvalidInputError` if a moderator and a user have the same name.

    Parameters
    ----------
    name : str
        The moderator's name.
    users : iterable of str
        The users' names.
    """
    require(
        _visible(name) not in map(_visible, users),
        f"The moderator and a user are both called {name!r}. Rename one of them.",
        "moderator.name",
    )


def check_moderator(moderator: LLMActor | str | None, users: Sequence[LLMActor]) -> LLMActor | None:
    """Return the moderator as an actor.

    Parameters
    ----------
    moderator : LLMActor, str or None
        The users' model answers for one who is given as instructions.
    users : sequence of LLMActor

    Raises
    ------
    InvalidInputError
        If it cannot moderate these users, or is a text and they have several models.
    """
    if moderator is None:
        return None
    if isinstance(moderator, str):
        moderator = _instructed(moderator, users)
    with within("moderator"):
        _check_participant("moderator is", moderator)
    check_moderator_name(moderator.name, [user.name for user in users])
    return moderator


def check_annotators(annotators: Iterable[LLMActor]) -> tuple[LLMActor, ...]:
    """Return the annotators, or raise `InvalidInputError` if they cannot annotate."""
    actors = _actors("annotators", annotators)
    for place, actor in enumerate(actors):
        with within("annotators", place):
            require(
                isinstance(actor, LLMActor), f"annotators holds {_described(actor)}, but must hold LLMActors. {_HOW}"
            )
            require(
                actor.actor_type is ActorType.ANNOTATOR,
                f"{actor.name!r} is a participant, so it cannot annotate. Make it with actor_type=ActorType.ANNOTATOR.",
                "actor_type",
            )
    check_annotator_names(actor.name for actor in actors)
    return actors


def check_annotator_names(names: Iterable[str]) -> None:
    """Raise `InvalidInputError` if two annotators' names look the same; empty names may repeat."""
    for name, number in Counter(map(_visible, names)).items():
        require(
            not name or number == 1,
            f"{number} annotators are called {name!r}, so their labels could not be told apart. Give every "
            "annotator a name of their own, or none.",
            "annotators",
        )


def check_turn_manager(turn_manager: Any) -> None:
    """Raise `InvalidInputError` unless this is a turn manager, or None."""
    require(
        turn_manager is None or isinstance(turn_manager, TurnManager),
        f"turn_manager is {turn_manager!r}, but must be a turn manager, such as RoundRobin().",
        "turn_manager",
    )


def _visible(name: str) -> str:
    """Return a name as people see it, so that names that look the same are equal."""
    visible = "".join(one for one in name if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip()


def _check_participant(what: str, actor: Any) -> None:
    alone = what == "moderator is"
    allowed = "be an LLMActor, or text that says what to do." if alone else f"hold LLMActors. {_HOW}"
    require(isinstance(actor, LLMActor), f"{what} {_described(actor)}, but must {allowed}")
    require(
        actor.actor_type is ActorType.USER,
        f"{actor.name!r} is an annotator, so it cannot take part in a discussion. Make it with "
        "actor_type=ActorType.USER, or give it to an AnnotationExperiment.",
        "actor_type",
    )


def _instructed(instructions: str, users: Sequence[LLMActor]) -> LLMActor:
    """Return a moderator with these instructions, and the context that all users share."""
    first, *others = users
    require(
        all(one.model is first.model or one.model.settings() == first.model.settings() for one in others),
        "moderator is a text, but the users have several models. Say which one answers: "
        f'moderator=LLMActor(model, "{MODERATOR}", instructions={short_repr(instructions, 60)}).',
        "moderator",
    )
    context = first.context if all(one.context == first.context for one in others) else ""
    return LLMActor(first.model, MODERATOR, context=context, instructions=instructions)


def _actors(what: str, actors: Any) -> tuple[Any, ...]:
    table = hasattr(actors, "columns")
    require(
        isinstance(actors, Iterable) and not isinstance(actors, str | Mapping) and not table,
        f"{what} is {'a table' if table else short_repr(actors)}, but must be a list of LLMActor. {_HOW}",
        what,
    )
    given = tuple(actors)
    require(given, f"{what} is empty. Give at least one LLMActor.", what)
    return given


def _described(thing: Any) -> str:
    """Return the repr of a value that is no actor, and its kind in words."""
    kinds = {LLMPersona: "the persona", Mapping: "the mapping", str: "the text"}
    kind = next((words for known, words in kinds.items() if isinstance(thing, known)), "")
    return f"{kind} {short_repr(thing)}".strip()
