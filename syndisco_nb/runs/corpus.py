"""`Corpus`: discussions that another tool recorded, or people held, read into memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TypeVar, overload

from syndisco_nb import doors
from syndisco_nb.analysed import Analysed
from syndisco_nb.errors import UnknownItemError, require, short_repr
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.runs.layout import PathLike, Skipped
from syndisco_nb.runs.shown_tables import SkippedFiles
from syndisco_nb.wording import count

Item = TypeVar("Item", Transcript, AnnotationSet)


class Corpus(Sequence[Transcript], Analysed):
    """Discussions from elsewhere: a sequence of transcripts, with their labels.

    It can be shown, viewed, searched, labelled, analysed and exported like a run; `syndisco_nb.load` reads one.

    Parameters
    ----------
    transcripts : iterable of Transcript
    annotations : iterable of AnnotationSet, optional
    skipped : iterable of Skipped, optional
    source : Path, optional

    Raises
    ------
    InvalidInputError
        If something else is given than transcripts and annotation sets.

    Attributes
    ----------
    annotations : Records of AnnotationSet
        The labels that were there, one set for each annotator and discussion.
    skipped : list of Skipped
        Files that were skipped, and why.
    source : Path or None
        The file or folder from which it was read; None for a table in memory.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> corpus = Corpus([snb.Discussion(users, num_turns=2, seed=1).run()])
    >>> corpus
    <Corpus: 1 discussion, 2 comments>
    >>> corpus[0][0].text
    'Why?'
    """

    def __init__(
        self,
        transcripts: Iterable[Transcript],
        annotations: Iterable[AnnotationSet] = (),
        skipped: Iterable[Skipped] = (),
        source: Path | None = None,
    ) -> None:
        given = _checked("transcripts", transcripts, Transcript)
        cast = tuple(dict.fromkeys(name for transcript in given for name in transcript.everybody))
        self._transcripts = tuple(replace(transcript, cast=cast) for transcript in given)
        self.annotations: Records[AnnotationSet] = Records(_checked("annotations", annotations, AnnotationSet))
        self.skipped: list[Skipped] = SkippedFiles(skipped)
        self.source = source

    @property
    def names(self) -> list[str]:
        """The names of the discussions, in order."""
        return [transcript.name for transcript in self]

    def save(self, folder: PathLike) -> Path:
        """Write all of it as files of this package, from which `syndisco_nb.load` makes an equal corpus.

        Files that were skipped, and the source, are not kept.

        Parameters
        ----------
        folder : str or path-like
            A new folder, or one with an earlier version of these files alone.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InvalidInputError
            If the folder holds something else.
        StorageError
            If a file cannot be written.
        """
        return doors.save_corpus(self, folder)

    @overload
    def __getitem__(self, place: int) -> Transcript: ...
    @overload
    def __getitem__(self, place: slice) -> Records[Transcript]: ...
    def __getitem__(self, place: int | slice) -> Transcript | Records[Transcript]:
        if isinstance(place, slice):
            return Records(self._transcripts[place])
        if isinstance(place, str):
            here = f"It is corpus[{self.names.index(place)}]." if place in self.names else "Their names are in names."
            raise UnknownItemError(f"There is no corpus[{short_repr(place)}]: discussions are taken by number. {here}")
        try:
            return self._transcripts[place]
        except IndexError:
            raise UnknownItemError(
                f"There is no corpus[{place}]: it has {count(len(self), 'discussion')}. Take one from 0 to "
                f"{len(self) - 1}, or from the end by negative numbers."
            ) from None

    def __iter__(self) -> Iterator[Transcript]:
        return iter(self._transcripts)

    def __len__(self) -> int:
        return len(self._transcripts)

    def __repr__(self) -> str:
        labels = f", {count(len(self.annotations), 'annotation set')}" if self.annotations else ""
        skipped = f", {count(len(self.skipped), 'file')} skipped" if self.skipped else ""
        source = f" {str(self.source)!r}" if self.source else ""
        comments = count(sum(map(len, self)), "comment")
        return f"<Corpus{source}: {count(len(self), 'discussion')}, {comments}{labels}{skipped}>"


def _checked(name: str, given: Iterable[Item], kind: type[Item]) -> tuple[Item, ...]:
    require(
        not isinstance(given, str | PurePath),
        f"{name} is {short_repr(given)}, but must be {kind.__name__}s. Read a file or folder with load(path).",
        name,
    )
    items = tuple(given) if isinstance(given, Iterable) else (given,)
    for one in items:
        require(
            isinstance(one, kind),
            f"{name} holds {short_repr(one)}, but must hold {kind.__name__}s, as a run or corpus does.",
            name,
        )
    return items
