"""Fingerprints of weights, which identify a model by its contents instead of its path."""

import functools
import hashlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from syndisco_nb.errors import ModelError

_DECIDING = {
    ".bin",
    ".gguf",
    ".jinja",
    ".json",
    ".model",
    ".pt",
    ".pth",
    ".py",
    ".safetensors",
    ".tiktoken",
    ".txt",
    ".xml",
}
_TEMPLATES = "additional_chat_templates"
_WHOLE = 64 * 2**20  # bytes; a larger file is sampled
_SAMPLES = 256  # pieces
_PIECE = 4096  # bytes


class _File(NamedTuple):
    """A file and its status, from which a change is told."""

    path: Path
    name: str
    size: int
    inode: int
    modified: int
    changed: int


def fingerprint(path: Path) -> str:
    """Return a digest of a model's weights, configuration, tokenizer and chat template.

    Files of up to 64 MiB are read whole; of larger ones, 256 evenly spread pieces of 4 KiB and the size. The path of
    the folder does not count.

    Parameters
    ----------
    path : Path
        A folder, or a file that holds the whole model.

    Raises
    ------
    ModelError
        If it cannot be read.
    """
    try:
        return _digest(tuple(_files(path)))
    except OSError as error:
        raise ModelError(f"The model {str(path)!r} cannot be read: {error.strerror}. Check the path.") from error


def snapshot(repository: str, revision: str | None = None) -> str | None:
    """Return the commit of a hub model in the local cache, or None.

    Parameters
    ----------
    repository : str
        A hub id.
    revision : str, optional
    """
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        config = try_to_load_from_cache(repository, "config.json", revision=revision)
    except HFValidationError:  # not a repository's name
        return None
    return Path(config).parent.name if isinstance(config, str) else None


def _files(path: Path) -> list[_File]:
    if path.is_file():
        return [_stat(path, "")]
    inside = [*path.iterdir(), *(path / _TEMPLATES).glob("*")]
    deciding = sorted(file for file in inside if file.suffix in _DECIDING and file.is_file())
    return [_stat(file, file.relative_to(path).as_posix()) for file in deciding]


def _stat(path: Path, name: str) -> _File:
    stat = path.stat()
    return _File(path, name, stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns)


@functools.lru_cache(maxsize=64)
def _digest(files: tuple[_File, ...]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for file in files:
        digest = hashlib.blake2b(f"{file.name}\0{file.size}\0".encode(), digest_size=16)
        with file.path.open("rb") as opened:
            _read(opened, file.size, digest)
        whole.update(digest.digest())
    return whole.hexdigest()


def _read(file: BinaryIO, size: int, digest: "hashlib.blake2b") -> None:
    if size <= _WHOLE:
        for part in iter(lambda: file.read(2**20), b""):
            digest.update(part)
        return
    for number in range(_SAMPLES):
        file.seek((size - _PIECE) * number // (_SAMPLES - 1))
        digest.update(file.read(_PIECE))
