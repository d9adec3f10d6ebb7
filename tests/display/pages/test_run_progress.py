import pytest
from support.experiments import discuss, judge, person

import syndisco_nb as snb
from syndisco_nb.display.page import Share
from syndisco_nb.display.pages.run_progress import Progress, journals_of, run_progress, total_progress
from syndisco_nb.runs.layout import journal_path
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.watching.folder_watcher import FolderWatcher


@pytest.fixture
def talks(tmp_path):
    return discuss([person("Ana"), person("Ben")]).begin(tmp_path / "talks")


def unfinish(run, place, lines):
    unit, record = run.names[place], run[place]
    journal = record.messages if run.holds is snb.Transcript else record.labels
    journal_path(run.folder, unit).write_bytes(b"".join(map(to_line, journal[:lines])))
    (run.folder / f"{unit}.json").unlink()
    return snb.Run(run.folder, part=run.part)


def test_turns_are_counted_as_in_the_live_view(talks):
    run = unfinish(talks, 1, 3)
    assert run_progress(run) == (10, 12)
    assert run_progress(run).share == FolderWatcher(run.folder).look().share
    assert len(journals_of(run)) == 1


def test_the_number_of_labels_is_that_of_finished_sets(talks, tmp_path):
    labels = snb.AnnotationExperiment([judge()], snb.Likert("tone", 1, 3), seed=1).begin(talks, tmp_path / "labels")
    run = unfinish(labels, 2, 2)
    assert run_progress(run) == (12, 15)
    run = unfinish(unfinish(run, 1, 1), 0, 3)
    assert run_progress(run) == (6, 0)
    assert run_progress(run).bar("label") == Share(0.0, "6 labels kept")


def test_of_a_part_only_its_own_turns_count(talks):
    unfinish(talks, 2, 3)
    with pytest.warns(UserWarning, match="the others stay as they are"):
        part = discuss([person("Ana"), person("Ben")], num_discussions=2).begin(talks.folder)
    assert run_progress(part) == (8, 8)
    assert journals_of(part) == []


def test_several_runs_add_up():
    assert total_progress([Progress(3, 4), Progress(0, 4)]).bar("turn") == Share(0.375, "3 of 8 turns kept, 38%")
    assert total_progress([Progress(3, 4), Progress(2, 0)]) == (5, 0)
    assert Progress(9, 8).share == 1.0
