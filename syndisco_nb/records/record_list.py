"""A list of records that shows itself in a notebook."""

from typing import Any, TypeVar

from syndisco_nb.analysed import Analysed
from syndisco_nb.records.annotation_set import AnnotationSet
from syndisco_nb.records.transcript import Transcript
from syndisco_nb.wording import count

RecordType = TypeVar("RecordType", bound=Transcript | AnnotationSet)


class Records(list[RecordType], Analysed):
    """Several transcripts, or annotation sets: a list that shows itself.

    Attributes
    ----------
    discussions : Material or None
        The discussions that labels of another tool are about, with their conditions; see `syndisco_nb.load_labels`.
    """

    discussions: Any = None

    def __repr__(self) -> str:
        noun = "annotation set" if self and isinstance(self[0], AnnotationSet) else "discussion"
        return f"<Records: {count(len(self), noun)}>"
