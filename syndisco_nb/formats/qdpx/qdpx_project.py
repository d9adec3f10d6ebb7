"""Project of a QDA program, as the exchange format REFI-QDA has it: users, codes, cases, sources and codings.

Programs differ in namespace, in the writing of GUIDs and paths, and leave out or add elements; see
https://www.qdasoftware.org for the standard, QDA-XML 1.0.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.source_file import SourceFile

_LARGEST = 200 * 2**20  # bytes of project.qde, which is read into a tree some ten times as large
_DEEPEST = 50  # codes within codes


@dataclass(frozen=True, slots=True)
class QdaCode:
    """A code of the codebook.

    Attributes
    ----------
    path : tuple of str
        The names of the codes above it, and its own.
    description : str
    children : tuple of QdaCode
    """

    path: tuple[str, ...]
    guid: str
    description: str
    children: "tuple[QdaCode, ...]"


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """A code that a user gave to a selection, or to a whole source.

    Attributes
    ----------
    code, user : str
        GUIDs; the user's may be "".
    note : str
        Its memo.
    """

    code: str
    user: str
    note: str


@dataclass(frozen=True, slots=True)
class QdaSelection:
    """A part of a source.

    Attributes
    ----------
    name, guid : str
    start, end : int
        Its first character, and the one behind it, as the program counts them.
    codings : tuple of QdaCoding
    """

    name: str
    guid: str
    start: int
    end: int
    codings: tuple[QdaCoding, ...]


@dataclass(frozen=True, slots=True)
class QdaSource:
    """A text.

    Attributes
    ----------
    name, guid, raw : str
        `raw` is the text.
    selections : tuple of QdaSelection
    codings : tuple of QdaCoding
        Of the whole source.
    variables : mapping of str to str
    """

    name: str
    guid: str
    raw: str
    selections: tuple[QdaSelection, ...]
    codings: tuple[QdaCoding, ...]
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QdaCase:
    """A case, such as a speaker.

    Attributes
    ----------
    name, description : str
    variables : mapping of str to str
    members : frozenset of str
        GUIDs of its sources and selections.
    """

    name: str
    description: str
    variables: Mapping[str, str]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class QdaProject:
    """A project.

    Attributes
    ----------
    users : mapping of str to tuple of str
        Name and id of each user, by GUID.
    codes : tuple of QdaCode
        The top level of the codebook.
    cases : tuple of QdaCase
    sources : tuple of QdaSource
    left_out : tuple of str
        Names of the sources without a plain text: pictures, recordings, files that are not within the project.
    """

    users: Mapping[str, tuple[str, str]]
    codes: tuple[QdaCode, ...]
    cases: tuple[QdaCase, ...]
    sources: tuple[QdaSource, ...]
    left_out: tuple[str, ...]


def project_member(file: SourceFile) -> str:
    """Return the name of the project in a zip file; "" if there is none."""
    return next((name for name in file.members if name.lower().endswith(".qde")), "")


def read_project(file: SourceFile) -> QdaProject:
    """Return the project of a .qdpx file.

    Raises
    ------
    RecordError
        If it is damaged, no project, or holds a document type, which a project never needs.
    """
    root = _parsed(file.member(project_member(file)), file.name)
    if root.tag != "Project":
        raise RecordError(f"{file.name} holds a {root.tag}, but a .qdpx file holds a Project. Export it again.")
    reader = _ProjectReader(root, file)
    sources = {place: reader.source(place) for place in root.findall("Sources/*")}
    users = {_guid(user): (user.get("name", ""), user.get("id", "")) for user in root.findall("Users/User")}
    return QdaProject(
        users=users,
        codes=tuple(reader.code(code, ()) for code in root.findall("CodeBook/Codes/Code")),
        cases=tuple(reader.case(case) for case in root.findall("Cases/Case")),
        sources=tuple(source for source in sources.values() if source),
        left_out=tuple(place.get("name", "") or place.tag for place, source in sources.items() if not source),
    )


class _ProjectReader:
    """The elements of a project that others refer to."""

    def __init__(self, root: ElementTree.Element, file: SourceFile) -> None:
        self._file = file
        self._variables = {_guid(one): one.get("name", "") for one in root.findall("Variables/Variable")}
        self._notes = {_guid(note): note for note in root.findall("Notes/Note")}
        self._paths = {_base_name(name): name for name in file.members}

    def code(self, code: ElementTree.Element, above: tuple[str, ...]) -> QdaCode:
        path = (*above, code.get("name", ""))
        if len(path) > _DEEPEST:
            raise RecordError(f"{self._file.name} has codes within codes, {_DEEPEST} deep and more.")
        children = tuple(self.code(child, path) for child in code.findall("Code"))
        return QdaCode(path, _guid(code), _text_of(code, "Description"), children)

    def case(self, case: ElementTree.Element) -> QdaCase:
        refs = [_target(ref) for kind in ("SourceRef", "SelectionRef") for ref in case.findall(kind)]
        return QdaCase(case.get("name", ""), _text_of(case, "Description"), self._values(case), frozenset(refs))

    def source(self, place: ElementTree.Element) -> QdaSource | None:
        """Return a source; None without a plain text."""
        raw = self._raw(place) if place.tag == "TextSource" else None
        if raw is None:
            return None
        return QdaSource(
            name=place.get("name", ""),
            guid=_guid(place),
            raw=raw,
            selections=tuple(map(self._selection, place.findall("PlainTextSelection"))),
            codings=self._codings(place),
            variables=self._values(place),
        )

    def _selection(self, place: ElementTree.Element) -> QdaSelection:
        start, end = (self._position(place, name) for name in ("startPosition", "endPosition"))
        return QdaSelection(place.get("name", ""), _guid(place), start, end, self._codings(place))

    def _position(self, place: ElementTree.Element, name: str) -> int:
        text = place.get(name, "").strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 16):
            raise RecordError(f"{self._file.name}: the {name} of a selection is {text[:40]!r}, but must be a number.")
        return int(text)

    def _codings(self, place: ElementTree.Element) -> tuple[QdaCoding, ...]:
        made = []
        for coding in place.findall("Coding"):
            user = _bare(coding.get("creatingUser") or place.get("creatingUser") or "")
            notes = [
                self._notes[target] for ref in coding.findall("NoteRef") if (target := _target(ref)) in self._notes
            ]
            note = "\n".join(filter(None, map(self._raw, notes)))
            made += [QdaCoding(_target(ref), _bare(user), note) for ref in coding.findall("CodeRef")]
        return tuple(made)

    def _values(self, place: ElementTree.Element) -> dict[str, str]:
        values: dict[str, str] = {}
        for value in place.findall("VariableValue"):
            refs = [self._variables.get(_target(ref), "") for ref in value.findall("VariableRef")]
            texts = [one.text or "" for one in value if one.tag.endswith("Value")]
            values |= {name: texts[0] for name in refs if name and texts}
        return values

    def _raw(self, place: ElementTree.Element) -> str | None:
        """Return the text of a source or note; None if it is not within the file."""
        inline = place.find("PlainTextContent")
        if inline is not None:
            return inline.text or ""
        member = self._paths.get(_base_name(place.get("plainTextPath", "")))
        if member is None:
            return None
        try:
            return self._file.member(member).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise RecordError(f"{self._file.name}: {member} is not in UTF-8. Export the project again.") from None


class _PlainBuilder(ElementTree.TreeBuilder):
    """A tree of elements without namespaces, and without a document type."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse entities, which could stand for other files or for very long texts."""
        raise RecordError("It has a document type, which no project needs")

    def start(self, tag: Any, attrs: Any, /) -> ElementTree.Element:
        return super().start(tag.rpartition("}")[2], attrs)

    def end(self, tag: Any, /) -> ElementTree.Element:
        return super().end(tag.rpartition("}")[2])


