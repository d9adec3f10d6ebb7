"""Read a file of lines while another process appends to it."""

import os
from pathlib import Path

_MOST_BYTES = 4 * 2**20
"""Bytes read at a time, so that a large file does not keep the caller waiting."""


class GrowingFile:
    """A file of lines that grows.

    Parameters
    ----------
    path : Path
        It need not exist yet, and may be deleted.

    Attributes
    ----------
    began_anew : bool
        Whether the last call of `new_lines` found another file, or one that was cut: earlier lines no longer count.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.began_anew = False
        self._offset = 0
        self._inode = 0

    def new_lines(self, status: os.stat_result) -> list[bytes]:
        """Return the whole lines that were added since the last call.

        Parameters
        ----------
        status : os.stat_result
            Status of the file, which callers often have from listing its folder.
        """
        inode, self._inode = self._inode, status.st_ino
        self.began_anew = self._offset > 0 and (status.st_ino != inode or status.st_size < self._offset)
        if self.began_anew:
            self._offset = 0
        if status.st_size <= self._offset:
            return []
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read(_MOST_BYTES)
        except FileNotFoundError:
            return []
        end = data.rfind(b"\n") + 1
        self._offset += end
        return data[:end].split(b"\n")[:-1]
