"""What nbval cannot see: that the tutorials are stored in a state in which it compares everything."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
REPOSITORY = Path(__file__).parent.parent


def test_the_tutorials_are_there():
    assert [notebook.stem for notebook in NOTEBOOKS] == [
        "01_discussions",
        "02_annotations",
        "03_experiments",
        "04_forms",
        "05_live_and_human",
        "06_analysis",
        "07_your_own_data",
        "08_scale",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestStoredState:
    def test_every_code_cell_was_executed_in_order(self, path):
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))

    def test_no_widget_is_stored_that_a_reader_could_not_see(self, path):
        assert "widgets" not in nbformat.read(path, 4).metadata
        assert "application/vnd.jupyter.widget-view+json" not in path.read_text(encoding="utf-8")

    def test_no_times_are_stored(self, path):
        assert not [cell for cell in nbformat.read(path, 4).cells if "execution" in cell.metadata]

    def test_no_error_is_stored(self, path):
        outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", [])]
        assert not [output for output in outputs if output.output_type == "error"]

    def test_no_path_of_this_machine_is_stored(self, path):
        text = path.read_text(encoding="utf-8")
        assert str(REPOSITORY) not in text
        assert str(Path.home()) + "/" not in text
