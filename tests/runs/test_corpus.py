"""Discussions that were read into memory: all that a run does."""

from pathlib import Path

import pytest
from support.designs import moderated_builder
from support.experiments import judge
from support.foreign import foreign_corpus, foreign_talk

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, UnknownItemError
from syndisco_nb.records import Records
from syndisco_nb.runs.serialization import to_json
from syndisco_nb.runs.sources import gather

SCALE = snb.Likert("toxicity", 1, 5)
CORPUS = foreign_corpus()
NAMES = ["thread 0: é", "thread 1: é", "thread 2: é"]
CODERS = ["coder A", "coder B"]


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the files of the corpus, and one of prose."""
    (tmp_path / "all").mkdir()
    for number, record in enumerate([*CORPUS, *CORPUS.annotations]):
        (tmp_path / "all" / f"{number}.json").write_bytes(to_json(record))
    (tmp_path / "all" / "notes.txt").write_text("It rained.")
    return tmp_path / "all"


def experiment():
    return snb.AnnotationExperiment([judge(name="Judge")], SCALE, seed=3)


def test_it_is_a_sequence_of_transcripts():
    assert (len(CORPUS), CORPUS[0], CORPUS[-1]) == (3, foreign_talk(0), foreign_talk(2))
    assert isinstance(CORPUS[:1], Records)
    assert CORPUS.names == NAMES
    with pytest.raises(UnknownItemError, match=r"There is no corpus\[3\]: it has 3 discussions"):
        CORPUS[3]


@pytest.mark.parametrize("path", ["logs", Path("logs")])
def test_a_path_is_pointed_to_load(path):
    with pytest.raises(InvalidInputError, match=r"transcripts is .*logs.*Read a file or folder with load\(path\)"):
        snb.Corpus(path)


def test_a_name_in_place_of_a_number_is_an_error_that_shows_the_number():
    with pytest.raises(UnknownItemError, match=r"taken by number. It is corpus\[1\]"):
        CORPUS[NAMES[1]]
    with pytest.raises(UnknownItemError, match=r"There is no corpus\['x'\].*Their names are in names"):
        CORPUS["x"]


def test_it_says_how_much_it_holds_and_which_files_were_skipped():
    assert repr(CORPUS) == "<Corpus: 3 discussions, 12 comments, 6 annotation sets, 1 file skipped>"
    page = CORPUS.to_markdown()
    for words in ("annotators **2**", "notes.txt", "of no format", "toxicity"):
        assert words in page


def test_tables_hold_its_labels():
    assert (len(gather(CORPUS).transcripts), len(gather(CORPUS).labels)) == (3, 6)
    assert len(CORPUS.to_dataframe()) == 15
    labels = CORPUS.to_dataframe("labels")
    assert list(labels.annotator.unique()) == CODERS
    assert list(labels.speaker_age.unique()) == [30, 31, 32]


def test_it_is_labelled_and_the_labels_are_retried_and_verified(tmp_path):
    labels = experiment().begin(CORPUS, tmp_path / "labels")
    assert labels.names == [f"{name}.annotator-00" for name in NAMES]
    assert [one.discussion_id for one in labels] == [talk.id for talk in CORPUS]
    assert labels.verify().problems == ()
    assert len(labels.retry()) == 3
    assert list(experiment().begin(CORPUS, tmp_path / "labels")) == list(labels)
    agreement = snb.agreement(labels, CORPUS)
    assert set(agreement.annotators) == {"Judge", *CODERS}


def test_a_folder_of_other_files_is_labelled_and_its_labels_verified_with_their_texts(folder, tmp_path):
    with pytest.warns(UserWarning, match=r"Skipped 1 of the files in .*notes\.txt: is plain text"):
        labels = experiment().begin(folder, tmp_path / "labels")
    assert labels.names == [f"{name}.annotator-00" for name in NAMES]
    assert [one.file for one in labels.skipped] == ["notes.txt"]
    assert snb.Run(labels.folder).verify().problems == ()
    assert set(labels.to_dataframe().speaker_age) == {30, 31, 32}  # its discussions are found
    (folder / "0.json").unlink()
    assert labels.verify().problems == (
        f"{NAMES[0]}.annotator-00.json: its discussion, {NAMES[0]}, is gone, or broken.",
    )


def test_labels_that_were_interrupted_go_on(folder, tmp_path):
    (folder / "notes.txt").unlink()
    whole = experiment().begin(folder, tmp_path / "whole")
    begun = experiment().begin(folder, tmp_path / "labels")
    (begun.folder / f"{begun.names[1]}.json").unlink()
    again = experiment().begin(folder, tmp_path / "labels")
    assert list(again) == list(whole)
    assert again.verify().problems == ()


def test_people_label_it_by_hand(tmp_path):
    labelling = snb.Labelling(CORPUS, SCALE, "Dana", tmp_path / "hand")
    assert repr(labelling) == "<Labelling by Dana: 0 of 12 labels>"
    sample = snb.sample_comments(CORPUS, 5, seed=1)
    assert len(experiment().begin(sample, tmp_path / "sampled").to_dataframe()) == 5


def test_its_labels_are_compared_and_shown_on_the_comments():
    assert set(CORPUS.agreement().annotators) == set(CODERS)
    assert repr(snb.annotated(CORPUS)) == "<AnnotatedDiscussions: 3>"


def test_only_what_can_be_known_of_it_is_checked():
    found = CORPUS.checks()
    assert {check.name for check in found} == {
        "constant labels", "annotator apart", "labels on their scale", "answers without a label",
    }  # fmt: skip
    assert not [check for check in found if check.status in ("warn", "fail")]


def test_it_is_measured_drawn_reported_and_contrasted(tmp_path):
    measures = CORPUS.measures()
    assert list(measures.comments) == [4, 4, 4]
    assert measures.toxicity.notna().all()
    assert CORPUS.plot("length").alt
    report = CORPUS.report(tmp_path / "report.md", draws=100)
    assert "Prompt of" not in (tmp_path / "report.md").read_text()  # none is on record
    assert len(report.doubts) == 2
    assert CORPUS.table(tmp_path / "table.html").exists()
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    distances = study.contrast("length", human=CORPUS, draws=100).human
    assert [one.level for one in distances] == ["none", "facilitator"]


def test_it_is_viewed_with_its_labels():
    viewer = CORPUS.view()
    seen = viewer.answer({"id": 1, "kind": "look", "anew": True})
    assert seen["messages"] == 15
    assert [name for name, *_ in seen["scales"]] == ["toxicity"]
    assert [name for name, _ in seen["speakers"]] == ["Ana", "Ben", "Cem"]


def test_it_holds_nothing_but_records():
    with pytest.raises(
        InvalidInputError, match=r"transcripts holds <Message 0, .*must hold Transcripts, as a run or corpus"
    ):
        snb.Corpus(CORPUS[0])
    with pytest.raises(InvalidInputError, match="annotations holds 'none', but must hold AnnotationSets"):
        snb.Corpus(CORPUS, {"none": []})
