"""`FoundDiscussions`: the discussions that were read, among which labels in files of their own find theirs."""

import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar, overload

from syndisco_nb.records import Transcript
from syndisco_nb.wording import listed

_Key = TypeVar("_Key")


class FoundDiscussions(Sequence[Transcript]):
    """A sequence of transcripts that finds some of them quickly.

    Parameters
    ----------
    transcripts : iterable of Transcript
    ids : sequence of str, optional
        The id of each in its file, where it has another now, because two files gave the same; by default its own.
    files : sequence of Path, optional
        The file of each; by default one of its name.
    unread : collection of str
        Names, without endings, of files that could not be read: they may have held discussions.

    Examples
    --------
    >>> from syndisco_nb import Transcript
    >>> found = FoundDiscussions([Transcript("a", 0, None, "", (), known_as="talk")])
    >>> [talk.name for talk in found.with_id("a")], found.with_id("b"), found.named("talk") == (found[0],)
    (['talk'], (), True)
    """

    def __init__(
        self,
        transcripts: Sequence[Transcript],
        ids: Sequence[str] | None = None,
        files: Sequence[Path] | None = None,
        unread: Collection[str] = (),
    ) -> None:
        self._transcripts = tuple(transcripts)
        self._ids = [one.id for one in self._transcripts] if ids is None else ids
        self._files = [Path(one.name) for one in self._transcripts] if files is None else files
        self.unread = unread
        self._by_names: dict[int, Mapping[tuple[str, ...], tuple[Transcript, ...]]] = {}

    def with_id(self, name: str) -> tuple[Transcript, ...]:
        """Return the discussions with this id in their files."""
        return self._by_id.get(name, ())

    def named(self, name: str) -> tuple[Transcript, ...]:
        """Return the discussions of this name."""
        return self._by_name.get(name, ())

    def called(self, names: Iterable[str], folder: str) -> list[Transcript]:
        """Return the discussions of one of these names, or out of files of these names.

        Of several in different folders, such as those of conditions, it is those in a folder of the name.

        Parameters
        ----------
        names : iterable of str
        folder : str
            Name of a folder.
        """
        places = sorted({place for name in names for place in self._by_names_of_files.get(name, ())})
        beside = [place for place in places if self._files[place].parent.name == folder]
        return [self._transcripts[place] for place in beside or places]

    def begun_by(self, speakers: tuple[str, ...]) -> tuple[Transcript, ...]:
        """Return the discussions whose first messages, silences included, are by these speakers, in this order."""
        number = len(speakers)
        if number not in self._by_names:
            self._by_names[number] = _grouped([names[:number] for names in self._speakers], self._transcripts)
        return self._by_names[number].get(speakers, ())

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[Transcript, ...]]:
        return _grouped(self._ids, self._transcripts)

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Transcript, ...]]:
        return _grouped([one.name for one in self._transcripts], self._transcripts)

    @cached_property
    def _by_names_of_files(self) -> Mapping[str, Sequence[int]]:
        places: dict[str, list[int]] = {}
        for place, (talk, file) in enumerate(zip(self._transcripts, self._files, strict=True)):
            for name in {talk.name, file.stem}:
                places.setdefault(name, []).append(place)
        return places

    @cached_property
    def _speakers(self) -> list[tuple[str, ...]]:
        return [tuple(message.name for message in one.messages) for one in self._transcripts]

    @overload
    def __getitem__(self, place: int) -> Transcript: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Transcript, ...]: ...
    def __getitem__(self, place: int | slice) -> Transcript | tuple[Transcript, ...]:
        return self._transcripts[place]

    def __iter__(self) -> Iterator[Transcript]:
        return iter(self._transcripts)

    def __len__(self) -> int:
        return len(self._transcripts)


def warn_of_absent(where: str, names: Iterable[str]) -> None:
    """Warn of labels on discussions that are not at hand, if there are any.

    Parameters
    ----------
    where : str
        The name of the file.
    names : iterable of str
        The names of the discussions.
    """
    absent = list(dict.fromkeys(names))
    if absent:
        warnings.warn(
            f"{where}: labels of discussions that are not here are left out: {listed(absent)}.",
            stacklevel=4,
        )


def _grouped(keys: Sequence[_Key], transcripts: Sequence[Transcript]) -> Mapping[_Key, tuple[Transcript, ...]]:
    groups: dict[_Key, list[Transcript]] = {}
    for key, transcript in zip(keys, transcripts, strict=True):
        groups.setdefault(key, []).append(transcript)
    return {key: tuple(group) for key, group in groups.items()}
