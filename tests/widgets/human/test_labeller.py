"""The desk for labelling by hand, without a page."""

import json
import shutil

import pytest
from support.designs import moderated_builder

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, StorageError
from syndisco_nb.experiments.labelling import SHOWN
from syndisco_nb.runs import files

SCALES = [snb.Likert("tone", 1, 3), snb.Flag("wit")]


@pytest.fixture
def talks(users, tmp_path):
    return snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=3, num_discussions=2, seed=1).begin(
        tmp_path / "talks"
    )


@pytest.fixture
def judged(talks, annotator, tmp_path):
    return snb.AnnotationExperiment([annotator], SCALES[0], seed=1).begin(talks, tmp_path / "judged")


@pytest.fixture
def labelling(talks, tmp_path):
    return snb.Labelling(talks, SCALES, "Dana", tmp_path / "dana", instructions="Take your time.", seed=5)


def press(widget, kind, text="", at=None):
    widget.receive({"kind": kind, "id": "x", "at": widget.asked["at"] if at is None else at, "text": text})
    assert widget.asked["heard"] == "x"


def test_the_comment_stands_in_its_context(labelling, talks):
    widget = labelling.widget()
    for _ in range(4):
        widget.skip()
    comments = talks[0].comments
    assert [row["text"] for row in widget.talk] == [comment.text for comment in comments[:3]]
    asked = widget.asked
    assert asked["where"] == f"comment 3 of {len(comments)} in discussion 0"
    assert (asked["done"], asked["skipped"], asked["total"]) == (0, 4, 2 * sum(len(talk.comments) for talk in talks))
    assert (asked["scale"], asked["question"], asked["ends"]) == ("tone", "Tone of the comment", ["least", "most"])
    assert asked["labels"] == [["1", "1", ["1"]], ["2", "2", ["2"]], ["3", "3", ["3"]]]
    assert (asked["instructions"], asked["given"], asked["shown"]) == ("Take your time.", [], None)
    widget.label(3)
    assert widget.asked["given"] == [["tone", "3"]]
    assert widget.asked["labels"] == [["yes", "yes", ["1", "y"]], ["no", "no", ["2", "n"]]]
    assert repr(widget) == f"<Labeller for Dana: 1 of {asked['total']} labels>"


def test_for_a_participant_or_a_discussion_the_whole_discussion_is_shown(talks, tmp_path):
    scales = [snb.Flag("wit", unit="participant"), snb.Likert("heat", 1, 3, unit="discussion")]
    widget = snb.Labelling(talks[:1], scales, "Dana", tmp_path / "dana").widget()
    people = [user.name for user in talks[0].users if any((m.name, m.turn > 0) == (user.name, True) for m in talks[0])]
    for name in people:
        asked = widget.asked
        assert [row["text"] for row in widget.talk] == [comment.text for comment in talks[0]]
        assert (asked["whole"], asked["about"], asked["where"]) == (True, name, f"{name} in discussion 0")
        assert asked["question"] == f"Does {name} show wit in the discussion?"
        press(widget, "label", "yes")
        assert widget.asked["news"] == f"Saved: wit yes for {name}."
    assert (widget.asked["where"], widget.asked["given"]) == ("the whole discussion in discussion 0", [])
    assert "The discussion" in widget._labelling.current._repr_mimebundle_()["text/plain"]
    press(widget, "label", "2")
    assert widget.asked["news"] == "Saved: heat 2 for the whole discussion."
    assert widget._labelling.run.verify()


def test_every_label_is_on_file_before_the_next_is_asked_for(labelling, talks, tmp_path):
    widget = labelling.widget()
    press(widget, "label", "2")
    first = talks[0].comments[0]
    assert widget.asked["news"] == f"Saved: tone 2 for {first.name}."
    again = snb.Labelling(talks, SCALES, "Dana", tmp_path / "dana", instructions="Take your time.", seed=5)
    assert again.progress[0] == 1
    press(again.widget(), "label", "yes")
    assert again.progress[0] == 2


