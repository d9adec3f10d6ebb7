from dataclasses import replace

import pytest
from strategies import an_annotation_set
from support.experiments import discuss, judge, person

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.pages.discussion_facts import discussion_facts
from syndisco_nb.display.pages.speakers_block import speaker_looks
from syndisco_nb.records import Records


def test_they_tell_length_silences_cut_offs_and_who_spoke():
    facts = discussion_facts(talk(6))
    assert (facts.turns, facts.comments, facts.silences) == (5, 5, 1)
    assert facts.cut_off == sum(one.generation.finish_reason == "length" for one in talk(6).messages if one.generation)
    assert facts.speakers == (("Ana", 2), ("Ben", 1), ("Cem", 1), ("Mo", 1))
    assert (facts.ended, facts.finished, facts.means) == ("", True, {})


def test_the_strip_has_the_colours_of_the_speakers_in_order():
    looks = speaker_looks(talk(6))
    assert discussion_facts(talk(6)).strip == (
        looks["Ana"], looks["Ben"], looks["Cem"], looks["Ana"], MODERATOR, None,
    )  # fmt: skip


@pytest.mark.parametrize("length", [0, 1, 40, 41, 1000])
def test_a_strip_of_any_length_is_short(length):
    facts = discussion_facts(talk(length))
    assert len(facts.strip) == min(length, 40)
    assert facts.comments + facts.silences == length


def test_a_discussion_that_is_not_finished_says_so():
    facts = discussion_facts(replace(talk(6), ended="unfinished after turn 4 of 9", known_as="c7"))
    assert (facts.finished, facts.ended, facts.name) == (False, "unfinished after turn 4 of 9", "c7")


def test_means_are_those_of_the_table_of_discussions():
    talk = discuss([person("Ana"), person("Ben")]).discussion(0, 7).run()
    labels = [
        snb.Annotation(judge(replies), talk, snb.Likert("tone", 1, 5), index=place, seed=1).run()
        for place, replies in enumerate([("1", "2"), ("4", "5")])
    ]
    expected = Records(labels).to_dataframe("labels")
    means = discussion_facts(talk, labels).means
    assert means == {"tone": pytest.approx(expected.groupby("index").value.mean().mean())}
    assert discussion_facts(talk, [an_annotation_set()]).means == {}  # of another discussion
