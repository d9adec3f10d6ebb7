from types import SimpleNamespace

import syndisco_nb as snb
from syndisco_nb.backend.model.cluster.worker_model import WorkerModel
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.cluster_pages import cluster_page, worker_page


def worker(number, state, cause=""):
    made = WorkerModel("small", f"tcp://10.0.0.{number}:4000", lambda worker: None)
    made.state, made.cause, made.answered = state, cause, number
    return made


def test_a_cluster_shows_the_model_and_its_workers_those_that_work_first():
    cluster = snb.ClusterModel(snb.ScriptedModel("Yes."), "tcp://10.0.0.1:8786")
    page = cluster_page(cluster, Limits())
    assert (page.kind, page.title) == ("ScriptedModel on a cluster", "scripted")
    assert isinstance(page.blocks[-1], Note)
    workers = [worker(3, "lost", "Killed."), worker(4, "ready"), worker(5, "loading")]
    cluster._pool = SimpleNamespace(workers={one.address: one for one in workers}, close=None)
    (table,) = [block for block in cluster_page(cluster, Limits(max_items=2)).blocks if isinstance(block, Table)]
    assert [row[:3] for row in table.rows] == [
        ("tcp://10.0.0.4:4000", "ready", 4),
        ("tcp://10.0.0.5:4000", "loading", 5),
    ]
    assert ".workers" in table.more
    assert "tcp://10.0.0.1:8786" in cluster._repr_mimebundle_()["text/html"]


def test_a_worker_shows_why_it_was_lost():
    page = worker_page(worker(3, "lost", "Killed."), Limits())
    assert page.facts == (("model", "small"), ("state", "lost"), ("answers", "3"))
    assert page.blocks == (Note("Killed.", warning=True),)
    assert repr(worker(3, "lost")) == "<WorkerModel tcp://10.0.0.3:4000: lost, 3 answers>"
