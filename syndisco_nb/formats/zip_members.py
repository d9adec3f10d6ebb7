"""Files within zip files, those that are compressed with Zstandard included."""

import io
import zipfile
import zlib

from syndisco_nb.errors import MissingDependencyError, RecordError

LARGEST_MEMBER = 1 << 30
"""Size in bytes of the largest file within a zip file that is read, which may be much larger than the zip itself."""

_ZSTANDARD = 93  # the number of the method in the zip format
_LOCAL_HEADER = 30  # bytes, before the name


def opened_zip(data: bytes) -> zipfile.ZipFile | None:
    """Return a zip file, to be opened once however many files are in it; None if it is none."""
    if not data.startswith(b"PK"):
        return None
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None


def read_member(archive: zipfile.ZipFile | None, data: bytes, name: str, where: str) -> bytes:
    """Return the content of a file within a zip file.

    Parameters
    ----------
    archive : ZipFile or None
        As `opened_zip` returns it.
    data : bytes
        The zip file.
    name : str
    where : str
        Name of the zip file in an error.

    Raises
    ------
    RecordError
        If it is not there, is damaged, or larger than a GiB.
    MissingDependencyError
        If it needs a package that is missing.
    """
    if archive is None:
        raise RecordError(f"{where} cannot be read: {name} in it is damaged (it is no zip file).")
    try:
        info = archive.getinfo(name)
        if info.file_size > LARGEST_MEMBER:
            raise RecordError(f"{where} cannot be read: {name} in it is larger than 1 GiB.")
        return _zstandard(data, info, where) if info.compress_type == _ZSTANDARD else archive.read(info)
    except RecordError:
        raise
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError) as error:
        raise RecordError(f"{where} cannot be read: {name} in it is damaged ({error}).") from None


def _zstandard(data: bytes, info: zipfile.ZipInfo, where: str) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise MissingDependencyError(
            f'{where} is compressed with Zstandard. To read it, run: pip install "syndisco-nb[files]"'
        ) from None
    header = data[info.header_offset : info.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER:
        raise ValueError("it is cut off")
    name_length, extra_length = (int.from_bytes(header[place : place + 2], "little") for place in (26, 28))
    begin = info.header_offset + _LOCAL_HEADER + name_length + extra_length
    packed = data[begin : begin + info.compress_size]
    try:
        with zstandard.ZstdDecompressor().stream_reader(packed) as reader:
            content = reader.read(info.file_size + 1)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None
    if len(content) != info.file_size:
        raise ValueError("it has another size than it says")
    return content
