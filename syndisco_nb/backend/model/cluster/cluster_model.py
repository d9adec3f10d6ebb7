"""`ClusterModel`: a model in the workers of a Dask cluster."""

import weakref
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.batch.batch_model import BatchModel
from syndisco_nb.backend.model.cached import CachedModel
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.cluster.worker_model import ForeignError, WorkerModel
from syndisco_nb.backend.model.cluster.worker_pool import WorkerPool
from syndisco_nb.backend.model.human import HumanModel
from syndisco_nb.backend.model.replicas.replicas_model import Replicas
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.server.openai_model import OpenAIModel
from syndisco_nb.errors import (
    InvalidInputError,
    MissingDependencyError,
    named_arguments,
    require,
    require_number,
    short_repr,
)
from syndisco_nb.loop import private_loop, run_async

INSTALL = 'pip install "syndisco-nb[cluster]"'


class ClusterModel(Model):
    """A model that lives in the workers of a Dask cluster: several GPUs of a computer, a SLURM cluster, or other hosts.

    Each worker loads the model once, and answers in batches the requests that it is sent; discussions, journal and live
    view stay in this process. The cluster changes speed alone: names, seeds and the run folder are those of the model
    within, so a run that was begun without a cluster goes on with one, and the other way round.

    Workers may come and go during a run. A new one loads the model and helps; what a lost one was asked is asked
    elsewhere. A run keeps 128 discussions under way for each worker, if it has as many. All workers need the same
    version of this package and of Python, and the weights: a model from the Hugging Face hub is downloaded by each
    worker, and a path must be one that all of them see.

    Parameters
    ----------
    model : Model
        A local model, such as `bundled_model` or `TransformersModel`, or one of your own. For a model on servers use
        `Replicas`; a `CachedModel` goes around the cluster: ``CachedModel(ClusterModel(model, client), path)``.
    client : distributed.Client or str
        A client of the cluster, or the address of its scheduler. Any cluster of Dask will do: `LocalCluster`,
        `SSHCluster`, `SLURMCluster` of dask-jobqueue, `LocalCUDACluster` of dask-cuda (one worker for each GPU).
    patience_s : float
        The longest time without any worker, in seconds, such as that for which SLURM lets jobs wait.

    Raises
    ------
    InvalidInputError
        If the model cannot live in workers.
    MissingDependencyError
        If the package `distributed` is not installed.
    ModelError
        When loading: if the scheduler cannot be reached, has no worker, or a worker has other versions.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> llm = snb.ClusterModel(snb.bundled_model(engine="openvino"), "tcp://10.0.0.1:8786")
    >>> llm
    ClusterModel(bundled_model(name='SmolLM2-135M-Instruct', ...), 'tcp://10.0.0.1:8786')

    A cluster on this computer, with one worker:

    >>> from distributed import Client
    >>> with Client(n_workers=1, processes=False, dashboard_address=":0") as client:
    ...     llm = snb.ClusterModel(snb.ScriptedModel(["Yes.", "No."]), client)
    ...     users = [snb.LLMActor(llm, name) for name in ("Ana", "Ben")]
    ...     snb.Discussion(users, topic="Should buses be free?", num_turns=3, seed=1).run()[-1].text
    'Yes.'
    """

    @named_arguments
    def __init__(self, model: Model, client: Any, patience_s: float = 300.0) -> None:
        require(isinstance(model, Model), f"model is {model!r}, but must be a model, such as bundled_model().", "model")
        for kind, reason in _UNFIT.items():
            require(not isinstance(model, kind), f"model is {model!r}. {reason}", "model")
        require_number("patience_s", patience_s, "of seconds above 0", lambda seconds: seconds > 0)
        super().__init__(model.name)
        self.model = model
        self.sampling = model.sampling
        self.patience_s = patience_s
        self._recipe = ModelRecipe(model)
        self.scheduler, self._client = _scheduler(client)
        self._pool: WorkerPool | None = None

    @staticmethod
    def takes(model: Model) -> bool:
        """Return whether a model can live in workers."""
        return not isinstance(model, tuple(_UNFIT))

    @property
    def capacity(self) -> int | None:
        """The number of requests that keeps the workers busy that have loaded the model; None before the first call."""
        return self._pool.router.capacity if self._pool else None

    @property
    def min_concurrency(self) -> int:
        """The number of units that keeps these workers busy."""
        return max(self.model.min_concurrency, self.capacity or 1)

    @property
    def workers(self) -> Sequence[WorkerModel]:
        """The workers so far, with their states; lost ones, too."""
        return tuple(self._pool.workers.values()) if self._pool else ()

    async def load(self) -> None:
        """Wait until one worker has loaded the model; others follow during the run."""
        await run_async(self._load())

    async def complete(self, request: Request) -> Completion:
        """Answer one request in one of the workers."""
        return await run_async(self._complete(request))

    def in_design(self) -> Kind:
        """Return the model within: a cluster is no part of a design."""
        return self.model

    def settings(self) -> dict[str, Any]:
        """Return the settings of the model within."""
        return self.model.settings()

    def identity(self) -> dict[str, Any]:
        """Return the identity of the model within."""
        return self.model.identity()

    def __repr__(self) -> str:
        return f"ClusterModel({self.model!r}, {self.scheduler!r})"

    async def _load(self) -> None:
        await self._opened().ready()

    async def _complete(self, request: Request) -> Completion:
        try:
            return await self._opened().router.complete(replace(request, situation=None))
        except ForeignError as error:
            raise error.error from None

    def _opened(self) -> WorkerPool:
        """Return the pool of workers, on the private loop; a forked process opens one of its own."""
        if self._pool is None or self._pool.loop is not private_loop():
            self._pool = WorkerPool(self.name, self._recipe, self.scheduler, self._client, self.patience_s)
            weakref.finalize(self, private_loop().call_soon_threadsafe, self._pool.close).atexit = False
        return self._pool


_UNFIT: dict[type[Model], str] = {
    OpenAIModel: "A server needs no workers: give Replicas([...]) with all servers, or the model as it is.",
    BatchModel: "A server needs no workers: give the model as it is.",
    Replicas: "Servers need no workers: give it as it is.",
    HumanModel: "A person answers here, and not in a worker.",
    CachedModel: "The cache belongs on this side: CachedModel(ClusterModel(model, client), path).",
    ClusterModel: "It is on a cluster already.",
}
"""Kinds of models that cannot live in workers, and the reasons."""


def _scheduler(client: Any) -> tuple[str, Any]:
    """Return the address of the scheduler, and the client if one was given."""
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host
    except ImportError:
        raise MissingDependencyError(f"The package distributed (Dask) is not installed. Run: {INSTALL}") from None
    if isinstance(client, str) and client.strip():
        try:
            get_address_host(client.strip())
        except ValueError as error:
            raise InvalidInputError(
                f"client is {short_repr(client)}, but must be the address of a scheduler, such as "
                f"'tcp://10.0.0.1:8786': {error}.",
                field="client",
            ) from None
        return client.strip(), None
    if not isinstance(client, Client):
        hint = " Give Client(cluster)." if hasattr(client, "scheduler_address") else ""
        raise InvalidInputError(
            f"client is {short_repr(client)}, but must be a distributed.Client or the address of a scheduler, such as "
            f"'tcp://10.0.0.1:8786'.{hint}",
            field="client",
        )
    require(
        client.status == "running",
        f"client is {client.status}, but must be connected to its cluster. Make a new one, or await it first.",
        "client",
    )
    return client.scheduler.address, client
