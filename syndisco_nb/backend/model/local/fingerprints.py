"""Fingerprints of weights: two models at one path are two, and one model at two paths is one."""

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
_WHOLE = 64 * 2**20  # bytes; of a larger file,
_SAMPLES = 256  # so many pieces are looked at
_PIECE = 4096


class _File(NamedTuple):
    path: Path
    name: str
    size: int
    inode: int
    modified: int
    changed: int


def fingerprint(path: Path) -> str:
    """Return a digest of a model's weights, configuration, tokenizer and chat template.

    Small files are read whole. Of a file of more than 64 MiB, 256 pieces of 4 KiB count, evenly spread from its
    first to its last byte, and its size. The place and name of the folder do not count.

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
    """Return the commit of a model from the hub that this computer holds; None if it holds none."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(repository, "config.json", revision=revision)
    except HFValidationError:  # no name of a repository
        return None
    return Path(found).parent.name if isinstance(found, str) else None


def _files(path: Path) -> list[_File]:
    if path.is_file():
        return [_look(path, "")]
    inside = [*path.iterdir(), *(path / _TEMPLATES).glob("*")]
    deciding = sorted(one for one in inside if one.suffix in _DECIDING and one.is_file())
    return [_look(one, one.relative_to(path).as_posix()) for one in deciding]


def _look(path: Path, name: str) -> _File:
    stat = path.stat()
    return _File(path, name, stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns)


@functools.lru_cache(maxsize=64)
def _digest(files: tuple[_File, ...]) -> str:
    whole = hashlib.blake2b(digest_size=16)
    for one in files:
        digest = hashlib.blake2b(f"{one.name}\0{one.size}\0".encode(), digest_size=16)
        with one.path.open("rb") as file:
            _read(file, one.size, digest)
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
