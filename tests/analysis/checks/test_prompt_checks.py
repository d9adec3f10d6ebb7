import dataclasses

import pytest
from support.checked import builder, held_run, judge, label

import syndisco_nb as snb
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.prompt_checks import label_window, window
from syndisco_nb.runs.sources import gather


def set_to(run, **settings):
    return ConditionRecords(tuple(dataclasses.replace(one, settings={**one.settings, **settings}) for one in run))


@pytest.mark.parametrize("counts", ["participants", "all"])
@pytest.mark.parametrize("size", [1, 4])
def test_prompts_show_the_window(tmp_path, size, counts):
    design = builder().moderator("Keep it civil.").window(size, counts)
    run = held_run(tmp_path, 2, design=design)
    found = window(ConditionRecords(tuple(run)))
    assert (found.status, found.figure) == ("pass", 0)
    assert found.n > 20
    assert window(set_to(run, window=2)).status == "fail"
    assert f"most show the last {size}" in window(set_to(run, window=2)).explanation or counts == "participants"


def test_a_template_is_rebuilt_and_a_function_is_not_known(tmp_path):
    def change(prompt_format):
        def changed(experiment):
            experiment.users = [
                snb.LLMActor(user.model, user.name, prompt_format=prompt_format) for user in experiment.users
            ]

        return changed

    template = snb.PromptTemplate("You are {name}.", "{comments} Your turn.")
    assert window(ConditionRecords(tuple(held_run(tmp_path, 2, change(template))))).status == "pass"
    own = change(lambda actor, comments: [snb.ChatMessage("user", "Go on.")])
    assert window(ConditionRecords(tuple(held_run(tmp_path, 2, own)))).status == "cannot tell"


def test_other_instructions_than_on_record_are_told_apart_from_another_window(tmp_path):
    def told(talk):
        users = tuple(dataclasses.replace(user, instructions="Be loud.") for user in talk.users)
        return dataclasses.replace(talk, users=users)

    found = window(ConditionRecords(tuple(map(told, held_run(tmp_path, 2)))))
    assert found.status == "fail"
    assert "something else differs" in found.explanation


def test_annotators_see_the_window_too(tmp_path):
    material = gather(*label(held_run(tmp_path, 2), [judge("A", ["1", "2"])]))
    records = ConditionRecords.of(material.transcripts, material.labels)
    assert label_window(records).status == "pass"
    assert label_window(records).n == 22
    narrow = tuple(
        dataclasses.replace(one, settings={**one.settings, "window": 1})
        for one in (held.record for held in material.labels)
    )
    assert label_window(dataclasses.replace(records, labels=narrow)).status == "fail"
    assert label_window(dataclasses.replace(records, transcripts=())) is None
