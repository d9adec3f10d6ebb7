"""Put a corpus together from the contents of many files: numbers, names and ids of discussions, and annotators."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import FileContents
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.layout import Skipped

_LONGEST_NAME = 150  # characters; the files of labels are named after it
_NOT_IN_NAMES = re.compile(r"[/\\\x00-\x1f]+")


class Assembly:
    """The discussions and labels of the files that were read so far.

    Attributes
    ----------
    skipped : list of Skipped
    """

    def __init__(self) -> None:
        self.skipped: list[Skipped] = []
        self._transcripts: list[Transcript] = []
        self._annotations: list[AnnotationSet] = []
        self._loose: list[tuple[str, FileContents]] = []
        self._names: set[str] = set()
        self._ids: set[str] = set()

    def add(self, source: SourceFile, contents: FileContents) -> None:
        """Add the contents of a file."""
        own: dict[str, Transcript] = {}
        several = len(contents.transcripts) > 1
        for number, transcript in enumerate(contents.transcripts):
            stem = source.path.stem
            name = _file_name(transcript.known_as or (f"{stem}-{number:05d}" if several else stem))
            own[transcript.id] = replace(
                transcript,
                index=len(self._transcripts),
                known_as=_unique(name, self._names),
                id=_unique(transcript.id, self._ids),
            )
            self._transcripts.append(own[transcript.id])
        for labels in contents.annotations:
            about = own[labels.discussion_id]
            self._annotations.append(replace(labels, discussion=about.name, discussion_id=about.id))
        if contents.labels:
            self._loose.append((source.name, contents))

    def corpus(self, source: Path | None) -> Corpus:
        """Return the corpus, once all files are added."""
        for name, contents in self._loose:
            try:
                for labels in contents.labels:
                    self._annotations += labels.join(self._transcripts)
            except RecordError as error:
                self.skipped.append(Skipped(name, str(error)))
        return Corpus(self._transcripts, numbered(self._annotations), self.skipped, source)


def numbered(annotations: Iterable[AnnotationSet]) -> list[AnnotationSet]:
    """Return annotation sets with numbers of annotators, which keep apart those who are described alike.

    An annotator gives one set of labels to a discussion. So where two sets on one discussion are by annotators who are
    described alike, they are two annotators.

    Parameters
    ----------
    annotations : iterable of AnnotationSet
        In order.
    """
    numbers: dict[tuple[str, int], int] = {}
    given: Counter[tuple[str, str]] = Counter()
    made = []
    for labels in annotations:
        annotator = json.dumps([labels.index, asdict(labels.annotator)], sort_keys=True)
        place = given[labels.discussion_id, annotator]
        given[labels.discussion_id, annotator] += 1
        index = numbers.setdefault((annotator, place), len(numbers))
        marked = tuple(replace(label, annotator=index) for label in labels.labels)
        made.append(replace(labels, index=index, labels=marked))
    return made


def _file_name(name: str) -> str:
    return _NOT_IN_NAMES.sub("_", name).strip()[:_LONGEST_NAME] or "discussion"


def _unique(name: str, taken: set[str]) -> str:
    """Return the name, or the next free one after it, and take it."""
    candidates = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    free = next(one for one in candidates if one not in taken)
    taken.add(free)
    return free
