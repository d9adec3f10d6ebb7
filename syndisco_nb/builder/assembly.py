"""From a design to what runs: actors and experiments, one experiment per condition."""

from collections.abc import Iterable

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.model import ScriptedModel
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.scales import Scale
from syndisco_nb.builder.design import Annotator, Design, Moderator, Settings
from syndisco_nb.builder.parts import Models
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.experiments import AnnotationExperiment, DiscussionExperiment

_NEEDED = {"model": ".model(...)", "participants": ".participants(...)", "topics": ".topics(...)"}
_STAND_IN = "…"  # for a topic that is not given yet, while what is there is checked


def check_fit(design: Design, models: Models) -> None:
    """Raise `InvalidInputError` unless all that the design has so far fits together, in every condition."""
    for condition, settings in design.conditions().items():
        try:
            _check(settings, models)
        except InvalidInputError as error:
            where = f"In the condition {condition!r}: " if design.vary else ""
            raise InvalidInputError(f"{where}{error}") from None
    _check_annotators(design, models)
    everybody = {name for settings in design.conditions().values() for name in _names(settings)}
    for settings in design.conditions().values():
        strangers = [name for name in settings.models if name not in everybody]
        require(
            not strangers or not settings.participants,
            f"A model is given for {', '.join(strangers)}, but there are only: {', '.join(sorted(everybody))}.",
        )


def experiments(design: Design, models: Models, seed: int) -> dict[str, DiscussionExperiment]:
    """Return the experiment of each condition, by name.

    Raises
    ------
    InvalidInputError
        If the design is not complete.
    TrustError
        If it was read from a file and would do more than was allowed.
    """
    _check_trust(design, models)
    for condition, settings in design.conditions().items():
        missing = [name for name in _NEEDED if not getattr(settings, name)]
        where = f" in the condition {condition!r}" if design.vary else ""
        calls = ", ".join(_NEEDED[name] for name in missing)
        require(not missing, f"The design has no {' and no '.join(missing)} yet{where}. Call {calls}.")
    return {
        condition: _experiment(settings, models, design.discussions, seed)
        for condition, settings in design.conditions().items()
    }


def annotators(design: Design, models: Models) -> list[LLMActor]:
    """Return the design's annotators as actors; raises `TrustError` as `experiments` does."""
    _check_trust(design, models)
    return [_annotating(one, design, models) for one in design.annotators]


def scales(design: Design) -> list[Scale]:
    """Return the design's scales."""
    return [scale.make() for scale in design.scales]


def _check_trust(design: Design, models: Models) -> None:
    if models.guard:
        models.guard.check(design)


def _check_annotators(design: Design, models: Models) -> None:
    """Raise `InvalidInputError` if these annotators could not label anything together."""
    if design.annotators and (design.model or all(annotator.model for annotator in design.annotators)):
        AnnotationExperiment([_annotating(one, design, models) for one in design.annotators], scales(design))


def _check(settings: Settings, models: Models) -> None:
    number = len(settings.participants)
    if not number:
        return
    require(
        settings.per_discussion <= number,
        f"per_discussion is {settings.per_discussion}, but there are only {number} participants. Give more "
        "participants, or lower per_discussion.",
    )
    _experiment(settings, models, 1, 0)


def _experiment(settings: Settings, models: Models, number: int, seed: int) -> DiscussionExperiment:
    moderator = settings.moderator
    return DiscussionExperiment(
        topics=settings.topics or (_STAND_IN,),
        users=[_participant(person, settings, models) for person in settings.participants],
        moderator=_moderating(moderator, settings, models) if moderator else None,
        num_turns=settings.turns,
        num_discussions=number,
        num_active_users=settings.per_discussion,
        turn_manager=settings.turn_taking.make() if settings.turn_taking else None,
        window=settings.window,
        window_counts=settings.window_counts,
        stop=[condition.make() for condition in settings.stop],
        seed=seed,
    )


def _participant(person: LLMPersona, settings: Settings, models: Models) -> LLMActor:
    return LLMActor(
        model=_model_of(person.username, settings, models),
        name=person.username,
        attributes=person.to_attribute_list(),
        context=settings.context,
        instructions=settings.instructions,
    )


def _moderating(moderator: Moderator, settings: Settings, models: Models) -> LLMActor:
    return LLMActor(
        model=_model_of(moderator.name, settings, models),
        name=moderator.name,
        attributes=moderator.attributes,
        context=settings.context,
        instructions=moderator.instructions,
    )


def _annotating(annotator: Annotator, design: Design, models: Models) -> LLMActor:
    part = annotator.model or design.model
    if part is None:
        raise InvalidInputError(
            f"The annotator {annotator.name!r} has no model. Give it one, or call .model(...) for all."
        )
    return LLMActor(
        model=models.make(part),
        name=annotator.name,
        attributes=annotator.attributes,
        context=annotator.context,
        instructions=annotator.instructions,
        actor_type=ActorType.ANNOTATOR,
    )


def _model_of(name: str, settings: Settings, models: Models) -> Model:
    part = settings.models.get(name) or settings.model
    return models.make(part) if part else ScriptedModel(_STAND_IN, name=_STAND_IN)


def _names(settings: Settings) -> Iterable[str]:
    """Return the names of all who may speak."""
    moderator = [settings.moderator.name] if settings.moderator else []
    return [*(person.username for person in settings.participants), *moderator]
