"""The jobs of batch APIs in a run folder: a file per batch, with its stage.

::

    batches/batch-00000.json          the job: stage, ids on the server, counts
    batches/batch-00000.input.jsonl   the requests, as they are uploaded
    batches/batch-00000.output.jsonl  the answers
    batches/batch-00000.errors.jsonl  the requests that the server could not answer
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from syndisco_nb.errors import NewerVersionError
from syndisco_nb.runs.files import UnfitFileError, read_own, set_aside_with_warning, write_atomically
from syndisco_nb.runs.layout import BATCH_FOLDER
from syndisco_nb.wording import count

Stage = Literal["written", "uploaded", "creating", "created", "finished", "fetched"]

_VERSION = 1
_NAME = re.compile(r"batch-(\d{5,})\.")
_KINDS = {"output": "output_file", "errors": "error_file"}


@dataclass
class BatchJob:
    """One batch, from its requests to its answers.

    Attributes
    ----------
    folder : Path
        The folder of the job files.
    number : int
        Its place among the batches of the run.
    id : str
        A random id, made before anything is sent. The batch has it in its metadata, so that it can be found again.
    model, server : str
        The model's name on the server, and the address.
    requests : int
    stage : {"written", "uploaded", "creating", "created", "finished", "fetched"}
        The last step on record. "creating" is noted before the batch is created: a process that was killed then looks
        for the batch on the server before it creates one.
    input_file, batch, output_file, error_file : str
        Ids on the server; "" if there are none.
    status : str
        The server's own word for the state of the batch.
    done, failed : int
        Requests with an answer, and with an error, as the server counts them.
    since : str
        The time at which the batch was created, in UTC.
    problem : str
        The server's words for a batch that it refused.
    """

    folder: Path
    number: int
    id: str
    model: str
    server: str
    requests: int
    stage: Stage = "written"
    input_file: str = ""
    batch: str = ""
    output_file: str = ""
    error_file: str = ""
    status: str = ""
    done: int = 0
    failed: int = 0
    since: str = ""
    problem: str = ""

    @property
    def path(self) -> Path:
        """The job file."""
        return self._file("json")

    @property
    def input(self) -> Path:
        """The file with the requests."""
        return self._file("input.jsonl")

    @property
    def outputs(self) -> dict[str, Path]:
        """The files to fetch, by their ids on the server."""
        named = {getattr(self, field): self._file(f"{kind}.jsonl") for kind, field in _KINDS.items()}
        return {file: path for file, path in named.items() if file}

    def save(self, durable: bool = True) -> None:
        """Write the job file."""
        document = {"version": _VERSION, **asdict(self)}
        for derived in ("folder", "number"):
            del document[derived]
        write_atomically(self.path, json.dumps(document, indent=2, ensure_ascii=False).encode(), durable)

    def _file(self, ending: str) -> Path:
        return self.folder / f"batch-{self.number:05d}.{ending}"


def batch_jobs(folder: Path) -> Iterator[BatchJob]:
    """Yield the jobs of a run folder in their order; a broken job file is passed over.

    Parameters
    ----------
    folder : Path
        The run folder.

    Raises
    ------
    NewerVersionError
        If a job file was written by a newer version.
    OSError
        If a job file cannot be read.
    """
    jobs = map(_read, _job_files(folder))
    yield from (job for job in jobs if isinstance(job, BatchJob))


def batches_in_words(*folders: Path) -> str:
    """Return the progress of the batches that runs wait for: "waiting for a batch: 812 of 2,000 done, since 14:02".

    It is that of the last look at the server. Without a batch under way, it is "".

    Parameters
    ----------
    *folders : Path
        The run folders.
    """
    try:
        jobs = [job for folder in folders for job in batch_jobs(folder) if job.stage != "fetched"]
    except (OSError, NewerVersionError):
        return ""
    if not jobs:
        return ""
    batches = "a batch" if len(jobs) == 1 else f"{len(jobs):,} batches"
    sizes = sum(job.requests for job in jobs)
    created = [job.since for job in jobs if job.since]
    if not created:
        return f"sending {batches} of {count(sizes, 'request')}"
    return f"waiting for {batches}: {sum(job.done for job in jobs):,} of {sizes:,} done, since {_moment(min(created))}"


def batches_take(batches: int) -> str:
    """Return the time that batches take which wait for each other.

    Examples
    --------
    >>> batches_take(1)
    'Answers come in one batch, within 24 hours.'
    >>> batches_take(14)
    'Answers come in batches, within 24 hours each: 14 batches, one after the other, take up to 14 days.'
    """
    if batches == 1:
        return "Answers come in one batch, within 24 hours."
    return (
        f"Answers come in batches, within 24 hours each: {batches:,} batches, one after the other, take up to "
        f"{batches:,} days."
    )


def set_broken_jobs_aside(folder: Path) -> None:
    """Rename the broken job files of a run folder, and warn: the server's batch is not known any more."""
    for path in _job_files(folder):
        if isinstance(reason := _read(path), str):
            set_aside_with_warning(
                path, f"{path.name} cannot be read ({reason}). Its requests are sent again.", anew=False
            )


def batch_problems(folder: Path) -> Iterator[str]:
    """Yield the job files of a run folder that are broken, and the files of answers that are gone.

    Parameters
    ----------
    folder : Path
        The run folder.
    """
    for path in _job_files(folder):
        try:
            job = _read(path)
        except (OSError, NewerVersionError) as error:
            job = str(error)
        if isinstance(job, str):
            yield f"{BATCH_FOLDER}/{path.name}: {job}."
        elif job.stage == "fetched":
            yield from (f"{BATCH_FOLDER}/{file.name} is gone." for file in job.outputs.values() if not file.is_file())


def next_number(folder: Path) -> int:
    """Return the number of the next job of a run folder, above those of all files there."""
    return max((_number(path) for path in (folder / BATCH_FOLDER).glob("*batch-*")), default=-1) + 1


def _moment(when: str) -> str:
    """Return a time as people here tell it: with the date if that is not today's."""
    began = datetime.fromisoformat(when).astimezone()
    is_today = began.date() == datetime.now().astimezone().date()
    return f"{began:%H:%M}" if is_today else f"{began.day} {began:%B, %H:%M}"


def _job_files(folder: Path) -> list[Path]:
    files = ((_number(path), path) for path in (folder / BATCH_FOLDER).glob("batch-*.json"))
    return [path for number, path in sorted(files) if number >= 0]


def _number(path: Path) -> int:
    found = _NAME.match(path.name)
    return int(found[1]) if found else -1


def _read(path: Path) -> BatchJob | str:
    """Return the job in a file, or why it is none."""
    try:
        document: Any = json.loads(read_own(path))
    except UnfitFileError as error:
        return str(error.strerror)
    except (ValueError, RecursionError):
        return "it is not JSON"
    if not isinstance(document, dict):
        return "it is not a job"
    version = document.pop("version", None)
    if isinstance(version, int) and version > _VERSION:
        raise NewerVersionError(f"{path} was written by a newer version. Update syndisco-nb, then begin again.")
    known = {field.name: field.type for field in fields(BatchJob)}
    given = {name: value for name, value in document.items() if name in known}
    fit = all(isinstance(value, int if known[name] is int else str) for name, value in given.items())
    if not fit or given.get("stage") not in get_args(Stage):
        return "it is not a job"
    try:
        return BatchJob(folder=path.parent, number=_number(path), **given)
    except TypeError:
        return "it is not a job"
