import pytest
from support.slow_run import number_said, pace, slow_experiment, wait_for


@pytest.fixture
def slow():
    """Have a reply take its time, until the test lets go."""
    pace["delay"] = 0.05
    yield lambda: pace.update(delay=0.0)
    pace["delay"] = 0.0


@pytest.fixture
def live(slow, tmp_path):
    """A run under way."""
    live = slow_experiment().start(tmp_path / "run")
    wait_for(lambda: number_said(live) > 3)
    yield live
    slow()
    if live.state in ("running", "paused"):
        live.stop()
    live.wait(60)
