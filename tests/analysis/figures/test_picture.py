import subprocess
import sys

import pytest

from syndisco_nb.analysis.figures.picture import Picture


def test_it_is_known_without_matplotlib():
    code = "import sys, syndisco_nb.analysis.figures.picture; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_figures_have_an_image(tmp_path):
    with pytest.raises(NotImplementedError):
        Picture().png()
    with pytest.raises(NotImplementedError):
        Picture().save(tmp_path / "a.png")
