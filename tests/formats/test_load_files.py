"""Whatever lies at a path."""

import os
import sys
from pathlib import Path

import pandas as pd
import pytest
from support.designs import moderated_builder
from support.experiments import discuss, person
from support.foreign import foreign_talk

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.formats import load_files
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.unknown_files import unknown_format
from syndisco_nb.runs.serialization import to_json


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
    for words in (
        "folder of a run",
        "is empty",
        "was cut off, at line 1",
        "is plain text, which does not tell comments apart",
        "its keys are a.",
    ):
        assert words in reasons


def test_a_path_without_discussions_says_why(tmp_path):
    with pytest.raises(RecordError, match="There is nothing at"):
        snb.load(tmp_path / "gone")
    with pytest.raises(RecordError, match="path is a web address"):
        snb.load("https://example.org/forum.csv")
    (tmp_path / "a.txt").write_text("Prose.")
    with pytest.raises(RecordError, match=r"There is no discussion in .*a.txt is plain text, which"):
        snb.load(tmp_path)


def test_what_cannot_be_read_is_named_and_what_lies_beside_it_is_read(tmp_path):
    top = tmp_path / "all"
    (top / "deep" / "deeper").mkdir(parents=True)
    (top / "deep" / "deeper" / "talk.json").write_bytes(to_json(foreign_talk()))
    (tmp_path / "elsewhere").mkdir()
    (top / "link").symlink_to(tmp_path / "elsewhere")
    (top / "loop").symlink_to(top)
    (top / "broken link").symlink_to(tmp_path / "gone")
    os.mkfifo(top / "pipe")
    (top / os.fsdecode(b"\xff.txt")).write_text("Prose.")
    corpus = snb.load(top)
    assert corpus.names == ["thread 0: é"]
    assert {one.file: one.reason for one in corpus.skipped} == {
        "link": "It is a link to a folder. Load that folder by itself.",
        "loop": "It is a link to a folder. Load that folder by itself.",
        "broken link": "broken link cannot be read: No such file or directory.",
        "pipe": "pipe cannot be read: it is not an ordinary file.",
        "\ufffd.txt": unknown_format(SourceFile(top / os.fsdecode(b"\xff.txt"))),
    }
    assert "skipped" in repr(corpus)
    assert list(snb.load(top)) == list(corpus)


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "talk.json").write_bytes(to_json(foreign_talk()))
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def refusing(place):
        if str(place).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refusing)
    (skipped,) = snb.load(tmp_path).skipped
    assert (Path(skipped.file).name, skipped.reason) == ("locked", "The folder cannot be read: Permission denied.")


@pytest.mark.parametrize("path", ["x" * 5_000, "a\0b"])
def test_an_impossible_path_is_an_error_of_ours(path):
    with pytest.raises(RecordError, match=r"cannot be read|There is nothing"):
        snb.load(path)


def test_a_dataframe_is_pointed_to_its_own_function():
    with pytest.raises(InvalidInputError, match=r"path is a DataFrame. Call from_dataframe\(frame\)"):
        snb.load(pd.DataFrame({"text": ["Why?"]}))


def test_what_takes_long_has_a_progress_bar_that_goes_away(tmp_path, capfd, monkeypatch):
    for number in range(60):
        (tmp_path / f"{number}.json").write_bytes(to_json(foreign_talk(number, known_as=f"t{number}")))
    monkeypatch.setattr(load_files, "_WAIT", 1e9)
    corpus = snb.load(tmp_path)
    assert corpus.names == [f"t{number}" for number in range(60)]
    assert capfd.readouterr().err == ""
    monkeypatch.setattr(load_files, "_WAIT", 0)
    snb.load(tmp_path)
    shown = capfd.readouterr().err
    assert "Reading" in shown
    assert shown.endswith("\r")
    assert not shown.split("\r")[-2].strip()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "body"}, "text names a column, but there is no table of comments in"),
        ({"sheet": "Sheet 2"}, "sheet is 'Sheet 2', but there is no table of comments in"),
        ({"scales": snb.Flag("polite")}, "scales are given, but there are no labels in"),
    ],
)
def test_an_argument_without_effect_is_an_error(given, words, tmp_path):
    run = discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")
    (tmp_path / "talk.json").write_bytes(to_json(foreign_talk()))
    for path in (run.folder, tmp_path / "talk.json"):
        with pytest.raises(InvalidInputError, match=words):
            snb.load(path, **given)


def test_a_missing_reader_is_named_and_keeps_no_other_file_from_being_read(tmp_path, monkeypatch):
    frame = pd.DataFrame({"thread": [1], "user": ["Ana"], "text": ["Why?"]})
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_csv(tmp_path / "b.csv", index=False)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    corpus = snb.load(tmp_path)
    assert (corpus.names, [one.file for one in corpus.skipped]) == (["1"], ["a.xlsx"])
    assert 'pip install "syndisco-nb[files]"' in corpus.skipped[0].reason
    with pytest.raises(RecordError, match="pip install"):
        snb.load(tmp_path / "a.xlsx")


def test_an_argument_that_one_file_cannot_use_keeps_no_other_file_from_being_read(tmp_path):
    frame = pd.DataFrame({"thread": [1], "user": ["Ana"], "text": ["Why?"]})
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_csv(tmp_path / "b.csv", index=False)
    corpus = snb.load(tmp_path, sheet="Sheet1")
    assert (len(corpus), [one.file for one in corpus.skipped]) == (1, ["b.csv"])
    with pytest.raises(InvalidInputError, match="only Excel files have sheets"):
        snb.load(tmp_path / "b.csv", sheet="Sheet1")


def test_a_guessed_encoding_is_said_once_and_only_of_files_that_are_read(tmp_path):
    for number, name in enumerate(["zwölf.json", "zwölf.csv"]):
        text = ['{"logs": [{"name": "Zoë", "text": "Nö.", "model": "m"}]}', "name,text\nZoë,Nö.\nAna,So.\n"][number]
        (tmp_path / name).write_bytes(text.encode("cp1252"))
    (tmp_path / "picture").write_bytes(b"GIF8 \xe9\xe8")
    with pytest.warns(UserWarning, match="was read as Windows-1252") as caught:
        corpus = snb.load(tmp_path)
    assert {talk[0].name for talk in corpus} == {"Zoë"}
    assert sorted(str(one.message).split()[0] for one in caught) == ["zwölf.csv", "zwölf.json"]


def test_an_empty_folder_is_said_to_be_empty(tmp_path):
    with pytest.raises(RecordError, match=r"There is no discussion in .*\. It is empty\.$"):
        snb.load(tmp_path)
