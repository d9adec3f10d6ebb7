"""Pages of a model on a cluster, and of its workers."""

from dataclasses import replace

from syndisco_nb.backend.model.cluster.cluster_model import ClusterModel
from syndisco_nb.backend.model.cluster.worker_model import WorkerModel
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Table
from syndisco_nb.display.pages.engine_pages import model_page
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page


@make_page.register
def cluster_page(cluster: ClusterModel, limits: Limits) -> Page:
    """Return the page of a model on a cluster: the model's own, then the workers so far."""
    page = model_page(cluster.model, limits)
    facts = Facts("Cluster", (("scheduler", cluster.scheduler),))
    return replace(page, kind=f"{page.kind} on a cluster", blocks=(*page.blocks, facts, _workers(cluster, limits)))


@make_page.register
def worker_page(worker: WorkerModel, limits: Limits) -> Page:
    """Return the page of a worker."""
    facts = (("model", worker.name), ("state", worker.state), ("answers", f"{worker.answered:,}"))
    return Page("Worker", worker.address, facts, (Note(worker.cause, warning=True),) if worker.cause else ())


def _workers(cluster: ClusterModel, limits: Limits) -> Table | Note:
    if not cluster.workers:
        return Note("No worker has been asked to load the model yet.")
    order = ("ready", "loading", "failed", "lost")
    workers = sorted(cluster.workers, key=lambda worker: order.index(worker.state))
    head = ("Worker", "State", "Answers", "Cause")
    return limited_table("Workers", head, workers, _cells, limits, ".workers")


def _cells(worker: WorkerModel) -> tuple[str | int, ...]:
    return worker.address, worker.state, worker.answered, worker.cause
