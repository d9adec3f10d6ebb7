"""What many tests need: three people on a scripted model, an annotator, and the bundled model."""

import gc
import os

import pytest
from support.sizes import BENCH, LONG

import syndisco_nb as snb
from syndisco_nb.backend.model.local.bundled import converted_folder

os.environ["HF_HUB_OFFLINE"] = "1"
if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # side by side, each on a core of its own: none slows another
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})
os.fsync = lambda opened: None  # what a test writes need not survive a power cut, and disks are slow beside others
gc.disable()  # until all is imported, for which little of it could be collected
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads crawl where other tests share the cores


def pytest_collection_finish():
    gc.enable()
    gc.freeze()  # modules and tests stay to the end: no collection need look at them again


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("long") and not LONG:
            item.add_marker(pytest.mark.skip(reason="make test-long"))
        if item.get_closest_marker("seconds") and not BENCH:
            item.add_marker(pytest.mark.skip(reason="make bench: it looks at the clock"))


@pytest.fixture
def users():
    model = snb.ScriptedModel(["I agree.", "I doubt it.", "Why?", ""], name="talker")
    return [snb.LLMActor(model=model, name=name, instructions="Be brief.") for name in ("Ana", "Ben", "Cem")]


@pytest.fixture
def annotator():
    model = snb.ScriptedModel(["1", "2", "3"], name="judge")
    return snb.LLMActor(model=model, name="", instructions="Rate.", actor_type=snb.ActorType.ANNOTATOR)


@pytest.fixture(scope="session")
def bundled():
    return snb.bundled_model(engine="transformers")


@pytest.fixture(scope="session")
def openvino():
    return snb.bundled_model(engine="openvino")


@pytest.fixture(scope="session")
def float32():
    """The bundled weights in numbers so exact that a batch changes no reply."""
    return snb.TransformersModel(converted_folder(), dtype="float32", device="cpu")
