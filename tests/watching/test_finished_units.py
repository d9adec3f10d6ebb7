from dataclasses import replace

import pytest
from strategies import a_transcript

from syndisco_nb.runs.reading import UnitCounts
from syndisco_nb.runs.serialization import to_json
from syndisco_nb.watching import finished_units
from syndisco_nb.watching.finished_units import FinishedUnits


@pytest.fixture(autouse=True)
def listed_at_every_look(monkeypatch):
    monkeypatch.setattr(finished_units, "_LISTING_SHARE", 0)


@pytest.fixture
def finish(tmp_path):
    def finish(number):
        record = replace(a_transcript(), index=number)
        (tmp_path / f"discussion-{number:05d}.json").write_bytes(to_json(record))

    return finish


def look(units):
    units.list_files()
    return list(units.count())


def test_units_from_before_the_first_look_are_told_from_new_ones(finish, tmp_path):
    finish(0)
    (tmp_path / "notes.json").write_text("{}")
    units = FinishedUnits(tmp_path)
    assert look(units) == [("discussion-00000", False)]
    finish(1)
    assert look(units) == [("discussion-00001", True)]
    assert look(units) == []
    assert units.names == {"discussion-00000", "discussion-00001"}
    assert units.counts == dict.fromkeys(units.names, UnitCounts(2, 0))


def test_only_some_are_counted_at_a_look_and_the_latest_first(finish, tmp_path, monkeypatch):
    for number in range(5):
        finish(number)
    units = FinishedUnits(tmp_path)
    monkeypatch.setattr(finished_units, "_COUNTING_S", 0)
    assert look(units) == []
    assert not units.is_counted
    monkeypatch.setattr(finished_units, "_COUNTING_S", 60)
    assert [unit for unit, _ in look(units)] == [f"discussion-{number:05d}" for number in (4, 3, 2, 1, 0)]
    assert units.is_counted


def test_a_folder_that_is_slow_to_list_is_listed_less_often(finish, tmp_path, monkeypatch):
    units = FinishedUnits(tmp_path)
    look(units)
    finish(0)
    monkeypatch.setattr(finished_units, "_LISTING_SHARE", 10**9)
    assert look(units) == []
    units.new_uncounted.add("discussion-00000")  # as once its journal has gone
    assert look(units) == [("discussion-00000", True)]


def test_a_folder_that_is_slow_to_list_is_listed_when_it_must_be(finish, tmp_path):
    units = FinishedUnits(tmp_path)
    units._listed_at, units._listing_s = float("inf"), 0.0  # not due for a long time
    finish(0)
    units.list_files()
    assert not units.names
    units.list_next_time()
    units.list_files()
    assert len(units.names) == 1


def test_a_unit_that_has_gone_counts_no_more(finish, tmp_path):
    finish(0)
    units = FinishedUnits(tmp_path)
    look(units)
    (tmp_path / "discussion-00000.json").unlink()
    look(units)
    assert (units.names, units.counts) == (set(), {})


def test_a_broken_file_is_finished_but_not_counted(tmp_path):
    (tmp_path / "discussion-00000.json").write_text("{")
    units = FinishedUnits(tmp_path)
    assert look(units) == [("discussion-00000", False)]
    assert (units.names, units.counts) == ({"discussion-00000"}, {})
