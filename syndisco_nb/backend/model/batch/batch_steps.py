"""The way of a job from stage to stage; each step is on disk before the next begins, so that none is taken twice."""

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from syndisco_nb.backend.model.batch.batch_endpoint import BatchEndpoint, BatchState
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.errors import ModelError
from syndisco_nb.runs.batch_job import BatchJob
from syndisco_nb.runs.files import write_atomically

logger = logging.getLogger(__name__)

Pause = Callable[[float], Awaitable[None]]
"""Waits for this number of seconds."""

_FIRST_WAIT_S, _LONGEST_WAIT_S = 10.0, 300.0
_GONE = "Give the key of the account that sent it. If the server has deleted it, delete {file}: all is sent again."
_OTHERS_END = timedelta(hours=26)  # batches take 24 hours at most
_OVER = ("completed", "failed", "expired", "cancelled")
_FULL = re.compile(r"enqueued token limit|token_limit_exceeded", re.IGNORECASE)


async def take_steps(job: BatchJob, endpoint: BatchEndpoint, pause: Pause) -> None:
    """Take a job from its stage to the last; during an outage of the server, wait, for days if need be.

    Parameters
    ----------
    job : BatchJob
    endpoint : BatchEndpoint
    pause : callable
        Waits between two looks at the server: 10 s at first, up to 5 min later, longer if the server asks for it.

    Raises
    ------
    ModelError
        If the server refuses a step. The job keeps its stage, and can go on from there.
    OSError
        If a file cannot be written.
    """
    wait_s = _FIRST_WAIT_S
    while job.stage != "fetched":
        stage = job.stage
        fault = await _STEPS[stage](job, endpoint)
        if fault and not fault.retried:
            remedy = fault.remedy if fault.status != 404 else _GONE.format(file=job.path.name)
            raise ModelError(
                f"{job.path} is {stage}, but {job.server} refused the next step: {fault.cause}. {remedy} "
                "The same call then goes on from here."
            )
        if job.stage != stage:
            logger.info("%s is %s", job.path, job.stage)
            wait_s = _FIRST_WAIT_S
        if fault:
            wait_s = max(wait_s, fault.wait_s)
            logger.info("%s: %s; next try in %.0f s", job.path, fault.cause, wait_s)
        if fault or job.stage == stage:
            await pause(wait_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 1.5)


async def _upload(job: BatchJob, endpoint: BatchEndpoint) -> Fault | None:
    file = await endpoint.upload(f"syndisco_nb-{job.id}.jsonl", job.input.read_bytes())
    if isinstance(file, Fault):
        return file
    job.input_file, job.stage = file, "uploaded"
    job.save()
    return None


async def _create(job: BatchJob, endpoint: BatchEndpoint) -> Fault | None:
    """Create the batch, unless an attempt before, whose answer was lost, has created it."""
    state = await endpoint.find(job.id) if job.stage == "creating" else None
    if isinstance(state, Fault):
        return state
    if state is None or _waits_for_room(job, state):
        job.stage = "creating"
        job.save()
        state = await endpoint.create(job.input_file, job.id)
        if isinstance(state, Fault):
            return state
    job.batch, job.stage = state.id, "created"
    job.since = job.since or datetime.now(UTC).isoformat(timespec="seconds")
    _note(job, state)
    job.save()
    return None


async def _look(job: BatchJob, endpoint: BatchEndpoint) -> Fault | None:
    state = await endpoint.look(job.batch)
    if isinstance(state, Fault):
        return state
    before = (job.status, job.done, job.failed)
    _note(job, state)
    if _waits_for_room(job, state):
        job.stage = "creating"
        job.save()
        return Fault(f"the server's queue is full: {state.problem}", "Wait for other batches.", wait_s=_LONGEST_WAIT_S)
    if state.status in _OVER:
        job.stage = "finished"
        job.save()
    elif (job.status, job.done, job.failed) != before:
        job.save(durable=False)
    return None


async def _fetch(job: BatchJob, endpoint: BatchEndpoint) -> Fault | None:
    for file, path in job.outputs.items():
        content = await endpoint.fetch(file)
        if isinstance(content, Fault):
            return content
        write_atomically(path, content, durable=True)
    job.stage = "fetched"
    job.save()
    return None


def _note(job: BatchJob, state: BatchState) -> None:
    job.status, job.done, job.failed, job.problem = state.status, state.done, state.failed, state.problem
    job.output_file, job.error_file = state.output_file, state.error_file


def _waits_for_room(job: BatchJob, state: BatchState) -> bool:
    """Return True for a batch that failed because other batches fill the queue: it is created again until they end."""
    if state.status != "failed" or not _FULL.search(state.problem):
        return False
    now = datetime.now(UTC)
    return now - (datetime.fromisoformat(job.since) if job.since else now) < _OTHERS_END


_STEPS: dict[str, Callable[[BatchJob, BatchEndpoint], Awaitable[Fault | None]]] = {
    "written": _upload,
    "uploaded": _create,
    "creating": _create,
    "created": _look,
    "finished": _fetch,
}
