"""A run that is open: its work in the order of its units, and a part of it where one is asked for."""

from support.recording_model import RecordingModel
from support.together import experiment, work_on

UNITS = [f"discussion-{index:05d}" for index in range(3)]


def test_the_work_left_stands_in_the_order_of_the_units(tmp_path):
    asked = experiment(RecordingModel())
    work_on(tmp_path, a=asked)
    for unit in (UNITS[2], UNITS[0]):
        (tmp_path / "a" / f"{unit}.json").unlink()
    with asked.opened(tmp_path / "a") as opened:
        assert (list(opened.units.items()), opened.part) == ([(unit, 2) for unit in UNITS], None)
        assert opened.left == opened.pending == [UNITS[0], UNITS[2]]
    with asked.opened(tmp_path / "a", only=UNITS[1:]) as opened:
        assert (opened.left, opened.pending) == ([UNITS[0], UNITS[2]], [UNITS[2]])


def test_of_a_larger_run_only_the_part_that_is_asked_for_is_worked_on(tmp_path, recwarn):
    work_on(tmp_path, a=experiment(RecordingModel()))
    for unit in UNITS[1:]:
        (tmp_path / "a" / f"{unit}.json").unlink()
    with experiment(RecordingModel(), num_discussions=2).opened(tmp_path / "a") as opened:
        assert (opened.pending, opened.unfinished, opened.part.units) == ([UNITS[1]], UNITS[1:], set(UNITS[:2]))
    assert "the others stay as they are" in str(recwarn.pop().message)
