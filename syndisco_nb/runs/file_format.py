"""The header of every file that the package writes: the name and version of its format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndisco_nb.errors import NewerVersionError, RecordError, short_repr

RUN_VERSION = 2
"""Version of all files in a run folder."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format, as the first two fields of a file name it.

    Attributes
    ----------
    name : str
        For example "syndisco_nb/run".
    version : int
        The version that is written, and the newest that is read.
    """

    name: str
    version: int = RUN_VERSION

    def header(self) -> dict[str, Any]:
        """Return the two fields with which a file begins."""
        return {"format": self.name, "version": self.version}

    def without_header(self, document: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Return the rest of a document whose header is that of this format.

        Parameters
        ----------
        document : mapping
        where : str
            Name of the file in an error.

        Raises
        ------
        RecordError
            If the document has another format; a `NewerVersionError` if its version is newer.
        """
        rest = dict(document)
        name, version = rest.pop("format", None), rest.pop("version", None)
        if name != self.name:
            remedy = " Open it with syndisco_nb.load if another tool wrote it." if name is version is None else ""
            raise RecordError(f"{where} is not a {self.name} file (its format is {short_repr(name, 60)}).{remedy}")
        if not isinstance(version, int) or version > self.version:
            kind = NewerVersionError if isinstance(version, int) else RecordError
            raise kind(
                f"{where} has version {short_repr(version, 40)} of its format, but this package reads up to "
                f"{self.version}. Upgrade syndisco_nb to read it."
            )
        return rest
