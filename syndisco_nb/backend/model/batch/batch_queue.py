"""The queue of the requests in one run folder: gathered into batches, and answered from the files of the batches."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from syndisco_nb.backend.model.batch.batch_endpoint import BatchEndpoint
from syndisco_nb.backend.model.batch.batch_lines import Reply, keys_in, replies_in, reply_at, request_line
from syndisco_nb.backend.model.batch.batch_steps import Pause, take_steps
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.workarounds import Body
from syndisco_nb.errors import ModelError
from syndisco_nb.runs.batch_job import BatchJob, batch_jobs, next_number, set_broken_jobs_aside
from syndisco_nb.runs.files import storage_error, write_atomically
from syndisco_nb.runs.layout import BATCH_FOLDER

MAX_REQUESTS, MAX_BYTES = 50_000, 100 * 10**6
"""The most requests in a batch, and the largest file: OpenAI takes 50,000 requests in 200 MB, Together 100 MB."""

_QUIET_S = 10.0  # nothing beside a batch's hours, and longer than a local model takes for a moderator's turn
_ATTEMPTS = 3


class BatchQueue:
    """The requests of one model in one run folder.

    Requests are gathered until none came for a moment; then they are written into a job file, and sent. A request that
    a job of an earlier process holds waits for that job, and one that was answered is not sent again. A request that
    failed by chance, or expired with its batch, is asked again in a later batch, three times at most.

    Parameters
    ----------
    folder : Path
        The run folder.
    endpoint : BatchEndpoint
    model, server : str
        As in `BatchJob`.
    pause : callable
        Waits for a number of seconds.
    """

    def __init__(self, folder: Path, endpoint: BatchEndpoint, model: str, server: str, pause: Pause) -> None:
        self.folder = folder
        self._endpoint = endpoint
        self._model, self._server = model, server
        self._pause = pause
        self._bodies: dict[str, Body] = {}
        self._waiting: dict[str, list[asyncio.Future[Reply]]] = {}
        self._new: dict[str, None] = {}  # in the order in which they came
        self._attempts: Counter[str] = Counter()
        self._answered: dict[str, tuple[BatchJob, Path, int]] = {}
        self._jobs: dict[str, BatchJob] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._gathering: asyncio.Task[None] | None = None
        self._read()

    async def ask(self, key: str, body: Body) -> Reply:
        """Return the answer to a request, or the fault for which the server refuses it.

        Parameters
        ----------
        key : str
            As `key_of` returns it.
        body : dict
            The fields to send.

        Raises
        ------
        ModelError
            If the server refuses a step of the batch, the batch failed or was cancelled, or all attempts failed.
        StorageError
            If the folder cannot be written.
        """
        if key in self._answered:
            return self._answer(key)
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(waiting)
        self._bodies[key] = body
        try:
            if key in self._jobs:
                self._carry_out(self._jobs[key])
            else:
                self._gather(key)
            return await waiting
        finally:
            self._forget(key, waiting)

    def close(self) -> None:
        """End all work; the job files keep their stages."""
        for task in (*self._tasks.values(), self._gathering):
            if task:
                task.cancel()

    def _read(self) -> None:
        """Read the jobs of earlier processes."""
        try:
            set_broken_jobs_aside(self.folder)
            for job in batch_jobs(self.folder):
                if job.stage == "fetched":
                    for _ in self._taken_in(job):
                        pass
                else:
                    self._jobs |= dict.fromkeys(keys_in(job.input), job)
        except OSError as error:
            raise storage_error(self.folder / BATCH_FOLDER, error) from error

    def _gather(self, key: str) -> None:
        self._new[key] = None
        if self._gathering is None:
            self._gathering = asyncio.create_task(self._send_when_quiet())

    async def _send_when_quiet(self) -> None:
        before = -1
        while before != len(self._new) < MAX_REQUESTS:
            before = len(self._new)
            await self._pause(_QUIET_S)
        new, self._new = self._new, {}
        self._gathering = None
        try:
            for lines in _files({key: request_line(key, self._bodies[key]) for key in new}):
                self._carry_out(self._written(lines))
        except OSError as error:
            self._fail(new, storage_error(self.folder / BATCH_FOLDER, error))

    def _written(self, lines: dict[str, bytes]) -> BatchJob:
        """Write the file of a batch's requests, then its job file; only with the job file does the batch count."""
        folder = self.folder / BATCH_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        number = next_number(self.folder)
        job = BatchJob(folder, number, uuid.uuid4().hex, self._model, self._server, len(lines))
        write_atomically(job.input, b"".join(lines.values()), durable=True)
        job.save()
        self._jobs |= dict.fromkeys(lines, job)
        return job

    def _carry_out(self, job: BatchJob) -> None:
        """Begin to work on a job, if nobody does yet."""
        if job.number not in self._tasks:
            task = self._tasks[job.number] = asyncio.create_task(self._work_on(job))
            task.add_done_callback(lambda _: self._tasks.pop(job.number, None))

    async def _work_on(self, job: BatchJob) -> None:
        keys = [key for key, held in self._jobs.items() if held is job]
        try:
            await take_steps(job, self._endpoint, self._pause)
            faults = dict(self._taken_in(job))
        except OSError as error:
            self._fail(keys, storage_error(job.path, error))
        except Exception as error:  # also one that nobody expects: those who wait must hear of it
            self._fail(keys, error)
        else:
            missing = _missing(job)
            for key in keys:
                del self._jobs[key]
                if key in self._answered:
                    self._settle(key, self._answer(key))
                else:
                    self._ask_again(key, missing if job.status == "cancelled" else faults.get(key, missing))

    def _taken_in(self, job: BatchJob) -> Iterator[tuple[str, Fault]]:
        """Note the places of all answers in the files of a job; yield the faults."""
        for path in job.outputs.values():
            for key, place, reply in replies_in(path):
                if isinstance(reply, Fault):
                    yield key, reply
                else:
                    self._answered.setdefault(key, (job, path, place))

    def _answer(self, key: str) -> Reply:
        job, path, place = self._answered[key]
        reply = reply_at(path, place)
        return reply if isinstance(reply, Fault) else replace(reply, batch_size=job.requests)

    def _ask_again(self, key: str, fault: Fault) -> None:
        """Put a request that failed into a later batch, or let those who wait hear of it."""
        self._attempts[key] += 1
        if key not in self._waiting:
            return
        if fault.retried and self._attempts[key] < _ATTEMPTS:
            self._gather(key)
        elif fault.retried or not fault.status:  # not a refusal of this request, after which another form may help
            self._fail([key], ModelError(f"{self._server} did not answer: {fault.cause}. {fault.remedy}"))
        else:
            self._settle(key, fault)

    def _settle(self, key: str, reply: Reply) -> None:
        for waiting in self._waiting.get(key, ()):
            if not waiting.done():
                waiting.set_result(reply)

    def _fail(self, keys: Iterable[str], error: Exception) -> None:
        for key in keys:
            for waiting in self._waiting.get(key, ()):
                if not waiting.done():
                    waiting.set_exception(error)

    def _forget(self, key: str, waiting: asyncio.Future[Reply]) -> None:
        self._waiting[key].remove(waiting)
        if not self._waiting[key]:
            del self._waiting[key], self._bodies[key], self._attempts[key]
            self._new.pop(key, None)


def _files(lines: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Divide lines among as many files as the limits ask for."""
    part: dict[str, bytes] = {}
    size = 0
    for key, line in lines.items():
        if part and (len(part) == MAX_REQUESTS or size + len(line) > MAX_BYTES):
            yield part
            part, size = {}, 0
        part[key] = line
        size += len(line)
    if part:
        yield part


def _missing(job: BatchJob) -> Fault:
    """Return the fault of a request that a batch ended without."""
    where = f"{job.path} ({job.batch})"
    if job.status == "failed":
        return Fault(
            f"the batch of {where} failed, {job.problem or 'and the server gives no reason'}",
            "Change what the server names, then begin again.",
            retried=False,
        )
    if job.status == "cancelled":
        return Fault(f"the batch of {where} was cancelled", "Begin again to ask anew.", retried=False)
    return Fault(f"the batch of {where} {job.status or 'ended'} without an answer", "Begin again to ask anew.")
