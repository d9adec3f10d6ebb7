"""Rows are read on a moment at a time; labels find their discussions, and problems are told."""

import pytest
from support.designs import moderated_builder, rater

import syndisco_nb as snb
from examples import a_builder, labels_of, talk
from syndisco_nb.widgets.viewer.message_rows import MessageRows


@pytest.fixture
def run(users, tmp_path):
    return snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=3, seed=1).begin(
        tmp_path / "talks"
    )


def all_read(source, labels=None):
    rows = MessageRows(source, labels)
    rows.read(60)
    assert rows.done
    return rows


def test_rows_are_read_until_there_are_enough_and_then_on(run):
    rows = MessageRows(run)
    rows.read(0, least=2)
    assert (len(rows.rows), rows.tried, rows.done) == (2, 0, False)
    rows.read(0, least=len(run[0].messages) + 1)
    assert (rows.tried, len(rows.headings), rows.total) == (1, 2, 3)
    rows.read(60)
    assert (rows.tried, rows.done) == (3, True)
    assert [row.entry.text for row in rows.rows] == [message.text for one in run for message in one.messages]


def test_each_row_has_the_code_of_its_message(run):
    rows = all_read(run)
    namespace = {"run": run}
    for row in rows.rows:
        message = eval(row.entry.where, namespace)  # noqa: S307
        assert (message.index, message.text) == (row.entry.number, row.entry.text)
    assert all_read(run[0]).rows[0].entry.where == "transcript.comments[0]"
    silent = next(row.entry for row in all_read(talk(12)).rows if row.entry.silent)
    assert silent.where == "transcript.silences[0]"


def test_the_code_of_a_study_names_the_condition(tmp_path):
    study = a_builder().run(tmp_path / "study")
    for row in all_read(study).rows:
        message = eval(row.entry.where, {"study": study})  # noqa: S307
        assert (message.index, message.text) == (row.entry.number, row.entry.text)


def test_labels_must_be_annotation_sets(run):
    with pytest.raises(snb.errors.InvalidInputError, match="must hold annotation sets"):
        MessageRows(run, run)
    with pytest.raises(snb.errors.InvalidInputError, match="must hold AnnotationSets"):
        MessageRows(run, [run[0]])


def test_headings_and_speakers_come_in_their_order(run):
    rows = all_read(run)
    assert [(one.facts.index, one.topic) for one in rows.headings] == [(one.index, one.topic) for one in run]
    assert rows.speakers == list(dict.fromkeys(row.entry.name for row in rows.rows))


def test_a_prompt_is_read_from_the_file(run):
    rows = all_read(run)
    number = next(place for place, row in enumerate(rows.rows) if row.entry.role == "participant")
    row = rows.rows[number]
    (message,) = [one for one in run[row.discussion].messages if one.index == row.entry.number]
    assert [text for _, text in rows.prompt(number).texts][: len(message.generation.prompt)] == [
        part.content for part in message.generation.prompt
    ]
    opening = next(place for place, row in enumerate(rows.rows) if row.entry.role == "opening")
    assert rows.prompt(opening) is None


def test_scales_offer_their_labels_unread_ones_and_disagreement():
    transcript = talk(12)
    alone = all_read(transcript, labels_of(transcript, "strict", [1, 4]))
    assert [alone.scales["toxicity"].unread, alone.scales["toxicity"].split] == [False, False]
    both = [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    scale = all_read(transcript, both).scales["toxicity"]
    assert (scale.labels, scale.unread, scale.split) == (["1", "2", "3", "4", "5"], True, True)


def test_a_broken_file_is_a_problem_and_counts_as_tried(run):
    (run.folder / "discussion-00001.json").write_text("{")
    rows = all_read(run)
    (problem,) = rows.problems
    assert "discussion-00001.json" in problem
    assert (rows.tried, len(rows.headings)) == (3, 2)


def test_a_study_comes_with_its_own_labels(tmp_path):
    study = moderated_builder().run(tmp_path)
    assert all_read(study).scales == {}
    study.annotate([rater()], snb.Likert("tone", 1, 3))
    assert all_read(snb.Study(tmp_path)).scales["tone"].labels == ["1", "2", "3"]
