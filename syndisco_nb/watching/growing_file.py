"""What has been added to a growing file of lines since somebody last looked."""

import os
from pathlib import Path

_MOST = 4 * 2**20
"""Bytes read at a time: what was there long before is read bit by bit."""


class Tail:
    """The end of a file, as it grows.

    Parameters
    ----------
    path : Path
        A file of lines; it need not be there yet, and may go away.

    Attributes
    ----------
    began_anew : bool
        Whether the last look found a file that is not the one seen before, or that has been cut: what its lines said
        counts no more.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.began_anew = False
        self._at = 0
        self._known = (0, 0)  # inode and size

    def look(self, found: os.stat_result) -> list[bytes]:
        """Return the lines that are whole by now, and new; `found` is what the file system says of the file."""
        known, self._known = self._known, (found.st_ino, found.st_size)
        self.began_anew = self._at > 0 and (found.st_ino != known[0] or found.st_size < self._at)
        if self.began_anew:
            self._at = 0
        if found.st_size <= self._at:
            return []
        try:
            with self.path.open("rb") as file:
                file.seek(self._at)
                data = file.read(_MOST)
        except FileNotFoundError:
            return []
        end = data.rfind(b"\n") + 1
        self._at += end
        return data[:end].split(b"\n")[:-1]
