"""A finished run of discussions, and one of their labels."""

import pytest

import syndisco_nb as snb


@pytest.fixture
def run(users, tmp_path):
    return snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=2, seed=1).begin(tmp_path / "talks")


@pytest.fixture
def labels(run, annotator, tmp_path):
    return snb.AnnotationExperiment([annotator], snb.Likert("tone", 1, 3)).begin(run, tmp_path / "labels")