def test_skip_and_undo(labelling):
    widget = labelling.widget()
    press(widget, "skip")
    assert widget.asked["news"].startswith("Skipped: tone for ")
    assert (widget.asked["given"], widget.asked["skipped"]) == ([["tone", "skipped"]], 1)
    press(widget, "undo")
    assert (widget.asked["news"], widget.asked["skipped"]) == ("Undone.", 0)
    assert (widget.asked["done"], widget.asked["scale"]) == (0, "tone")
    press(widget, "undo")
    assert (widget.asked["news"], widget.asked["bad"]) == ("There is no label to undo.", True)


def test_skipped_labels_are_taken_up_and_only_then_is_it_done(labelling):
    widget = labelling.widget()
    press(widget, "label", "2")
    press(widget, "skip")
    while labelling.position != 1:
        press(widget, "label", "1" if widget.asked["scale"] == "tone" else "no")
    assert (widget.asked["away"], widget.asked["now"], widget.asked["skipped"]) == (True, "skipped", 1)
    press(widget, "skip")
    assert (widget.asked["at"], widget.asked["skipped"]) == ("", 1)
    assert widget.asked["done"] == widget.asked["total"] - 1
    press(widget, "again")
    press(widget, "label", "yes")
    assert (widget.asked["at"], widget.asked["skipped"], widget.asked["done"]) == ("", 0, widget.asked["total"])


def test_history_leads_back_to_a_label_and_on_to_where_one_was(labelling, talks):
    widget = labelling.widget()
    for value in ("2", "yes", "3"):
        press(widget, "label", value)
    at, first = widget.asked["at"], talks[0].comments[0]
    assert widget.asked["history"][1:] == [
        [1, first.name, first.text, "wit", "yes"],
        [0, first.name, first.text, "tone", "2"],
    ]
    press(widget, "go", "0")
    assert (widget.asked["position"], widget.asked["now"], widget.asked["away"]) == (0, "2", True)
    assert widget.asked["given"] == [["wit", "yes"]]
    press(widget, "label", "1")
    assert (widget.asked["at"], widget.asked["away"]) == (at, False)
    assert widget.asked["history"][0][0::4] == [0, "1"]
    press(widget, "back")
    press(widget, "back")
    assert widget.asked["position"] == 2
    press(widget, "forward")
    press(widget, "go_on")
    assert widget.asked["at"] == at
    press(widget, "go", "999")
    assert widget.asked["bad"]


def test_a_text_is_in_the_box_again_after_undo_skip_and_a_look_back(talks, tmp_path):
    widget = snb.Labelling(talks, snb.FreeText("note"), "Dana", tmp_path / "free").widget()

    def type_text(text):
        widget.receive({"kind": "draft", "text": text, "at": widget.asked["at"]})

    press(widget, "label", "He repeats himself.")
    late = widget.asked["at"]
    type_text("Half of")
    press(widget, "undo")
    assert (widget.draft, widget.asked["position"]) == ("He repeats himself.", 0)
    widget.receive({"kind": "draft", "text": "too late", "at": late})
    assert widget.draft == "He repeats himself."
    press(widget, "label", "He does.")
    assert widget.draft == "Half of"
    press(widget, "back")
    assert (widget.draft, widget.asked["now"]) == ("He does.", "He does.")
    press(widget, "go_on")
    assert widget.draft == "Half of"
    press(widget, "skip")
    assert widget.draft == ""
    press(widget, "again")
    assert widget.draft == "Half of"


def test_the_state_sent_to_the_page_stays_small(users, tmp_path):
    talks = snb.DiscussionExperiment(["Tax"], users, num_turns=30, num_discussions=2, seed=1).begin(tmp_path / "many")
    widget = snb.Labelling(talks, SCALES[0], "Dana", tmp_path / "dana").widget()
    sizes = []
    while widget.asked["at"]:
        widget.label(2)
        sizes.append(len(json.dumps([widget.asked, widget.talk])))
    assert len(widget.asked["history"]) == 30
    assert max(sizes) < 5_000


def test_progress_is_told_by_discussion(labelling, talks):
    widget = labelling.widget()
    press(widget, "label", "2")
    assert widget.asked["within"] == f"this discussion: 1 of {2 * len(talks[0].comments)} labels · 1 more discussion"


def test_a_key_pressed_twice_labels_once(labelling):
    widget = labelling.widget()
    shown = widget.asked["at"]
    press(widget, "label", "2")
    press(widget, "label", "2", at=shown)
    assert labelling.progress[0] == 1
    assert "was labelled meanwhile" in widget.asked["news"]


