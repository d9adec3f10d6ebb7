import dataclasses

import pytest
from support.checked import TEXTS, Sampled, held_run, judge, label

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.seed_checks import seed_effect, seeds, seeds_of_labels
from syndisco_nb.records import Sampling
from syndisco_nb.runs.sources import gather


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return held_run(tmp_path_factory.mktemp("run"), 3)


def records(run, transcripts=None):
    return ConditionRecords(tuple(run if transcripts is None else transcripts), run=run)


def test_recorded_seeds_follow_from_the_run(run):
    found = seeds(records(run))
    assert (found.status, found.n) == ("pass", 3 + 30)


def test_a_discussion_with_another_seed_is_named(run):
    first, *others = run
    wrong = dataclasses.replace(first, seed=first.seed + 1)
    assert "discussion 0" in seeds(records(run, [wrong, *others])).explanation
    assert seeds(ConditionRecords((first, first))).explanation.count("with that of another") == 1
    assert seeds(ConditionRecords((wrong,))).figure == 10  # its replies have the seed of the other


def test_a_fork_answers_for_its_own_messages_alone(run):
    from syndisco_nb.records import Parent

    fork = dataclasses.replace(run.records[0], seed=run.records[0].seed, parent=Parent("id", 1, 2))
    assert seeds(ConditionRecords((fork,))).n == 1 + 9


def test_labels_have_seeds_of_their_own(run):
    material = gather(*label(run, [judge("A", ["1", "2"])]))
    given = ConditionRecords.of(material.transcripts, material.labels)
    assert (seeds_of_labels(given).status, seeds_of_labels(given).n) == ("pass", 3 + 33)
    first, *others = given.labels
    wrong = dataclasses.replace(given, labels=(dataclasses.replace(first, seed=1), *others))
    assert seeds_of_labels(wrong).figure == 12
    assert "A on discussion-00000" in seeds_of_labels(wrong).explanation
    assert seeds_of_labels(records(run)) is None


def answers(folder, answer, sampling=None):
    def change(experiment):
        model = Sampled(answer, sampling=sampling)
        experiment.users = [user.speaking_for(model) for user in experiment.users]

    return ConditionRecords(tuple(held_run(folder, 40, change)))


def test_answers_to_one_prompt_differ_between_seeds(tmp_path):
    good = seed_effect(answers(tmp_path, lambda request: TEXTS[request.seed % 1000]))
    assert (good.status, good.n > 5) == ("pass", True)
    same = seed_effect(answers(tmp_path, lambda request: TEXTS[0]))
    assert (same.status, same.figure) == ("fail", 1.0)


def test_where_the_likeliest_token_is_taken_there_is_no_check(tmp_path):
    for fixed in (Sampling(temperature=0), Sampling(top_k=1)):
        assert seed_effect(answers(tmp_path, lambda request: TEXTS[0], fixed)) is None
