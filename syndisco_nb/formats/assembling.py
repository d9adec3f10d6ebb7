"""Put a corpus together from the contents of many files: numbers, names and ids of discussions, and annotators."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePath

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import FileContents, LooseLabels
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.wording import replace_surrogates, shortened

_LONGEST_NAME = 150  # bytes; the files of labels are named after it
_LONGEST_REASON = 600  # characters
_NOT_IN_NAMES = re.compile(r"[/\\\x00-\x1f]+|^\.+")


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
        self._original_ids: list[str] = []
        self._files: list[Path] = []
        self._loose: list[tuple[str, Path, FileContents]] = []
        self._names: dict[str, int] = {}
        self._by_file: dict[str, tuple[int, str]] = {}  # discussions named by their file alone, with its path
        self._ids: dict[str, int] = {}

    def add(self, source: SourceFile, contents: FileContents) -> None:
        """Add the contents of a file."""
        own: dict[str, Transcript] = {}
        several = len(contents.transcripts) > 1
        for number, transcript in enumerate(contents.transcripts):
            ending = f"-{number:05d}" if several else ""
            name = file_name(transcript.known_as or source.path.stem + ending)
            if not transcript.known_as:
                key, path = name.casefold(), file_name(str(PurePath(source.name).with_suffix("")) + ending)
                if key in self._names:  # as of a file in another folder
                    name = path
                    self._name_by_path(*self._by_file.pop(key, (0, "")))
                elif path != name:
                    self._by_file[key] = (len(self._transcripts), path)
            own[transcript.id] = replace(
                transcript,
                index=len(self._transcripts),
                known_as=_unique(name, self._names, str.casefold),  # some disks know no case
                id=_unique(transcript.id, self._ids),
            )
            self._transcripts.append(own[transcript.id])
            self._original_ids.append(transcript.id)
            self._files.append(source.path)
        for labels in contents.annotations:
            about = own[labels.discussion_id]
            self._annotations.append(replace(labels, discussion=about.name, discussion_id=about.id))
        if contents.labels:
            self._loose.append((source.name, source.path.parent, contents))

    def _name_by_path(self, place: int, path: str) -> None:
        """Name a discussion by the path of its file, now that another file has the same name."""
        if path:
            named = replace(self._transcripts[place], known_as=_unique(path, self._names, str.casefold))
            self._transcripts[place] = named
            self._annotations = [
                replace(labels, discussion=named.name) if labels.discussion_id == named.id else labels
                for labels in self._annotations
            ]

    def skip(self, file: str, reason: str) -> None:
        """Add a file that is skipped; what was found in it may be of any length.

        Parameters
        ----------
        file, reason : str
        """
        self.skipped.append(Skipped(file, shortened(reason, _LONGEST_REASON)))

    def corpus(self, source: Path | None) -> Corpus:
        """Return the corpus, once all files are added."""
        unread = [(source or Path()) / one.file for one in self.skipped]
        everywhere = self._found(range(len(self._transcripts)), unread)
        beside = self._by_folder(unread)
        for name, folder, contents in self._loose:
            near = beside.get(folder, everywhere)
            try:
                for labels in contents.labels:
                    self._annotations += _joined(labels, near, everywhere)
            except RecordError as error:
                self.skip(name, str(error))
        return Corpus(self._transcripts, numbered(self._annotations), self.skipped, source)

    def _by_folder(self, unread: Sequence[Path]) -> dict[Path, FoundDiscussions]:
        places: dict[Path, list[int]] = {}
        for place, file in enumerate(self._files):
            places.setdefault(file.parent, []).append(place)
        return {
            folder: self._found(own, [file for file in unread if file.parent == folder])
            for folder, own in places.items()
        }

    def _found(self, places: Sequence[int], unread: Sequence[Path]) -> FoundDiscussions:
        return FoundDiscussions(
            [self._transcripts[place] for place in places],
            [self._original_ids[place] for place in places],
            [self._files[place] for place in places],
            {file.stem for file in unread},
        )


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


def _joined(labels: LooseLabels, near: FoundDiscussions, everywhere: FoundDiscussions) -> list[AnnotationSet]:
    """Return labels with their discussions, of the same folder if they are there."""
    with contextlib.suppress(RecordError):
        return labels.join(near)
    return labels.join(everywhere)


def file_name(name: str) -> str:
    """Return the name of a discussion as one for files: short, no path, and none that is hidden."""
    safe = _NOT_IN_NAMES.sub("_", replace_surrogates(name).strip())
    return safe.encode()[:_LONGEST_NAME].decode(errors="ignore").strip() or "discussion"


def _unique(name: str, taken: dict[str, int], key: Callable[[str], str] = str) -> str:
    """Return the name, or the next free one after it, and take it.

    Parameters
    ----------
    name : str
    taken : dict of str to int
        For each name that is taken, the last number that was tried after it.
    key : callable
        Names with one key are the same.
    """
    free, number = name, taken.get(key(name), 1)
    while key(free) in taken:
        number += 1
        free = f"{name}-{number}"
    taken[key(name)] = number
    taken.setdefault(key(free), 1)
    return free
