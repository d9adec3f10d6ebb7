"""The Python that does what a form of a discussion, or of an annotation, does; of a study, its builder writes it."""

from collections.abc import Iterable, Mapping
from typing import Any

from syndisco_nb.backend.window import COUNTS
from syndisco_nb.builder.design import Annotator, Design, Moderator

_IMPORT = "import syndisco_nb as snb\n"
_INDENT = "    "


def discussion_code(design: Design) -> str:
    """Return Python that makes the one discussion of this design, named `discussion`."""
    told = {"context": design.context, "instructions": design.instructions}
    actor = f"snb.LLMActor({_model('one.username', design)}, one.username, one.to_attribute_list(), **told)"
    given = {
        "users": f"[{actor} for one in people]",
        "moderator": design.moderator and _moderator(design.moderator, design),
        "topic": repr(design.topics[0]),
        "turn_manager": design.turn_taking and design.turn_taking.code(),
        "num_turns": repr(design.turns),
        "window": repr(design.window),
        "window_counts": None if design.window_counts == COUNTS else repr(design.window_counts),
        "stop": design.stop and f"[{', '.join(one.code() for one in design.stop)}]",
        "seed": None if design.seed is None else repr(design.seed),
    }
    models = ", ".join(f"{name!r}: {part.code()}" for name, part in design.models.items())
    return "\n".join(
        [
            _IMPORT,
            f"model = {design.model.code() if design.model else None}",
            *([f"models = {{{models}}}"] if models else []),
            f"people = {_listed(f'snb.{person!r}' for person in design.participants)}",
            f"told = {told!r}",
            f"discussion = snb.Discussion(\n{_lines(f'{name}={code}' for name, code in given.items() if code)})\n",
        ]
    )


def annotation_code(design: Design, run: str, folder: str) -> str:
    """Return Python that has the design's annotators label the discussions in a run's folder."""
    seed = "" if design.seed is None else f", seed={design.seed}"
    given = f"annotators, scales={_scales(design)}, {_window(design)}{seed}"
    return "\n".join(
        [
            _IMPORT,
            *([f"model = {design.model.code()}"] if design.model else []),
            f"annotators = {_listed(map(_annotator, design.annotators))}",
            f"experiment = snb.AnnotationExperiment({given})",
            f"labels = experiment.begin({run!r}, {folder!r})\n",
        ]
    )


def labelling_code(design: Design, run: str, folder: str, person: str) -> str:
    """Return Python that has a person label them by hand."""
    given = f"{run!r}, {_scales(design)}, {person!r}, {folder!r}, {_window(design)}"
    return "\n".join([_IMPORT, f"labelling = snb.Labelling({given})", "labelling.widget()\n"])


def _model(name: str, design: Design) -> str:
    return f"models.get({name}, model)" if design.models else "model"


def _moderator(moderator: Moderator, design: Design) -> str:
    told = {"attributes": list(moderator.attributes), "context": design.context, "instructions": moderator.instructions}
    given = [_model(repr(moderator.name), design), repr(moderator.name), _arguments(told)]
    return f"snb.LLMActor({', '.join(filter(None, given))})"


def _annotator(annotator: Annotator) -> str:
    model = annotator.model.code() if annotator.model else "model"
    told = {name: getattr(annotator, name) for name in ("attributes", "context", "instructions")}
    role = "actor_type=snb.ActorType.ANNOTATOR"
    return f"snb.LLMActor({', '.join(filter(None, [model, repr(annotator.name), _arguments(told), role]))})"


def _arguments(values: Mapping[str, Any]) -> str:
    """Return named arguments, but for those that are empty."""
    return ", ".join(f"{name}={value!r}" for name, value in values.items() if value)


def _window(design: Design) -> str:
    counts = "" if design.window_counts == COUNTS else f", window_counts={design.window_counts!r}"
    return f"window={design.annotation_window}{counts}"


def _scales(design: Design) -> str:
    return f"[{', '.join(scale.code() for scale in design.scales)}]"


def _listed(codes: Iterable[str]) -> str:
    return f"[\n{_lines(codes)}]"


def _lines(codes: Iterable[str]) -> str:
    return "".join(f"{_INDENT}{code},\n" for code in codes)
