"""Labels of other tools, from files and tables."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from support.designs import moderated_builder
from support.experiments import discuss, judge, person
from support.labelled import labelled, talk
from support.sizes import LONG

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.runs.corpus import Corpus

TOXICITY, RUDE = snb.Likert("toxicity", 1, 5), snb.Flag("rude")


@pytest.fixture
def run(tmp_path):
    return discuss([person("Ana"), person("Ben")]).begin(tmp_path / "run")


def sheet(run, **columns):
    rows = [(talk.name, one.index) for talk in run for one in talk if one.role == "participant"]
    frame = pd.DataFrame(rows, columns=["conv", "n"])
    return frame.assign(**{name: [value(place) for place in range(len(frame))] for name, value in columns.items()})


def test_scores_of_perspective_are_compared_with_a_models_labels(run, tmp_path):
    model = snb.AnnotationExperiment([judge("yes")], RUDE).begin(run, tmp_path / "labels")
    file = tmp_path / "perspective.csv"
    sheet(run, RUDE=lambda place: 0.9 - place / 20, INSULT=lambda place: 0.25).to_csv(file)
    perspective = snb.load_labels(file, run, annotator="Perspective", scales=RUDE, index="n")
    assert perspective[0].annotator.model == "Perspective"
    agreement = snb.agreement(model, perspective)
    assert agreement.annotators == ("annotator 0", "Perspective")
    assert agreement["rude"].comments == len(sheet(run))
    frame = perspective.to_dataframe()
    assert frame["value"].tolist() == pytest.approx([0.9 - place / 20 for place in range(len(frame))])
    both = snb.load_labels(file, run, annotator="Perspective", index="n")
    assert sorted(dict.fromkeys(both.to_dataframe()["scale"])) == ["INSULT", "RUDE"]


def test_a_model_is_validated_by_a_hand_coded_sheet(run, tmp_path):
    model = snb.AnnotationExperiment([judge("3")], TOXICITY).begin(run, tmp_path / "labels")
    coded = sheet(run, Dana=lambda place: place % 3 + 2, Eli=lambda place: 3)
    people = snb.load_labels(coded, run, annotator=["Dana", "Eli"], scales=TOXICITY, index="n")
    row = model.validate(people).rows[0]
    assert (row.people, row.comments) == (("Dana", "Eli"), len(coded))
    assert [one.annotator.model for one in people] == ["human"] * len(people)


def test_codes_beside_the_comments_are_read_from_the_same_file(tmp_path):
    rows = [
        ("a", "Ana", "Why?", 1, 2),
        ("b", "Ana", "Ho.", 5, 5),
        ("a", "Ben", "", None, None),
        ("a", "Ana", "So.", 3, 3),
    ]
    pd.DataFrame(rows, columns=["thread", "author", "comment", "Dana", "Eli"]).to_excel(
        tmp_path / "f.xlsx", index=False
    )
    forum = snb.load(tmp_path / "f.xlsx")
    coded = snb.load_labels(tmp_path / "f.xlsx", forum, annotator=["Dana", "Eli"], scales=TOXICITY)
    frame = coded.to_dataframe()[["discussion", "index", "annotator", "label"]]
    assert frame[frame.annotator == "Eli"].values.tolist() == [
        ["a", 0, "Eli", 2],
        ["a", 2, "Eli", 3],
        ["b", 0, "Eli", 5],
    ]


def test_labels_of_a_study_come_back_from_its_own_tables_and_are_contrasted(tmp_path):
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    labels = study.annotate([judge("4", name="one"), judge(["2", "Nothing."], "m", name="other")], TOXICITY)
    frame, wide = (labels.to_dataframe("labels", roles="all", wide=wide) for wide in (False, True))
    frame.to_csv(tmp_path / "labels.csv", index=False)
    frame.to_parquet(tmp_path / "labels.parquet")
    for again in (
        snb.load_labels(frame, study),
        snb.load_labels(wide, study, scales=TOXICITY),
        snb.load_labels(tmp_path / "labels.csv", study),
        snb.load_labels(tmp_path / "labels.parquet", study),
    ):
        assert_frame_equal(again.to_dataframe(roles="all"), frame, check_like=True)
        ours, theirs = labels.contrast("toxicity", by="moderator"), again.contrast("toxicity", by="moderator")
        assert (ours.difference, ours.n, ours.interval) == (theirs.difference, theirs.n, theirs.interval)


PROBABILITIES = st.lists(st.floats(0, 1), min_size=5, max_size=5).map(
    lambda found: dict(zip("12345", found, strict=True))
)
GIVEN = st.lists(st.tuples(st.none() | st.integers(1, 5), st.none() | PROBABILITIES), min_size=4, max_size=4)


@settings(max_examples=1000 if LONG else 8, deadline=None)
@given(GIVEN, st.sampled_from(["frame", "csv"]))
def test_labels_and_probabilities_come_back_equal(tmp_path_factory, given, kind):
    spoken = talk(["a", "b", "c"])
    sets = labelled(spoken, [value for value, _ in given])
    labels = tuple(
        replace(label, role=message.role, turn=message.turn, probabilities=found, mass=None if found is None else 0.5)
        for label, message, (_, found) in zip(sets.labels, spoken, given, strict=True)
    )
    frame = replace(sets, labels=labels).to_dataframe(roles="all")
    source = frame
    if kind == "csv":
        source = tmp_path_factory.mktemp("labels") / "labels.csv"
        frame.to_csv(source, index=False)
    again = snb.load_labels(source, spoken, scales=TOXICITY)
    # the discussion is at hand, and with it the speakers' attributes
    columns = list(frame)
    assert_frame_equal(
        again.to_dataframe(roles="all")[columns].drop(columns="discussion_index"),
        frame.drop(columns="discussion_index"),
    )


@pytest.mark.parametrize("form", ["syndisco", "qdpx"])
def test_labels_in_other_formats_find_the_discussions_given(run, tmp_path, form):
    model = snb.AnnotationExperiment([judge(["1", "2", "5"], name="Jo")], TOXICITY).begin(run, tmp_path / "labels")
    if form == "qdpx":
        file = model.to_qdpx(tmp_path / "coded.qdpx")
    else:
        file = model.to_syndisco(tmp_path / "logs") / "annotations"
    labels = snb.load_labels(file, run, scales=TOXICITY)
    assert [one.discussion_id for one in labels] == [talk.id for talk in run]
    assert [[label.value for label in one.labels] for one in labels] == [
        [label.value for label in one.labels] for one in model
    ]


def test_files_without_labels_are_named(run, tmp_path):
    (tmp_path / "a.txt").write_text("Prose.")
    with pytest.raises(RecordError, match=r"a.txt"):
        snb.load_labels(tmp_path / "a.txt", run)
    with pytest.raises(RecordError, match="There is nothing at"):
        snb.load_labels(tmp_path / "gone", run)
    chat = run[0].to_chat(tmp_path / "chat.jsonl")
    with pytest.raises(RecordError, match=r"^No label can be read from .* chat.jsonl holds no labels\.$"):
        snb.load_labels(chat, run)
    model = snb.AnnotationExperiment([judge("3")], TOXICITY).begin(run, tmp_path / "labels")
    with pytest.raises(
        RecordError, match=r"can be joined to discussions elsewhere: load\(path\).annotations has its own"
    ):
        snb.load_labels(model.to_convokit(tmp_path / "convokit"), run)
    with pytest.raises(InvalidInputError, match="which holds no discussion"):
        snb.load_labels(chat, [])
    with pytest.raises(InvalidInputError, match="Labels come first, then discussions"):
        snb.load_labels(run[0], chat)


def test_a_folder_is_read_with_a_warning_about_other_files(run, tmp_path):
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "notes.txt").write_text("Prose.")
    sheet(run, coder=lambda place: "Dana", toxicity=lambda place: 2).to_csv(folder / "dana.csv")
    sheet(run, coder=lambda place: "Eli", toxicity=lambda place: 3).to_csv(folder / "eli.csv")
    with pytest.warns(UserWarning, match="1 file left out"):
        labels = snb.load_labels(folder, run, scales=TOXICITY, index="n")
    assert [(one.annotator_name, one.index) for one in labels[:: len(run)]] == [("Dana", 0), ("Eli", 1)]


def test_a_hand_coded_sheet_of_a_corpus_is_compared_with_its_own_labels():
    spoken = talk(["a", "b", "c"])
    corpus = Corpus([spoken], [labelled(spoken, [1, 2, 3, 4])])
    coded = pd.DataFrame({"nr": [2, 3, 4], "rater": "Dana", "toxicity": [2, 3, 5]})
    labels = snb.load_labels(coded, corpus, index="nr", start=1)  # on the scale of the corpus's own labels
    assert [label.value for label in labels[0].labels] == [2, 3, 5]
    assert corpus.agreement(labels)["toxicity"].comments == 3
    assert corpus.validate(labels).rows[0].comments == 3