def test_what_is_labelled_in_code_is_next_to_what_is_labelled_in_the_page(labelling):
    widget = labelling.widget()
    labelling.label(1)
    press(widget, "label", "2")
    assert labelling.progress[0] == 1
    assert widget.asked["scale"] == "wit"
    press(widget, "label", "no")
    assert labelling.progress[0] == 2


def test_others_are_out_of_sight_until_asked_for_and_that_is_on_record(labelling, judged):
    widget = labelling.widget(others=judged)
    assert widget.asked["others"]
    assert widget.asked["shown"] is None
    press(widget, "reveal")
    assert widget.asked["shown"] == [["annotator 0", "tone", str(judged[0].labels[0].value)]]
    label = widget.label(3)
    assert label.generation.prompt[-1].content.startswith(SHOWN)
    assert widget.asked["shown"]  # still of the same comment
    widget.label("no")
    assert widget.asked["shown"] is None
    widget.undo()
    assert widget.asked["shown"]


def test_without_others_there_is_nothing_to_reveal(labelling):
    with pytest.raises(InvalidInputError, match=r"others=run"):
        labelling.widget().reveal()


def test_the_end_says_how_far_they_agree(labelling, judged):
    widget = labelling.widget(others=iter(judged))
    while labelling.current:
        widget.label(("yes", 2)[labelling.current.scale.name == "tone"])
    asked = widget.asked
    assert (asked["at"], asked["done"] == asked["total"], widget.talk) == ("", True, [])
    (line,) = asked["agreement"]
    row = labelling.run.agreement(judged)["tone"]
    assert line.startswith(f"tone: {row.percent:.1f}% of {row.comments} comments labelled the same")
    press(widget, "undo")
    assert widget.asked["at"]


def test_free_text_is_kept_when_it_is_refused(talks, tmp_path):
    labelling = snb.Labelling(talks, snb.FreeText("argument"), "Dana", tmp_path / "free")
    widget = labelling.widget()
    assert widget.asked["labels"] == []
    widget.receive({"kind": "draft", "text": "  "})
    press(widget, "label", "  ")
    assert (widget.draft, widget.asked["bad"]) == ("  ", True)
    press(widget, "label", "He repeats himself.")
    assert (widget.draft, labelling.progress[0]) == ("", 1)


def test_a_folder_written_elsewhere_is_said(labelling, talks, tmp_path):
    widget = labelling.widget()
    snb.Labelling(talks, SCALES, "Dana", tmp_path / "dana", instructions="Take your time.", seed=5).label(1)
    press(widget, "label", "2")
    assert "was written elsewhere meanwhile" in widget.asked["news"]
    assert (widget.asked["done"], widget.asked["scale"]) == (1, "wit")


def test_a_full_disk_is_said_and_nothing_is_lost(labelling, monkeypatch):
    widget = labelling.widget()
    press(widget, "label", "2")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_all", full)
        press(widget, "label", "yes")
        assert "No space left on device" in widget.asked["news"]
        assert (widget.asked["bad"], widget.asked["done"]) == (True, 1)
        with pytest.raises(StorageError):
            widget.label("yes")
    press(widget, "label", "yes")
    assert (widget.asked["bad"], widget.asked["done"]) == (False, 2)


def test_a_folder_that_is_gone_is_said(labelling, tmp_path):
    widget = labelling.widget()
    widget.label(1)
    shutil.rmtree(tmp_path / "dana")
    press(widget, "label", "yes")
    assert widget.asked["bad"]
    assert widget.asked["news"]


def test_without_a_kernel_it_shows_what_labelling_does(labelling):
    bundle, _ = labelling.widget()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for kind in ("text/html", "text/plain"):
        assert "Labelling" in bundle[kind]


def test_nothing_on_the_page_tells_the_condition(tmp_path):
    study = moderated_builder().discussions(2).run(tmp_path / "study")
    widget = snb.Labelling(study.sample(2, seed=1), SCALES[0], "Dana", tmp_path / "labels").widget()
    while widget.asked["at"]:
        state = json.dumps([widget.asked, widget.talk]) + json.dumps(widget._repr_mimebundle_()[0])
        assert not any(word in state for word in ("none.", "facilitator.", "discussion-0"))
        assert widget.asked["where"].startswith("turn ")
        press(widget, "label", "2")
