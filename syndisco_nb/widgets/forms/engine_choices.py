"""Words for the kinds that a form offers, and the models that are not installed."""

from collections.abc import Mapping

from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.backend.model import Model

MODEL_WORDS: Mapping[str, str] = {name: kind.words for name, kind in kinds_of(Model).items()}
PART_WORDS: Mapping[str, str] = {name: kind.words for name, kind in kinds_of(Kind).items() if name not in MODEL_WORDS}


def missing_engines() -> dict[str, str]:
    """Return the models that are not installed, each with the command that installs it."""
    return {name: command for name, kind in kinds_of(Model).items() if (command := kind.missing())}
