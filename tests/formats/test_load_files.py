"""Whatever lies at a path."""

import pytest
from support.designs import moderated_builder
from support.experiments import discuss, person

import syndisco_nb as snb
from syndisco_nb.errors import RecordError


def test_a_run_and_a_study_are_opened_as_such(tmp_path):
    run = discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")
    study = moderated_builder().discussions(1).run(tmp_path / "study")
    assert isinstance(snb.load(run.folder), snb.Run)
    assert isinstance(snb.load(study.folder), snb.Study)


def test_files_that_hold_nothing_are_named_with_the_reason(tmp_path):
    run = discuss([person("Ana"), person("Ben")]).begin(tmp_path / "all" / "run")
    for name, text in {"0.json": "", "a.json": '{"a', "b.txt": "Prose.", "c.json": '{"a": 1}', ".hidden": "x"}.items():
        (tmp_path / "all" / name).write_text(text)
    (tmp_path / "all" / "talk.json").write_bytes((run.folder / "discussion-00000.json").read_bytes())
    corpus = snb.load(tmp_path / "all")
    assert corpus.names == ["talk"]
    assert [one.file for one in corpus.skipped] == ["run", "0.json", "a.json", "b.txt", "c.json"]
    reasons = " ".join(one.reason for one in corpus.skipped)
    for words in ("folder of a run", "is empty", "invalid JSON", "of no format that is read"):
        assert words in reasons


def test_a_path_without_discussions_says_why(tmp_path):
    with pytest.raises(RecordError, match="There is nothing at"):
        snb.load(tmp_path / "gone")
    (tmp_path / "a.txt").write_text("Prose.")
    with pytest.raises(RecordError, match=r"There is no discussion in .*a.txt is of no format"):
        snb.load(tmp_path)
