"""One grammar for all tables."""

import pytest
from support.designs import moderated_builder, rater
from support.labelled import labelled, talk

import syndisco_nb as snb
from syndisco_nb.analysis.frames.dataframes import to_dataframe
from syndisco_nb.errors import InvalidInputError


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return moderated_builder().run(tmp_path_factory.mktemp("study") / "study")


@pytest.fixture(scope="module")
def labels(study):
    return study.annotate([rater()], snb.Likert("toxicity", 1, 5))


@pytest.mark.parametrize("what", ["messages", "labels", "discussions", "participants"])
def test_study_run_slice_and_labels_give_every_table_with_the_same_dtypes(study, labels, what):
    of_study = labels.to_dataframe(what)
    assert list(of_study.columns[:5]) == [
        "condition",
        "condition_moderator",
        "discussion",
        "discussion_id",
        "discussion_index",
    ]
    of_run = labels["none"].to_dataframe(what)
    assert of_run.dtypes.to_dict() == of_study.dtypes.drop(["condition", "condition_moderator"]).to_dict()
    assert len(of_run) == (of_study.condition == "none").sum() > 0
    if what != "labels":
        assert study["none"][:].to_dataframe(what).equals(study["none"].to_dataframe(what))
        assert list(study["none"][0].to_dataframe(what).columns) == list(study["none"].to_dataframe(what).columns)


def test_an_empty_table_has_the_same_columns(study, labels):
    for what in ("messages", "discussions", "participants"):
        full, empty = study["none"].to_dataframe(what), study["none"][:0].to_dataframe(what)
        known = [column for column in full if not column.startswith("speaker_") and column != "toxicity"]
        assert (len(empty), list(empty.columns)) == (0, known)
        assert empty.dtypes.to_dict() == full[known].dtypes.to_dict()
    empty = labels["none"][:0].to_dataframe("labels")
    assert list(empty.columns) == [c for c in labels["none"].to_dataframe() if not c.startswith("speaker_")]


def test_labels_are_the_default_of_labels_and_messages_of_discussions(study, labels):
    assert "label" in labels.to_dataframe()
    assert "label" in labels["none"][0].to_dataframe()
    assert "silent" in study.to_dataframe()
    assert "silent" in study["none"][0].to_dataframe()


def test_an_unknown_table_and_a_wide_table_of_messages_are_refused():
    with pytest.raises(InvalidInputError, match="Did you mean 'labels'"):
        to_dataframe(talk(), "label")
    with pytest.raises(InvalidInputError, match="wide=True is for labels"):
        to_dataframe(talk(), "messages", wide=True)


def test_the_natural_line_gives_the_right_sign():
    """Openings that nobody generated and the facilitator's own mild comments hid that the others grew more toxic."""
    none, moderated = talk(talk_id="a"), talk(talk_id="b", moderated=(1, 2, 3))
    frame = to_dataframe(
        [labelled(none, [5, 2, 2, 2]), labelled(moderated, [1, 3, 1, 3, 1, 3, 1]), none, moderated], "labels"
    )
    means = frame.groupby("discussion_id").label.mean()
    assert (means["a"], means["b"]) == (2, 3)
    assert frame.attrs["left_out"] == {"opening": 2, "moderator": 3}
    everything = to_dataframe([labelled(none, [5, 2, 2, 2]), none], "labels", roles="all")
    assert everything.label.mean() == 2.75
