"""The progress of people who label, whose labels count before a discussion is finished."""

from collections.abc import Iterable

from syndisco_nb.records import AnnotationSet
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.unfinished import is_by_hand
from syndisco_nb.wording import count


def labels_so_far(run: Run[AnnotationSet]) -> list[AnnotationSet]:
    """Return the finished labels of a run, and those of each discussion that a person has labelled in part.

    What models have begun does not count: which of its labels are there depends on what failed.

    Parameters
    ----------
    run : Run of AnnotationSet
    """
    begun = run.unfinished if is_by_hand(run.spec) else []
    return [*run, *(labels for labels in begun if labels.discussion_id)]


def progress_text(run: Run[AnnotationSet], labels: Iterable[AnnotationSet], comments: int) -> str:
    """Return the progress of a person who has not labelled everything, in words; "" for models, and where all is done.

    Parameters
    ----------
    run : Run of AnnotationSet
    labels : iterable of AnnotationSet
        As of `labels_so_far`.
    comments : int
        The number of comments in the discussions of the run, if it does not record a sample.
    """
    spec = run.spec
    if not is_by_hand(spec) or len(run) == run.total:
        return ""
    given = sum(len(one.labels) for one in labels)
    sample = spec.get("sample")
    total = (len(sample["comments"]) if sample else comments) * len(spec["scales"])
    names = ", ".join(str(one["name"]) for one in spec["annotators"])
    return f"{names} has given {given:,} of {count(total, 'label')} so far."
