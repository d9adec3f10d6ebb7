"""Our files in the hands of the real packages, which are in an environment of their own: `make downstream` makes it.

Without it these tests are skipped, and say so; where SYNDISCO_NB_REQUIRE_ALL is set, they fail instead.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from support import downstream_programs
from support.designs import moderated_builder

import syndisco_nb as snb

PYTHON = Path(__file__).parents[2] / ".venv-downstream" / "bin" / "python"


@pytest.fixture
def downstream(tmp_path):
    """Return a function that runs some of the programs there, offline and at home in an empty folder."""
    if not PYTHON.exists():
        missing = "the packages of tests/support/downstream.txt are not there. Run: make downstream"
        (pytest.fail if os.environ.get("SYNDISCO_NB_REQUIRE_ALL") else pytest.skip)(missing)

    def run(*calls):
        home = str(tmp_path / "home")
        offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": home, "HOME": home}
        done = subprocess.run(
            [PYTHON, downstream_programs.__file__, json.dumps([list(map(str, call)) for call in calls])],
            env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", **offline},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    (tmp_path / "home").mkdir()
    return run


@pytest.fixture
def study(tmp_path):
    """Return a study of two conditions with labels."""
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    model = snb.ScriptedModel(["yes", "2", "no", "5"], name="judge")
    judges = [snb.LLMActor(model, name, actor_type=snb.ActorType.ANNOTATOR) for name in ("Ada", "Dana")]
    study.annotate(judges, [snb.Likert("toxicity", 1, 5), snb.Flag("rude")])
    return study
