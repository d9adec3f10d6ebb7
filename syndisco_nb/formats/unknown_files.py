"""Say what a file is that holds no discussion, and what to do with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.wording import count, listed, shortened

_MAGIC: Sequence[tuple[str, str]] = (
    (r"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|RIFF.{4}WEBP|.{4}ftyp(?:heic|avif)", "a picture"),
    (r"%PDF-", "a PDF. Copy its text into a table of comments, or get the data that it was made of"),
    (r"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or Word file (.doc). Save it as .xlsx, or as a CSV table"),
    (r"\x80[\x02-\x05].*\.\Z", "a pickle, which could run code: it is never read. Save its table as CSV or Parquet"),
    (r"SQLite format 3\x00", "an SQLite database. Save its table of comments as CSV"),
    (r"\x89HDF", "an HDF5 file. Save its table of comments as CSV or Parquet"),
    (r"RD[AX][23]\n", "a file of R. Save its table of comments as CSV"),
    (r"\x1f\x8b", "compressed with gzip. Unpack it"),
    (r"BZh|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!|.{257}ustar", "compressed, or an archive. Unpack it"),
    (r"ID3|OggS|fLaC|RIFF.{4}(?:WAVE|AVI )|.{4}ftyp|\x1a\x45\xdf\xa3|\xff[\xfb\xf3\xf2]", "a recording. Transcribe it"),
    (r"\{\\rtf", "a rich text file (RTF). Copy its text into a table of comments"),
    (r"(?i:\s*<(?:!doctype )?html)", "a web page. Copy its comments into a table"),
    (r"(?:\xef\xbb\xbf)?\s*<(?:\?xml|\w.*>\s*\Z)", "XML without discussions"),
)  # fmt: skip
"""Patterns of the bytes of files, and the kind of file that has such."""

_KINDS = [(re.compile(pattern.encode("latin-1"), re.DOTALL), kind) for pattern, kind in _MAGIC]
_SHOWN = 8  # keys that a message names


def unknown_format(source: SourceFile) -> str:
    """Return in words why a file is of no format that is read."""
    return f"{source.name} {_kind(source)}."


def _kind(source: SourceFile) -> str:
    if source.is_folder:
        return "is a folder without discussions"
    if not source.data.strip():
        return "is empty"
    if source.data.startswith(b"PK"):
        return _zip_kind(source.members)
    for pattern, kind in _KINDS:
        if pattern.match(source.data):
            return f"is {kind}"
    if not source.text:
        return "is no text, and of no format that is read; docs/formats.md lists them"
    if source.document is not None:
        return _json_kind(source.document)
    if source.lines:
        return f"holds JSON Lines without comments: {_keys(source.lines)}"
    if source.json_fault:
        return f"cannot be read: {source.json_fault}"
    return (
        "is plain text, which does not tell comments apart. Give them as a table, with a column for the name of the "
        "speaker and one for the text"
    )


def _zip_kind(members: Sequence[str]) -> str:
    kinds = {
        "word/": "a Word document. Copy its text into a table of comments",
        "ppt/": "a presentation. Copy its text into a table of comments",
        "META-INF/manifest.xml": "an OpenDocument file. Save its table of comments as .xlsx or CSV",
    }
    if not members:
        return "is a damaged zip or Excel file. Copy or download it again"
    kind = next((words for start, words in kinds.items() if any(name.startswith(start) for name in members)), "")
    return f"is {kind}" if kind else f"is a zip file of {count(len(members), 'file')}. Unpack it, and load the folder"


def _json_kind(document: Any) -> str:
    if isinstance(document, Mapping):
        if "nbformat" in document:
            return "is a Jupyter notebook"
        return f"holds JSON without comments: {_keys([document])}"
    first = document[0] if document else None
    if isinstance(first, Mapping):
        people = {"username", "persona", "age"} & first.keys()
        hint = ". People are read by load_personas" if people else ""
        return f"holds a JSON list without comments: {_keys(document)}{hint}"
    return f"holds a JSON list of {count(len(document), 'item')} without comments"


def _keys(objects: Iterable[Any]) -> str:
    """Return the keys of JSON objects in words."""
    names = dict.fromkeys(key for one in objects if isinstance(one, Mapping) for key in one)
    return f"its keys are {listed([shortened(name, 30) for name in names], _SHOWN)}" if names else "it has no keys"
