"""`SourceFile`: a file, or folder, whose format is to be found out, with its content in the forms that formats need."""

import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

import pydantic_core

from syndisco_nb.backend.delimited import decode
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.zip_members import opened_zip, read_member
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.wording import replace_surrogates


class SourceFile:
    """A file, or a folder that is one piece of data, read at most once.

    Parameters
    ----------
    path : Path
    name : str
        Its name in messages: relative to the folder that is loaded.

    Attributes
    ----------
    path : Path
    name : str
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = replace_surrogates(name or path.name)  # as a name that is no UTF-8 has

    @cached_property
    def is_folder(self) -> bool:
        """True for a folder."""
        return self.path.is_dir()

    @cached_property
    def entries(self) -> frozenset[str]:
        """The names of the files and folders in a folder; empty for a file, and where they may not be seen."""
        try:
            return frozenset(path.name for path in self.path.iterdir()) if self.is_folder else frozenset()
        except OSError:
            return frozenset()

    @cached_property
    def data(self) -> bytes:
        """The content of the file; b"" of a folder.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        if self.is_folder:
            return b""
        try:
            return read_bounded(self.path)
        except OSError as error:
            raise RecordError(f"{self.name} cannot be read: {error.strerror}.") from None

    @cached_property
    def text(self) -> str:
        """The content as text; "" if it is none."""
        return self._decoded[0].lstrip("\ufeff")

    @property
    def guessed(self) -> bool:
        """True if the encoding of the text is a guess."""
        return self._decoded[1]

    @cached_property
    def document(self) -> Any:
        """The JSON value that is the whole content; None if it is no JSON."""
        return self._json[0]

    @property
    def json_fault(self) -> str:
        """The reason why a text that begins like JSON is none; "" if there is no fault."""
        return self._json[1]

    @cached_property
    def lines(self) -> list[Any]:
        """The JSON objects on the lines of a JSON Lines file; empty if it is none."""
        if self.text.lstrip()[:1] != "{" or (self.document is not None and "\n" in self.text.strip()):
            return []
        texts = [line for line in self.text.split("\n") if line.strip()]
        try:
            found = [pydantic_core.from_json(line, allow_inf_nan=False) for line in texts]
        except ValueError:
            return []
        return found if all(isinstance(one, dict) for one in found) else []

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The names of the files within a zip file; empty if it is none."""
        return tuple(self._archive.namelist()) if self._archive else ()

    def member(self, name: str) -> bytes:
        """Return the content of a file within a zip file.

        Raises
        ------
        RecordError
            If it is not there, is damaged, or larger than a GiB.
        MissingDependencyError
            If it needs a package that is missing.
        """
        return read_member(self._archive, self.data, name, self.name)

    @cached_property
    def _archive(self) -> zipfile.ZipFile | None:
        return opened_zip(self.data)

    @cached_property
    def _decoded(self) -> tuple[str, bool]:
        try:
            return decode(self.data)
        except ValueError:
            return "", False

    @cached_property
    def _json(self) -> tuple[Any, str]:
        if self.text.lstrip()[:1] not in ("{", "["):
            return None, ""
        try:
            return pydantic_core.from_json(self.text, allow_inf_nan=False), ""
        except ValueError as error:
            words, _, place = str(error).rpartition(" at ")
            return None, f"it was cut off, at {place}" if words.startswith("EOF") else f"invalid JSON: {error}"

    def __repr__(self) -> str:
        return f"<SourceFile {self.name}>"
