"""A run of which a part is asked for has the units, scales, failures and status of that part."""

import pytest
from support.experiments import discuss, judge, person
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.errors import UnknownItemError
from syndisco_nb.runs.run_part import RunPart

FIRST = ("discussion-00000", "discussion-00001")


def test_a_part_has_its_units_alone(tmp_path):
    whole = discuss([person("Ana"), person("Ben")]).begin(tmp_path)
    part = snb.Run(tmp_path, part=RunPart(FIRST))
    assert (part.names, len(part), part.total, part.status) == ([*FIRST], 2, 2, "finished")
    assert list(part) == whole[:2]
    assert repr(part) == f"<Run {str(tmp_path)!r}: 2 of 2 discussions, a part of 3, finished>"
    assert len(part.to_dataframe()) < len(whole.to_dataframe())
    with pytest.raises(UnknownItemError, match=r"There is no run\[2\]: 2 of 2"):
        part[2]


def test_a_part_is_finished_before_the_whole_is_and_knows_its_own_failures(tmp_path):
    model = RecordingModel()
    experiment = discuss([snb.LLMActor(model, "Ana"), snb.LLMActor(model, "Ben")])
    model.failing = {request_seed(experiment, 2)}
    whole = experiment.begin(tmp_path)
    part = snb.Run(tmp_path, part=RunPart(FIRST))
    assert (whole.status, len(whole.failures)) == ("partial", 1)
    assert (part.status, len(part.failures)) == ("finished", 0)
    rest = snb.Run(tmp_path, part=RunPart(["discussion-00002"]))
    assert (rest.status, len(rest.failures), len(rest)) == ("partial", 1, 0)


def request_seed(experiment, index):
    """Return the seed of the first comment of a discussion."""
    return next(one.generation.seed for one in experiment.discussion(index, 7).run().messages if one.generation)


def test_labels_of_other_scales_are_left_out(tmp_path):
    talks = discuss([person("Ana"), person("Ben")], num_discussions=1).begin(tmp_path / "talks")
    scales = [snb.Likert("tone", 1, 3), snb.Likert("wit", 1, 3)]
    labels = snb.AnnotationExperiment([judge()], scales, seed=1).begin(talks, tmp_path / "labels")
    part = snb.Run(labels.folder, part=RunPart(labels.names, ["wit"]))
    assert {label.scale for label in part[0].labels} == {"wit"}
    assert [scale["name"] for scale in part[0].settings["scales"]] == ["wit"]
    assert len(part[0].labels) == len(labels[0].labels) / 2
