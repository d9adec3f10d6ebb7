"""The comments that an experiment or a person labels: those of whole discussions, or a sample of them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import RecordError
from syndisco_nb.experiments.chosen_comments import ChosenComments
from syndisco_nb.experiments.labelling_sources import LabellingSource, labelling_sources
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import Skipped


@dataclass(frozen=True, slots=True)
class CommentsToLabel:
    """Discussions with the comments to label.

    Attributes
    ----------
    discussions : list of LabellingSource
        Each with the comments to label alone.
    skipped : tuple of Skipped
        Files that hold no discussion.
    spec : dict
        The discussions, and the sample if there is one, as run.json records them.
    order : list of tuple of int
        The comments in the order in which a person labels them: position of the discussion, and `Message.index`.
    """

    discussions: list[LabellingSource]
    skipped: tuple[Skipped, ...]
    spec: dict[str, Any]
    order: list[tuple[int, int]]

    @property
    def blind(self) -> bool:
        """Whether the names of the discussions tell conditions, which a person who labels must not learn."""
        return any(one.condition for one in self.discussions)


def comments_to_label(source: Any, folder: Path, scales: Sequence[Scale] = ()) -> CommentsToLabel:
    """Return the comments to label.

    Parameters
    ----------
    source : ChosenComments, or as for `labelling_sources`
        Of a sample that was begun in the folder, the one on record counts.
    folder : Path
        The run folder of the labels.
    scales : sequence of Scale
        The questions; some may be asked of participants or whole discussions, those of a sample included.

    Raises
    ------
    InvalidInputError
        If there is no discussion, or two have the same name.
    RunFolderError
        If a discussion of a sample that was begun is gone.
    """
    if not isinstance(source, ChosenComments):
        sources = labelling_sources(source)
        discussions = [one.with_wholes(scales) for one in sources.discussions]
        order = [(place, index) for place, one in enumerate(discussions) for index in one.texts.texts]
        return CommentsToLabel(discussions, sources.skipped, {"discussions": sources.named(folder)}, order)
    sample = source.recorded(_sample_on_record(folder))
    discussions = [one.with_wholes(scales) for one in sample.discussions()]
    places = {one.name: place for place, one in enumerate(discussions)}
    spec = {"discussions": sample.sources.named(folder), "sample": sample.spec}
    order = [(places[name], index) for name, index in sample.comments]
    return CommentsToLabel(discussions, sample.sources.skipped, spec, order)


def _sample_on_record(folder: Path) -> dict[str, Any]:
    """Return the sample that run.json in a folder records; an empty one if there is none."""
    with contextlib.suppress(RecordError):
        found = read_head(folder).spec.get("sample")
        return found if isinstance(found, dict) else {}
    return {}
