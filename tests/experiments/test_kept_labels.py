"""A person's labels on file, while more are given."""

from dataclasses import replace

import pytest
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.errors import RunFolderError
from syndisco_nb.experiments.kept_labels import KeptLabels
from syndisco_nb.experiments.labelling_files import LabellingFiles


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


@pytest.fixture
def opened(talks, tmp_path):
    """Return a function that opens the same labels, as another notebook would."""

    def open_labels():
        person = snb.LLMActor(snb.HumanModel("Dana"), "Dana", actor_type=snb.ActorType.ANNOTATOR)
        experiment = snb.AnnotationExperiment([person], snb.Flag("rude"), seed=1)
        return KeptLabels(LabellingFiles(experiment, talks, tmp_path / "labels"), experiment)

    return open_labels


def given(talks, tmp_path, number):
    """Return the first labels, as a labelling elsewhere makes them."""
    labelling = snb.Labelling(talks, snb.Flag("rude"), "Dana", tmp_path / "elsewhere", seed=1)
    return [labelling.label("yes") for _ in range(number)]


def never():
    raise AssertionError


def test_labels_are_added_replaced_and_finished(opened, talks, tmp_path):
    kept = opened()
    labels = given(talks, tmp_path, len(talks[0].comments))
    for label in labels:
        assert not snb.Run(tmp_path / "labels").names
        with kept.writing(never) as folder:
            kept.add(folder, 0, label)
            kept.finish(folder, 0)
    assert (list(kept.values.values()), kept.under_way) == ([True] * len(labels), [])
    with kept.writing(never) as folder:
        assert list(kept.labels(folder, 0)) == labels
        kept.rewrite(folder, 0, [*labels[1:], replace(labels[0], value=False)])
        assert kept.under_way == [0]
        kept.finish(folder, 0)
    assert opened().values == kept.values
    assert [label.value for label in snb.Run(tmp_path / "labels")[0].labels] == [False, *[True] * (len(labels) - 1)]


def test_a_change_by_another_notebook_is_read_and_said(opened, talks, tmp_path):
    one, other = opened(), opened()
    (label,) = given(talks, tmp_path, 1)
    with one.writing(never) as folder:
        one.add(folder, 0, label)
    heard = []
    with (
        pytest.raises(RunFolderError, match="was written elsewhere meanwhile"),
        other.writing(lambda: heard.append(list(other.values.values()))),
    ):
        never()
    assert heard == [[True]]
    with other.writing(never) as folder:
        other.rewrite(folder, 0, [])
    assert (other.values, other.under_way) == ({}, [])
