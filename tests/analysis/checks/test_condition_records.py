import dataclasses

from support.checked import held_run, judge, label

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.records import Parent
from syndisco_nb.runs.sources import gather


def test_records_know_their_run(tmp_path):
    run = held_run(tmp_path, 2)
    material = gather(*label(run, [judge("A", ["1"])]))
    records = ConditionRecords.of(gather(run).transcripts, material.labels)
    assert records.run is run
    assert records.spec["num_active_users"] == 4
    assert [one.folder.name for one in records.label_runs] == ["labels", "labels"]
    assert ConditionRecords.of(gather(*run).transcripts, ()).spec is None


def test_forks_repeat_the_draws_of_their_parent(tmp_path):
    first, second = held_run(tmp_path, 2)
    fork = dataclasses.replace(second, parent=Parent(first.id, 1, 2))
    assert ConditionRecords((first, fork)).own == [first]
