from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.widgets.viewer.label_finder import LabelFinder


def test_labels_are_found_by_the_id_of_their_discussion():
    transcript = talk(6)
    labels = labels_of(transcript, "strict", [1])
    assert LabelFinder(labels).find(transcript, "any name", "") == ([labels], 0)
    assert LabelFinder([labels]).find(replace(transcript, id="0000"), "any name", "") == ([], 0)
    assert LabelFinder(None).find(transcript, "any name", "") == ([], 0)


def test_labels_of_changed_texts_are_left_out():
    transcript = talk(6)
    labels = labels_of(transcript, "strict", [1])
    changed = replace(transcript, comments=tuple(replace(one, text="Edited.") for one in transcript.comments))
    (found,), left_out = LabelFinder(labels).find(changed, "any name", "")
    assert (len(found.labels), left_out) == (0, len(labels.labels))


def test_labels_of_a_run_are_read_by_the_name_of_their_discussion(users, annotator, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=2, seed=1).begin(tmp_path / "run")
    labels = snb.AnnotationExperiment([annotator], snb.Likert("toxicity", 1, 5), seed=1).begin(run, tmp_path / "labels")
    finder = LabelFinder(labels)
    assert [finder.find(run[place], run.names[place], "")[0] for place in range(2)] == [[one] for one in labels]
    with pytest.raises(snb.errors.InvalidInputError, match="must hold annotation sets"):
        LabelFinder(run)
