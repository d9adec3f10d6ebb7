import subprocess
import sys

import syndisco_nb as snb


def test_the_package_can_be_run_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "syndisco_nb", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{snb.__version__}\n"
