"""Python that makes a single discussion or an annotation, of a design."""

from collections.abc import Mapping
from typing import Any

from syndisco_nb.backend.window import COUNTS
from syndisco_nb.builder.design import Annotator, Design, Moderator
from syndisco_nb.builder.python_code import IMPORT, PythonExpression, call, expression

_MODEL = PythonExpression("model")


def discussion_code(design: Design) -> str:
    """Return Python that makes the one discussion of a design, named `discussion`."""
    told = {"context": design.context, "instructions": design.instructions}
    actor = f"snb.LLMActor({_model('one.username', design)}, one.username, one.to_attribute_list(), **told)"
    arguments = {
        "users": PythonExpression(f"[{actor} for one in people]"),
        "moderator": design.moderator and _moderator(design.moderator, design),
        "topic": design.topics[0] if design.topics else "",
        "turn_manager": design.turn_taking,
        "num_turns": design.turns,
        "window": design.window,
        "window_counts": None if design.window_counts == COUNTS else design.window_counts,
        "stop": design.stop or None,
        "seed": design.seed,
    }
    body = "".join(f"    {name}={expression(value, 1)},\n" for name, value in arguments.items() if value is not None)
    return "\n".join(
        [
            IMPORT,
            f"model = {expression(design.model)}",
            *([f"models = {expression(design.models)}"] if design.models else []),
            f"people = {expression(design.participants)}",
            f"told = {expression(told)}",
            f"discussion = snb.Discussion(\n{body})\n",
        ]
    )


def annotation_code(design: Design, run: str, folder: str) -> str:
    """Return Python that has the annotators of a design label the discussions of a run.

    Parameters
    ----------
    design : Design
    run : str
        The run folder of the discussions.
    folder : str
        The folder of the labels.
    """
    seed = {} if design.seed is None else {"seed": design.seed}
    annotators = PythonExpression("annotators")
    experiment = call("snb.AnnotationExperiment", annotators, scales=design.scales, **_window(design), **seed)
    return "\n".join(
        [
            IMPORT,
            *([f"model = {expression(design.model)}"] if design.model else []),
            f"annotators = {expression([_annotator(one) for one in design.annotators])}",
            f"experiment = {experiment}",
            f"labels = {call('experiment.begin', run, folder)}\n",
        ]
    )


def labelling_code(design: Design, run: str, folder: str, person: str) -> str:
    """Return Python that lets a person label the discussions of a run by hand.

    Parameters
    ----------
    design : Design
    run : str
        The run folder of the discussions.
    folder : str
        The folder of the labels.
    person : str
    """
    labelling = call("snb.Labelling", run, design.scales, person, folder, **_window(design))
    return "\n".join([IMPORT, f"labelling = {labelling}", "labelling.widget()\n"])


def _model(name: str, design: Design) -> PythonExpression:
    return PythonExpression(f"models.get({name}, model)") if design.models else _MODEL


def _moderator(moderator: Moderator, design: Design) -> PythonExpression:
    told = {"attributes": moderator.attributes, "context": design.context, "instructions": moderator.instructions}
    return _actor(_model(repr(moderator.name), design), moderator.name, told)


def _annotator(annotator: Annotator) -> PythonExpression:
    told = {name: getattr(annotator, name) for name in ("attributes", "context", "instructions")}
    role = PythonExpression("snb.ActorType.ANNOTATOR")
    return _actor(annotator.model or _MODEL, annotator.name, {**told, "actor_type": role})


def _actor(model: Any, name: str, told: Mapping[str, Any]) -> PythonExpression:
    """Return the call that makes an actor, without empty arguments."""
    return call("snb.LLMActor", model, name, **{argument: value for argument, value in told.items() if value})


def _window(design: Design) -> dict[str, Any]:
    counts = {} if design.window_counts == COUNTS else {"window_counts": design.window_counts}
    return {"window": design.annotation_window, **counts}
