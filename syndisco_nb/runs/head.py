"""run.json, the head of a run: its spec, seed, software, status, and a digest of each finished file."""

import codecs
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from syndisco_nb.errors import NewerVersionError, RecordError
from syndisco_nb.records import Label, Message
from syndisco_nb.runs.cost import Cost, spent
from syndisco_nb.runs.file_format import FileFormat
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.layout import HEAD_FILE, JOURNAL_FOLDER, Kind, Skipped, Status
from syndisco_nb.runs.serialization import parse_object, validated

RUN_FORMAT = FileFormat("syndisco_nb/run")


@dataclass(frozen=True, slots=True)
class RunHead:
    """The content of run.json.

    Attributes
    ----------
    kind : {"discussions", "annotations"}
        The units of the run.
    seed : int
        The seed of the whole run, given or drawn.
    spec : dict
        The settings of the experiment, as plain data.
    software : dict
        Versions of the packages that computed the answers.
    started, updated : str
        Time of the first start, and of the last change of status, in UTC.
    total : int
        Number of files once everything is finished.
    status : {"running", "paused", "finished", "partial", "interrupted", "failed"}
        See `Run.status`.
    reason : str
        As in `Run.reason`.
    skipped : tuple of Skipped
        Files that were skipped.
    seconds : float
        Wall time at work so far, without pauses.
    memory_mb, gpu_memory_mb : int
        As in `Cost`, when the status last changed.
    estimate : Cost or None
        The estimated cost, if there is an estimate.
    digests : dict of str to str
        Digest of each finished file as written; those since the last change of status may be missing.
    """

    kind: Kind
    seed: Annotated[int, Field(ge=0)]
    spec: dict[str, Any]
    software: dict[str, str]
    started: str
    total: Annotated[int, Field(ge=0, le=10**8)]
    status: Status
    skipped: tuple[Skipped, ...] = ()
    updated: str = ""
    seconds: float = 0.0
    memory_mb: int = 0
    gpu_memory_mb: int = 0
    estimate: Cost | None = None
    reason: str = ""
    digests: dict[str, str] = field(default_factory=dict)

    def cost(self, made: Iterable[Message | Label]) -> Cost:
        """Return the cost of the messages or labels of the run, at the prices of the day when it began."""
        models = self.spec.get("models")
        try:
            began = datetime.fromisoformat(self.started).astimezone(UTC)
        except ValueError:
            began = None
        models = models if isinstance(models, list) else []
        return spent(made, self.seconds, self.memory_mb, self.gpu_memory_mb, models, began)


HEAD = TypeAdapter(RunHead)


def read_head(folder: Path) -> RunHead:
    """Return the content of run.json.

    Raises
    ------
    RecordError
        If it is gone or broken; a `NewerVersionError` if its version is newer.
    """
    file = folder / HEAD_FILE
    try:
        return parsed_head(read_bounded(file), str(file))
    except OSError as error:
        if (folder / "study.json").exists():
            raise RecordError(
                f"{folder} is the folder of a study, not of a single run. Open it with Study(...), which holds the run "
                "of each condition."
            ) from None
        raise RecordError(
            f"{folder} is not a run folder: run.json cannot be read ({error.strerror}). Give a folder that an "
            f"experiment wrote, or open files of other tools with load().{_way_out(folder)}"
        ) from None
    except NewerVersionError:
        raise
    except RecordError as error:
        raise RecordError(f"{error}{_way_out(folder)}") from None


def parsed_head(data: bytes, where: str) -> RunHead:
    """Return the head in the bytes of a run.json.

    Parameters
    ----------
    data : bytes
    where : str
        Name of the file in an error.
    """
    return validated(HEAD, RUN_FORMAT.without_header(parse_object(data, where), where), where)


def participant_names(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of all who may take part in a run with this spec."""
    users = spec.get("users")
    return tuple(str(user.get("name")) for user in users) if isinstance(users, list) else ()


def head_file(head: RunHead) -> bytes:
    """Return the bytes of run.json, with a digest of its content as the last field."""
    document = {**RUN_FORMAT.header(), **HEAD.dump_python(head, mode="json")}
    document["digest"] = _digest_of(document)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def head_is_intact(data: bytes, where: str) -> bool:
    """Return whether a run.json is unchanged since it was written; one of version 1 has no digest and passes.

    Parameters
    ----------
    data : bytes
    where : str
        Name of the file in an error.
    """
    document = parse_object(data, where)
    return document.pop("digest", None) in (_digest_of(document), *((None,) if document.get("version") == 1 else ()))


def digest(data: bytes) -> str:
    """Return the digest of a file's content: 16 digits of BLAKE2b, without a byte-order mark."""
    return hashlib.blake2b(data.removeprefix(codecs.BOM_UTF8), digest_size=8).hexdigest()


def _digest_of(document: dict[str, Any]) -> str:
    return digest(json.dumps(document, sort_keys=True).encode())


def _way_out(folder: Path) -> str:
    """Return advice for a broken run.json in a folder that holds work; "" for other folders."""
    if not (folder / JOURNAL_FOLDER).is_dir():
        return ""
    return (
        " If it is the folder of a run, begin the same experiment on it again: that mends run.json, from its last copy "
        "or from the experiment's own seed."
    )
