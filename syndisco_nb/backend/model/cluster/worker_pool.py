"""`WorkerPool`: the workers of a cluster, as they come and go."""

import asyncio
import copy
import logging
import math
from collections.abc import Callable, Collection
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.cluster.worker_model import WorkerModel
from syndisco_nb.backend.model.replicas.router import Router
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import ModelError, said
from syndisco_nb.log import warn

logger = logging.getLogger(__name__)

_LOOK_S = 0.5  # between two looks at the scheduler's list of workers
_CONNECT_S = 10.0
_LOST_IN_A_ROW = 5
"""Workers that are lost before they have answered anything, each begun after the one before was lost: so many are no
chance, but the lack of memory, or a request that no worker survives."""


class WorkerPool:
    """The workers of a cluster: each one that appears loads the model, and each that has loaded it gets requests.

    It has a connection of its own to the scheduler, on the private loop, because the loop of the user's client may be
    that of a notebook, which stands still while a cell runs. A lost connection is opened again.

    Parameters
    ----------
    name : str
        The name of the model.
    recipe : ModelRecipe
    scheduler : str
        The scheduler's address.
    client : distributed.Client or None
        The user's client; when it is closed, so is the connection.
    patience_s : float
        The longest time without any worker, in seconds.

    Attributes
    ----------
    workers : dict of str to WorkerModel
        By address: the workers, and those that were lost.
    router : Router
        Sends requests to the workers that have loaded the model.
    """

    def __init__(self, name: str, recipe: ModelRecipe, scheduler: str, client: Any, patience_s: float) -> None:
        self.workers: dict[str, WorkerModel] = {}
        self.router = Router(f"{name!r} on the cluster at {scheduler}", patience_s=math.inf)  # the pool's own counts
        self.loop = asyncio.get_running_loop()
        self._name, self._recipe = name, recipe
        self._scheduler, self._user_client, self._patience_s = scheduler, client, patience_s
        self._connected = False
        self._unreachable = ""
        self._alone_since: float | None = None
        self._lost_in_a_row = 0
        self._refusal: _Refusal | None = None
        self._changed = asyncio.Event()
        self._watching = self.loop.create_task(self._watch())

    async def ready(self) -> None:
        """Wait until one worker has loaded the model; workers that failed before try again.

        Raises
        ------
        ModelError
            If the scheduler cannot be reached, or there was no worker for the time of the patience.
        SyndiscoError
            The first worker's own error, if none can load the model.
        """
        self._refuse(None)
        self._alone_since = None
        self._lost_in_a_row = 0
        self.workers = {address: one for address, one in self.workers.items() if one.state != "failed"}
        while not self._in_state("ready"):
            self._changed.clear()
            await self._changed.wait()
            if self._refusal:
                raise self._refusal.copied()

    def close(self) -> None:
        """Close the connection, so that the workers free the model."""
        self._watching.cancel()

    async def _watch(self) -> None:
        """Compare the workers with the scheduler's list again and again; connect anew when the connection is lost."""
        from distributed import Client, LocalCluster

        cluster = getattr(self._user_client, "cluster", None)
        while not self._is_closed():
            try:
                async with Client(
                    self._scheduler,
                    asynchronous=True,
                    set_as_default=False,
                    security=getattr(self._user_client, "security", None),
                    direct_to_workers=isinstance(cluster, LocalCluster),  # others may be behind a firewall
                    timeout=_CONNECT_S,
                    name="syndisco_nb",
                ) as client:
                    client.cluster = cluster  # so that it does not try to find a cluster that was closed
                    await self._follow(client)
            except OSError as error:  # from the network, as is a time-out
                self._unreachable = f"{said(error).rstrip('.')}."
            except Exception as error:  # from Dask
                self._unreachable = f"{type(error).__name__}: {said(error).rstrip('.')}."
            finally:
                self._lose_all()
            self._judge()
            await asyncio.sleep(_LOOK_S)
        self._judge()

    async def _follow(self, client: Any) -> None:
        """Compare the workers with the list of the scheduler until the client is closed; it reconnects by itself."""
        while client.status != "closed" and not (self._is_closed() and client.status == "running"):
            try:
                self._compare(client, await client.nthreads())
                self._connected, self._unreachable = True, ""
            except OSError as error:
                self._unreachable = f"{said(error).rstrip('.')}."
                self._lose_all()
            self._judge()
            await asyncio.sleep(_LOOK_S)

    def _lose_all(self) -> None:
        for worker in self._in_state("loading", "ready"):
            worker.lose("The connection to the scheduler was closed.")

    def _compare(self, client: Any, addresses: Collection[str]) -> None:
        for worker in self._in_state("loading", "ready", "failed"):
            if worker.address not in addresses:
                worker.lose("The scheduler has lost it.")
        for address in addresses:
            known = self.workers.get(address)
            if known is None or known.state == "lost":
                logger.info("%r: %s loads the model", self._name, address)
                self.workers[address] = WorkerModel(self._name, address, self._noting(self._lost_in_a_row))
                self.workers[address].start(client, self._recipe)

    def _noting(self, lost_before: int) -> Callable[[WorkerModel], None]:
        """Return the function that follows the states of a worker, which began after so many were lost in a row."""

        def note(worker: WorkerModel) -> None:
            if worker.state == "lost" and worker.answered:
                self._lost_in_a_row = 0
            elif worker.state == "lost" and lost_before == self._lost_in_a_row:
                self._lost_in_a_row += 1
            self._note(worker)

        return note

    def _note(self, worker: WorkerModel) -> None:
        """Follow the new state of a worker."""
        if worker.state == "ready":
            self.router.add(worker, f"the worker {worker.address}")
        else:
            self.router.remove(worker)
        self._judge()
        if worker.state == "failed" and not self._refusal:
            warn(f"The model {self._name!r} could not be loaded in a worker, and goes on without it. {worker.cause}")

    def _judge(self) -> None:
        """Refuse all requests if no worker will answer them, and no longer once one will."""
        waits = self._in_state("loading") and self._lost_in_a_row < _LOST_IN_A_ROW
        if waits or self._in_state("ready"):
            self._alone_since = None
            self._refuse(None)
        elif failed := self._in_state("failed"):
            self._refuse(failed[0].error)
        elif self._is_closed():
            self._refuse(
                ModelError(
                    f"The Dask client that {self._name!r} was given is closed. Make a new client and a new "
                    "ClusterModel, and begin again with the same settings: the run continues."
                )
            )
        elif self._unreachable and not self._connected:
            self._refuse(
                ModelError(
                    f"There is no Dask scheduler at {self._scheduler}: {self._unreachable.rstrip('.')}. Check the "
                    "address, and whether the cluster is running and can be reached from here."
                )
            )
        elif self._lost_in_a_row >= _LOST_IN_A_ROW:
            self._refuse(self._all_lost())
        else:
            now = self.loop.time()
            self._alone_since = now if self._alone_since is None else self._alone_since
            if now - self._alone_since >= self._patience_s:
                self._refuse(self._no_worker())
        self._changed.set()

    def _no_worker(self) -> ModelError:
        last = next((f" The last one: {one.address}: {one.cause}" for one in reversed(self.workers.values())), "")
        reason = f" The scheduler does not answer: {self._unreachable}" if self._unreachable else ""
        return ModelError(
            f"The Dask scheduler at {self._scheduler} has had no worker for {self._patience_s:g} s.{reason}{last} "
            "Start workers, with cluster.scale(...) for example, or give patience_s=..., then begin again with the "
            "same settings: the run continues."
        )

    def _all_lost(self) -> ModelError:
        last = next(one for one in reversed(self.workers.values()) if one.state == "lost")
        return ModelError(
            f"{self._lost_in_a_row} workers in a row were lost before they had answered anything. The last one: "
            f"{last.address}: {last.cause} The model or a request may need more memory than a worker has: look into "
            "the logs of the workers. Then begin again with the same settings: the run continues."
        )

    def _refuse(self, error: Exception | None) -> None:
        if self._refusal and error is None:
            self.router.remove(self._refusal)
            self._refusal = None
        elif error is not None and self._refusal is None:
            self._refusal = _Refusal(self._name, error)
            self.router.add(self._refusal)

    def _in_state(self, *states: str) -> list[WorkerModel]:
        return [worker for worker in self.workers.values() if worker.state in states]

    def _is_closed(self) -> bool:
        return self._user_client is not None and self._user_client.status in ("closing", "closed")


class _Refusal(Model):
    """Stands in for the workers when there are none, and refuses what it is asked."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(name)
        self.error = error

    async def complete(self, request: Request) -> Completion:
        raise self.copied()

    def copied(self) -> Exception:
        """Return the error, for one of those who are refused."""
        try:
            return copy.copy(self.error)
        except Exception:  # of a class whose constructor takes something else than the message
            return ModelError(f"{type(self.error).__name__}: {said(self.error)}")
