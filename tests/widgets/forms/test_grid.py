"""The table to type into."""

from syndisco_nb.widgets.forms.grid import Grid


def test_it_holds_rows_and_tells_what_happens_in_it():
    messages = []
    grid = Grid(none="No people yet.")
    grid.on_msg(lambda _, content, __: messages.append(content))
    grid.rows = [["Ana"], ["Ben"]]
    grid._handle_custom_msg({"kind": "edit", "row": 1}, [])
    assert messages == [{"kind": "edit", "row": 1}]
    assert (repr(grid), grid.none) == ("<Grid: 2 rows>", "No people yet.")


def test_the_focus_is_moved_by_a_message(monkeypatch):
    grid, sent = Grid(), []
    monkeypatch.setattr(grid, "send", sent.append)
    grid.focus_row(2, "age")
    assert sent == [{"kind": "focus", "row": 2, "column": "age"}]


def test_its_page_has_all_of_its_modules():
    assert "columnWidths" in Grid._esm
    assert "import " not in Grid._esm.split("*/")[-1]
