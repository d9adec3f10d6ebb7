"""`ChosenComments`: some comments of some discussions, in the order in which they are to be labelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from syndisco_nb.errors import RunFolderError
from syndisco_nb.experiments.labelling_sources import LabellingSource, LabellingSources


@dataclass(frozen=True, slots=True)
class ChosenComments:
    """Some comments of some discussions.

    Attributes
    ----------
    comments : tuple of tuple of str and int
        Name of the discussion, as in "facilitator.discussion-00003", and `Message.index` of the comment.
    sources : LabellingSources
        The discussions from which they were chosen.
    """

    comments: tuple[tuple[str, int], ...]
    sources: LabellingSources

    @property
    def spec(self) -> dict[str, Any]:
        """The comments as run.json records them."""
        return {"random": False, **self.places}

    @property
    def places(self) -> dict[str, Any]:
        """The ids of the discussions by name, and the comments, as plain data."""
        return {
            "discussions": {one.name: one.texts.id for one in self.discussions()},
            "comments": [list(comment) for comment in self.comments],
        }

    def discussions(self) -> list[LabellingSource]:
        """Return their discussions, each with these comments alone, in the order of the sources."""
        wanted: dict[str, set[int]] = {}
        for name, index in self.comments:
            wanted.setdefault(name, set()).add(index)
        return [one.restricted(wanted[one.name]) for one in self.sources.discussions if one.name in wanted]

    def recorded(self, spec: Mapping[str, Any]) -> Self:
        """Return the comments to label in a folder whose run.json records others.

        Parameters
        ----------
        spec : mapping
            As `spec` was at that time; empty if nothing is on record.
        """
        return self

    def recorded_comments(self, spec: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
        """Return the comments that a run.json records.

        Parameters
        ----------
        spec : mapping
            As `spec` was at that time.

        Raises
        ------
        RunFolderError
            If one of their discussions is gone.
        """
        comments = tuple((str(name), int(index)) for name, index in spec["comments"])
        gone = {name for name, _ in comments} - {one.name for one in self.sources.discussions}
        if gone:
            raise RunFolderError(
                f"The sample that was begun has comments of {min(gone)}, which is not among the discussions any more. "
                "Put it back, or use another folder."
            )
        return comments
