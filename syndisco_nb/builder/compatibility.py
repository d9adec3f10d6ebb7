"""Check that the settings of a design fit together, without building anything that runs."""

from syndisco_nb.backend.turn_manager import RoundRobin
from syndisco_nb.builder.design import Design, Settings
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.experiments.feasibility import check_feasible
from syndisco_nb.experiments.model_checks import check_model_names
from syndisco_nb.jobs.actor_checks import check_moderator_name, check_user_names

_SETTINGS = {"users": "participants", "turn_manager": "turn_taking"}
"""Settings of a design, by the arguments of a `DiscussionExperiment` that they become."""


def check_compatible(design: Design, models: LiveModels) -> None:
    """Raise `InvalidInputError` unless the settings given so far fit together, in every condition.

    Parameters
    ----------
    design : Design
        Need not be complete.
    models : LiveModels
        The live models of its parts.
    """
    for condition, settings in design.conditions().items():
        try:
            _check_settings(settings, models)
        except InvalidInputError as error:
            where = f"In the condition {condition!r}: " if design.vary else ""
            raise InvalidInputError(f"{where}{error}", field=_SETTINGS.get(error.field, error.field)) from None
    _check_annotators(design, models)
    _check_model_owners(design)


def _check_settings(settings: Settings, models: LiveModels) -> None:
    names = [person.username.strip() for person in settings.participants]
    check_user_names(names)
    if settings.moderator:
        require(settings.moderator.name.strip(), "name is empty, but a moderator needs one.", "moderator.name")
        check_moderator_name(settings.moderator.name, names)
    for condition in settings.stop:
        condition.make()
    manager = settings.turn_taking.make() if settings.turn_taking else RoundRobin()
    if names:
        check_feasible(names, settings.topics, manager, settings.per_discussion, ("per_discussion", "participant"))
    speaking = map(settings.model_of, settings.names()) if names else settings.models.values()
    check_model_names([models.make(part) for part in speaking if part])


def _check_annotators(design: Design, models: LiveModels) -> None:
    parts = [annotator.model or design.model for annotator in design.annotators]
    check_model_names([models.make(part) for part in parts if part])


def _check_model_owners(design: Design) -> None:
    """Raise `InvalidInputError` if somebody has a model of their own, but takes part in no condition."""
    conditions = design.conditions().values()
    everybody = {name for settings in conditions for name in settings.names()}
    for settings in conditions:
        strangers = [name for name in settings.models if name not in everybody]
        require(
            not strangers or not settings.participants,
            f"A model is given for {', '.join(strangers)}, but there are only: {', '.join(sorted(everybody))}.",
            "models",
        )
