"""The checks of a run.json by itself."""

from dataclasses import replace

from syndisco_nb.records import Participant
from syndisco_nb.running.head_problems import head_problems, spec_difference, spec_form
from syndisco_nb.runs.head import read_head


def test_a_head_as_it_was_written_has_no_problems(run, labels):
    for folder in (run.folder, labels.folder):
        assert list(head_problems(read_head(folder))) == []


def test_a_spec_that_contradicts_its_head_is_reported(run):
    head = replace(read_head(run.folder), seed=2, total=9)
    assert [problem.split(" is ")[0] for problem in head_problems(head)] == [
        "its run.json: its seed",
        "its run.json: its total",
    ]


def test_a_model_of_other_settings_than_the_users_had_is_reported(run):
    head = read_head(run.folder)
    first, *others = head.spec["models"]
    changed = replace(head, spec=head.spec | {"models": [first | {"replies": ["No."]}, *others]})
    assert any("the settings of" in problem for problem in head_problems(changed))


def test_only_a_value_that_differs_is_reported():
    assert list(spec_difference("seed", 1, 1)) == []
    assert list(spec_difference("seed", 1, 2)) == ["its seed is 1, but must be 2."]


def test_a_participant_of_version_1_is_compared_without_the_digest_that_it_lacks():
    assert "model_digest" not in spec_form(Participant("Ana", "user", "small"))
    assert spec_form(Participant("Ana", "user", "small", model_digest="abc"))["model_digest"] == "abc"
    assert spec_form(None) is None