def _parsed(data: bytes, name: str) -> ElementTree.Element:
    if len(data) > _LARGEST:
        raise RecordError(f"{name} cannot be read: its project is larger than {_LARGEST // 2**20} MiB.")
    parser = ElementTree.XMLParser(target=_PlainBuilder())  # noqa: S314  # no document type, hence no entities
    try:
        parser.feed(data)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError) as error:  # RecordError is a ValueError
        fault = f"its project is no valid XML: {error}" if isinstance(error, ElementTree.ParseError) else str(error)
        raise RecordError(f"{name} cannot be read: {fault}.") from None
    return root


def _guid(element: ElementTree.Element) -> str:
    return _bare(element.get("guid", ""))


def _target(ref: ElementTree.Element) -> str:
    return _bare(ref.get("targetGUID", ""))


def _bare(guid: str) -> str:
    """Return a GUID without braces, in small letters."""
    return guid.strip().strip("{}").lower()


def _base_name(path: str) -> str:
    """Return the last part of ``internal://…``, ``sources/…`` or a path of Windows, in small letters."""
    return path.replace("\\", "/").rpartition("/")[2].lower()


def _text_of(element: ElementTree.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def all_codes(codes: Iterable[QdaCode]) -> Iterator[QdaCode]:
    """Yield codes and all below them, each before those below it."""
    for code in codes:
        yield code
        yield from all_codes(code.children)
