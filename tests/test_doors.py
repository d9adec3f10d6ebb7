import inspect

import pytest
from strategies import a_transcript, an_annotation_set

import syndisco_nb as snb
from syndisco_nb import doors


def test_every_door_is_a_typed_function_with_a_docstring():
    opened = [value for value in vars(doors).values() if inspect.isfunction(value)]
    assert len(opened) >= 10
    for door in opened:
        assert door.__doc__
        assert set(inspect.signature(door).parameters) | {"return"} == set(door.__annotations__), door


@pytest.mark.parametrize("record", [a_transcript(), an_annotation_set()])
def test_records_show_and_write_themselves_through_the_doors(record, tmp_path):
    assert set(doors.bundle(record)) == {"text/plain", "text/markdown", "text/html"}
    assert doors.to_markdown(record) == record.to_markdown()
    assert doors.write_html(record, tmp_path / "a.html").read_text("utf-8").startswith("<!")


def test_runs_check_themselves_through_the_doors(users, annotator, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=2, seed=1).begin(tmp_path / "talks")
    assert doors.verify(run)
    assert doors.compare_replay("discussion-00000", run[0], run[0])
    assert not doors.compare_replay("discussion-00000", run[0], run[1])
    labels = snb.AnnotationExperiment([annotator, annotator], snb.Likert("tone", 1, 3)).begin(run, tmp_path / "labels")
    assert type(doors.agreement(labels)).__name__ == "Agreement"


def test_widgets_open_through_the_doors(users, tmp_path):
    run = snb.DiscussionExperiment(["Tax"], users, num_turns=2, num_discussions=1, seed=1).begin(tmp_path)
    assert type(doors.viewer(run)).__name__ == "Viewer"
    assert type(doors.seat(snb.HumanModel())).__name__ == "Seat"
