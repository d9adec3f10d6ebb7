"""The comments to label: of whole discussions, or of a sample."""

import json

import pytest
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.experiments.comments_to_label import comments_to_label


@pytest.fixture
def talks(users, tmp_path):
    return discuss(users).begin(tmp_path / "talks")


def test_of_whole_discussions_all_comments_come_in_order(talks, tmp_path):
    wanted = comments_to_label(talks, tmp_path / "labels")
    assert wanted.order == [(place, said.index) for place, talk in enumerate(talks) for said in talk.comments]
    assert (wanted.spec, wanted.blind) == ({"discussions": "../talks"}, False)


def test_of_a_sample_they_come_in_its_order_and_run_json_records_it(talks, tmp_path):
    sample = talks.sample(5, seed=1)
    wanted = comments_to_label(sample, tmp_path / "labels")
    assert [(wanted.discussions[place].name, index) for place, index in wanted.order] == list(sample.comments)
    assert wanted.spec == {"discussions": "../talks", "sample": sample.spec}
    for place, one in enumerate(wanted.discussions):
        assert sorted(one.texts.texts) == sorted(index for where, index in wanted.order if where == place)
    assert comments_to_label(talks[:2].sample(5, seed=1), tmp_path).spec["discussions"] == [
        talk.id for talk in talks[:2]
    ]


def test_the_sample_on_record_counts(talks, tmp_path):
    sample = talks[:2].sample(5, seed=1)
    (tmp_path / "labels").mkdir()
    labelling = snb.Labelling(sample, snb.Flag("rude"), "Dana", tmp_path / "labels")
    recorded = json.loads((tmp_path / "labels" / "run.json").read_text("utf-8"))["spec"]["sample"]
    assert recorded == sample.spec
    labelling.label("yes")
    today = talks.sample(5, seed=1)
    assert today.comments != sample.comments
    assert comments_to_label(today, tmp_path / "labels").spec["sample"] == recorded
    assert comments_to_label(today, tmp_path / "elsewhere").spec["sample"] == today.spec


def test_names_that_tell_the_condition_are_hidden(tmp_path):
    study = (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel(["I agree.", "Why?"]))
        .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
        .topics(["Ban cars?"])
        .vary(moderator={"none": None, "facilitator": "Keep it civil."})
        .turns(2)
        .discussions(1)
        .run(tmp_path / "study")
    )
    wanted = comments_to_label(study, tmp_path)
    assert [one.name for one in wanted.discussions] == ["none.discussion-00000", "facilitator.discussion-00000"]
    assert wanted.blind
