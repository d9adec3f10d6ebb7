import time

import pytest
from distributed import Client, LocalCluster

from syndisco_nb.backend.model.cluster import worker_pool


@pytest.fixture(scope="session")
def empty_cluster():
    with LocalCluster(n_workers=0, processes=False, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture
def client(empty_cluster, monkeypatch):
    monkeypatch.setattr(worker_pool, "_LOOK_S", 0.01)
    with Client(empty_cluster, set_as_default=False) as client:
        yield client
        empty_cluster.scale(0)
        while empty_cluster.scheduler.workers:
            time.sleep(0.001)
