"""The discussions that a person labels, and the labels that others gave them."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from syndisco_nb.errors import require
from syndisco_nb.experiments.labelled_discussions import DiscussionTexts, readable_discussions
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_parts, discussion_name
from syndisco_nb.runs.files import path_to
from syndisco_nb.runs.layout import PathLike, Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.serialization import read_record

OtherLabels = Run[AnnotationSet] | AnnotationSet | Iterable[AnnotationSet]
"""Labels of other annotators: a run, or the sets themselves."""


class LabellingSource(NamedTuple):
    """A discussion to label, read when its turn comes."""

    name: str
    texts: DiscussionTexts
    read: Callable[[], Transcript]


def labelling_sources(
    discussions: PathLike | Transcript | Iterable[Transcript], folder: Path
) -> tuple[list[LabellingSource], list[Skipped], str | list[str]]:
    """Return the discussions to label.

    Parameters
    ----------
    discussions : str, path-like, Transcript or iterable of Transcript
        A folder of discussions, or some of its transcripts.
    folder : Path
        The run folder of the labels.

    Returns
    -------
    sources : list of LabellingSource
    skipped : list of Skipped
        Files of the folder that hold no discussion.
    named : str or list of str
        The discussions as run.json names them: the path of the folder, or the ids of the transcripts.

    Raises
    ------
    InvalidInputError
        If there is no discussion, or two have the same name.
    """
    if isinstance(discussions, str | os.PathLike):
        path = Path(discussions).expanduser()
        readable, skipped = readable_discussions(path)
        sources = [LabellingSource(file.stem, texts, _reader(file)) for file, texts in readable.items()]
        return sources, skipped, path_to(path, folder)
    transcripts = [discussions] if isinstance(discussions, Transcript) else list(discussions)
    require(transcripts, "discussions is empty. Give at least one transcript, or the folder of a run.", "discussions")
    sources = []
    for transcript in transcripts:
        known = isinstance(transcript, Transcript)
        require(known, f"discussions holds {transcript!r}, but must hold Transcripts.", "discussions")
        name = discussion_name(transcript.index)
        require(
            name not in [source.name for source in sources],
            f"Two transcripts are called {name}. Label those of different runs into folders of their own.",
            "discussions",
        )
        sources.append(LabellingSource(name, DiscussionTexts.of(transcript), _holder(transcript)))
    return sources, [], [transcript.id for transcript in transcripts]


def labels_about(discussion: str, transcript: Transcript, others: OtherLabels) -> list[AnnotationSet]:
    """Return the annotation sets about a discussion; of a run, only their files are read.

    Parameters
    ----------
    discussion : str
        The name of the discussion.
    transcript : Transcript
        The discussion.
    others : Run, AnnotationSet or iterable of AnnotationSet
    """
    if isinstance(others, Run):
        require(others.holds is AnnotationSet, f"others is {others!r}, but must hold annotation sets.", "others")
        parts = map(annotation_parts, others.names)
        sets = [others[place] for place, names in enumerate(parts) if names and names[0] == discussion]
    else:
        sets = [others] if isinstance(others, AnnotationSet) else list(others)
    for one in sets:
        require(isinstance(one, AnnotationSet), f"others holds {one!r}, but must hold AnnotationSets.", "others")
    return [one for one in sets if one.discussion_id == transcript.id]


def _reader(file: Path) -> Callable[[], Transcript]:
    return lambda: read_record(Transcript, file)


def _holder(transcript: Transcript) -> Callable[[], Transcript]:
    return lambda: transcript
