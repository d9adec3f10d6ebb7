"""Build the experiments, annotators and scales of a design."""

from collections.abc import Iterable

from syndisco_nb.backend.actors import ActorType, LLMActor
from syndisco_nb.backend.scale import Scale
from syndisco_nb.builder.design import Annotator, Design, Settings
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.parts import Part
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.experiments import DiscussionExperiment

_REQUIRED = {"model": ".model(...)", "participants": ".participants(...)", "topics": ".topics(...)"}
"""The settings that every condition needs, and the calls of the builder that set them."""


def build_experiments(design: Design, models: LiveModels, seed: int | None) -> dict[str, DiscussionExperiment]:
    """Return the experiment of each condition, by the condition's name.

    Parameters
    ----------
    design : Design
    models : LiveModels
        Its models, ready to answer.
    seed : int, optional
        The seed of all experiments.

    Raises
    ------
    InvalidInputError
        If the design is not complete.
    TrustError
        If it was read from a file and would do more than was allowed.
    """
    models.check_trust(design)
    conditions = design.conditions()
    for condition, settings in conditions.items():
        missing = [name for name in _REQUIRED if not getattr(settings, name)]
        where = f" in the condition {condition!r}" if design.vary else ""
        calls = ", ".join(_REQUIRED[name] for name in missing)
        require(
            not missing,
            f"The design has no {' and no '.join(missing)} yet{where}. Call {calls}, or add it to the design's file.",
            "".join(missing[:1]),
        )
    for annotator in design.annotators:  # before hours are spent on discussions that they could not label
        _annotator_model(annotator, design)
    experiments = {
        condition: _experiment(settings, models, design.discussions, seed) for condition, settings in conditions.items()
    }
    for experiment in experiments.values():
        experiment.cast = design.cast()
    return experiments


def build_annotators(design: Design, models: LiveModels) -> list[LLMActor]:
    """Return the design's annotators as actors.

    Parameters
    ----------
    design : Design
    models : LiveModels
        Its models, ready to answer.

    Raises
    ------
    InvalidInputError
        If an annotator has no model.
    TrustError
        If the design was read from a file and would do more than was allowed.
    """
    models.check_trust(design)
    return [_annotator(annotator, design, models) for annotator in design.annotators]


def build_scales(design: Design) -> list[Scale]:
    """Return the design's scales."""
    return [scale.make() for scale in design.scales]


def _experiment(settings: Settings, models: LiveModels, discussions: int, seed: int | None) -> DiscussionExperiment:
    moderator = settings.moderator
    return DiscussionExperiment(
        topics=settings.topics,
        users=[
            _actor(person.username, person.to_attribute_list(), settings.instructions, settings, models)
            for person in settings.participants
        ],
        moderator=_actor(moderator.name, moderator.attributes, moderator.instructions, settings, models)
        if moderator
        else None,
        num_turns=settings.turns,
        num_discussions=discussions,
        num_active_users=settings.per_discussion,
        turn_manager=settings.turn_taking.make() if settings.turn_taking else None,
        window=settings.window,
        window_counts=settings.window_counts,
        stop=[condition.make() for condition in settings.stop],
        seed=seed,
    )


def _actor(name: str, attributes: Iterable[str], instructions: str, settings: Settings, models: LiveModels) -> LLMActor:
    part = settings.model_of(name)
    assert part is not None  # noqa: S101  (`build_experiments` refuses a condition without a model)
    return LLMActor(
        model=models.make(part),
        name=name,
        attributes=attributes,
        context=settings.context,
        instructions=instructions,
    )


def _annotator(annotator: Annotator, design: Design, models: LiveModels) -> LLMActor:
    return LLMActor(
        model=models.make(_annotator_model(annotator, design)),
        name=annotator.name,
        attributes=annotator.attributes,
        context=annotator.context,
        instructions=annotator.instructions,
        actor_type=ActorType.ANNOTATOR,
    )


def _annotator_model(annotator: Annotator, design: Design) -> Part:
    """Return the model of an annotator, or raise `InvalidInputError` if there is none."""
    part = annotator.model or design.model
    if part is None:
        varied = " The model of the participants is varied." if "model" in design.vary else ""
        raise InvalidInputError(
            f"The annotator {annotator.name!r} has no model.{varied} Give it one of its own, or call .model(...) for "
            "all.",
            field="annotators",
        )
    return part
