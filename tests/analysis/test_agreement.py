import itertools
import random
from dataclasses import replace

import pandas as pd
import pytest
from strategies import a_generation

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.analysis import gwet_ac1, gwet_ac2, krippendorff_alpha
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import AnnotationSet, Label, Participant

# Hayes and Krippendorff (2007) and others use this example of Krippendorff's: four observers, twelve units, 1 to 5.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
LIKERT = snb.Likert("tone", 1, 5)


def a_set(name, values, scale=LIKERT, discussion="d", index=0, model="m"):
    labels = tuple(
        Label(place, "Ana", "Text.", index, model, a_generation(), value, scale.name)
        for place, value in enumerate(values)
    )
    who = Participant(name, "annotator", model)
    return AnnotationSet(discussion, "discussion-00000", index, 1, who, {"scales": [scale.settings()]}, labels)


def test_alpha_is_krippendorffs():
    found = snb.agreement(*(a_set(name, values) for name, values in zip("ABCD", OBSERVERS, strict=True)))
    assert found["tone"].alpha == pytest.approx(0.815, abs=0.0005)
    assert (found["tone"].level, found["tone"].comments, found["tone"].complete) == ("ordinal", 11, 8)
    nominal = snb.Choice("tone", ["1", "2", "3", "4", "5"])
    texts = [[None if value is None else str(value) for value in values] for values in OBSERVERS]
    found = snb.agreement([a_set(name, values, nominal) for name, values in zip("ABCD", texts, strict=True)])
    assert found["tone"].alpha == pytest.approx(0.743, abs=0.0005)
    assert found["tone"].level == "nominal"


def test_percent_is_the_share_of_equal_pairs():
    found = snb.agreement(a_set("A", [1, 1, 2, 3]), a_set("B", [1, 2, 2, None]), a_set("C", [1, 3, None, 3]))
    # Pairs: 1-1, 1-1, 1-1; 1-2, 1-3, 2-3; 2-2; 3-3.
    assert found["tone"].percent == pytest.approx(100 * 5 / 8)
    assert (found["tone"].comments, found["tone"].complete) == (4, 2)
    assert found.missing == {"A": 0, "B": 1, "C": 1}


def test_intervals_and_gwets_coefficients_stand_beside_alpha():
    rng = random.Random(1)
    sets = []
    for discussion in range(12):
        true = [rng.randint(1, 5) for _ in range(8)]
        for name in "AB":
            given = [min(5, max(1, value + rng.choice([-1, 0, 0, 0, 1]))) for value in true]
            sets.append(a_set(name, given, discussion=f"d{discussion}"))
    row = snb.agreement(sets)["tone"]
    table = [[float(one.value), float(other.value)] for one, other in _pairs(sets)]
    assert row.alpha == pytest.approx(krippendorff_alpha(table, "ordinal"), abs=1e-12)
    assert row.ac1 == pytest.approx(gwet_ac1(table, [1, 2, 3, 4, 5]), abs=1e-12)
    assert row.ac2 == pytest.approx(gwet_ac2(table, "ordinal", [1, 2, 3, 4, 5]), abs=1e-12)
    for name in ("alpha", "ac1", "ac2"):
        low, high = getattr(row, f"{name}_interval")
        assert low < getattr(row, name) < high
    assert snb.agreement(sets) == snb.agreement(sets) != snb.agreement(sets, seed=1)
    cells = snb.agreement(sets).to_dataframe().iloc[0]
    assert (cells.alpha_low, cells.alpha_high) == row.alpha_interval
    distance = snb.agreement(sets, level="interval")["tone"]
    assert distance.alpha == pytest.approx(krippendorff_alpha(table, "interval"), abs=1e-12)
    assert distance.ac2 == pytest.approx(gwet_ac2(table, "quadratic", [1, 2, 3, 4, 5]), abs=1e-12)
    with pytest.raises(InvalidInputError, match="level is 'ratio', but must be one of"):
        snb.agreement(sets, level="ratio")


def _pairs(sets):
    by_name = {name: [label for one in sets if one.annotator.name == name for label in one.labels] for name in "AB"}
    return zip(by_name["A"], by_name["B"], strict=True)


def test_a_scale_without_order_has_no_second_coefficient():
    flags = [a_set(name, [True, False, True], snb.Flag("rude")) for name in "AB"]
    row = snb.agreement(*flags, level="interval")["rude"]
    assert (row.level, row.ac1, row.ac2, row.ac1_interval) == ("nominal", 1.0, None, None)


def test_where_no_comment_counts_it_says_so():
    opening = [
        replace(one, labels=tuple(replace(label, role="opening") for label in one.labels))
        for one in (a_set("A", [1, 2]), a_set("B", [1, 2]))
    ]
    with pytest.raises(InvalidInputError, match=r"No comment counts: 2 openings left out"):
        snb.agreement(*opening)


def test_pairs_are_measured_where_there_are_more_than_two():
    found = snb.agreement(a_set("A", [1, 2, 3]), a_set("B", [1, 2, 3]), a_set("C", [3, 2, 1]))
    table = found.to_dataframe()
    assert list(table.annotators) == ["all", "A – B", "A – C", "B – C"]
    assert list(table.percent.round(1)) == [55.6, 100.0, 33.3, 33.3]
    assert table.alpha[1] == 1.0
    assert len(snb.agreement(a_set("A", [1, 2]), a_set("B", [1, 2])).rows) == 1


def test_annotators_may_come_in_any_order_and_any_parcels():
    sets = [a_set(name, values) for name, values in zip("ABCD", OBSERVERS, strict=True)]
    sets += [a_set(name, reversed(values), discussion="e") for name, values in zip("ABCD", OBSERVERS, strict=True)]
    expected = snb.agreement(*sets)["tone"]
    assert expected.comments == 22
    for seed in range(5):
        shuffled = random.Random(seed).sample(sets, len(sets))
        assert snb.agreement(shuffled[:3], *shuffled[3:5], iter(shuffled[5:]))["tone"] == expected


def test_comments_are_matched_by_discussion_and_place():
    found = snb.agreement(
        a_set("A", [1, 2, 3]), a_set("A", [4], discussion="e"), a_set("B", [1, 2]), a_set("B", [4], discussion="f")
    )
    assert found["tone"].comments == 2
    assert found.missing == {"A": 1, "B": 2}


def with_text(labels, text, places):
    changed = [replace(one, text=text) if one.comment in places else one for one in labels.labels]
    return replace(labels, labels=tuple(changed))


def test_labels_of_different_texts_are_never_compared():
    one, other = a_set("A", [1, 2, 3, 3]), with_text(a_set("B", [1, 2, 3, 5]), "Edited.", [0, 3])
    with pytest.warns(UserWarning, match="2 comments are left out: the annotators saw different texts"):
        found = snb.agreement(one, other)
    assert (found["tone"].comments, found["tone"].percent) == (2, 100.0)
    assert found.missing == {"A": 0, "B": 0}
    assert "2 comments are left out" in found._repr_mimebundle_()["text/html"]
    with (
        pytest.warns(UserWarning, match="4 comments are left out"),
        pytest.raises(InvalidInputError, match=r"No comment has labels of two.*the annotators saw different texts"),
    ):
        snb.agreement(one, with_text(other, "Edited.", range(4)))


def test_several_scales_are_measured_one_by_one():
    transcript = talk(12)
    found = snb.agreement(labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 4]))
    assert [(row.scale, row.level) for row in found.rows] == [("toxicity", "ordinal"), ("sarcasm", "nominal")]
    assert found["toxicity"].comments < found["sarcasm"].comments


def test_where_all_labels_are_the_same_alpha_is_not_defined():
    found = snb.agreement(a_set("A", [2, 2]), a_set("B", [2, 2]))
    assert (found["tone"].percent, found["tone"].alpha) == (100.0, None)
    page = found._repr_mimebundle_()["text/plain"]
    assert "not defined" in page
    assert "nothing tells agreement from a habit" in page


def test_free_text_is_left_out_with_a_word():
    free = a_set("A", ["calm", "angry"], snb.FreeText("mood"))
    both = replace(a_set("A", [1, 2]), settings={"scales": [LIKERT.settings(), snb.FreeText("mood").settings()]})
    found = snb.agreement(both, a_set("B", [1, 2]))
    assert found.notes == ("mood is left out: its labels are any text, so they are hardly ever equal.",)
    assert "mood is left out" in found._repr_mimebundle_()["text/html"]
    with pytest.raises(InvalidInputError, match=r"No comment has labels of two.*mood is left out"):
        snb.agreement(free, a_set("B", ["calm"], snb.FreeText("mood")))


@pytest.mark.parametrize(
    ("give", "says"),
    [
        (list, "There are no labels. Give the runs of two annotators"),
        (lambda: [a_set("A", [1])], "There is one annotator alone, 'A'. Give the labels of another"),
        (
            lambda: [a_set("A", [1]), a_set("B", [1], discussion="e")],
            "No comment has labels of two of the annotators A, B",
        ),
        (
            lambda: [a_set("A", [1]), a_set("B", [1], snb.Likert("tone", 1, 7))],
            "1, 2, 3, 4, 5, 6, 7, but that of another",
        ),
        (lambda: [a_set("A", [1]), a_set("A", [1])], "A labelled comment 0 of discussion-00000 twice"),
        (lambda: [[1]], "1 holds no discussions and no labels"),
    ],
)
def test_what_cannot_be_compared_says_why(give, says):
    with pytest.raises(InvalidInputError, match=says):
        snb.agreement(*give())


def test_annotators_of_one_name_are_told_apart():
    names = snb.agreement(a_set("", [1], index=0), a_set("", [2], index=1)).annotators
    assert names == ("annotator 0", "annotator 1")
    assert snb.agreement(a_set("J", [1], model="a"), a_set("J", [2], model="b")).annotators == ("J (a)", "J (b)")
    assert snb.agreement(a_set("J", [1], index=0), a_set("J", [2], index=1)).annotators == ("J (m) 1", "J (m) 2")


def test_runs_measure_the_agreement_of_their_annotators(users, tmp_path):
    talks = snb.DiscussionExperiment(["Tax"], users, num_turns=5, num_discussions=2, seed=1).begin(tmp_path / "talks")
    judges = [
        snb.LLMActor(snb.ScriptedModel(["1", "2", "3"], name=name), name, actor_type=snb.ActorType.ANNOTATOR)
        for name in ("a", "b")
    ]
    run = snb.AnnotationExperiment(judges, snb.Likert("tone", 1, 3), seed=1).begin(talks, tmp_path / "labels")
    assert run.agreement() == snb.agreement(run)
    spoken = sum(len(talk.comments) for talk in talks)
    assert run.agreement()["tone"].comments == spoken - 2  # without the openings
    assert str(run.agreement().left_out) == "2 openings"
    assert run.agreement(roles="all")["tone"].comments == spoken
    other = snb.Labelling(talks, snb.Likert("tone", 1, 3), "Dana", tmp_path / "dana")
    for value in itertools.islice(itertools.cycle([1, 2]), other.progress[1]):
        other.label(value)
    assert run.agreement(other.run).annotators == ("a", "b", "Dana")


def test_it_shows_itself():
    found = snb.agreement(*(a_set(name, values) for name, values in zip("ABCD", OBSERVERS, strict=True)))
    assert repr(found) == "<Agreement of A, B, C, D: tone 78%, alpha .815>"
    bundle = found._repr_mimebundle_()
    for text in bundle.values():
        assert ".815" in text
        assert "A – B" in text
    assert isinstance(found.to_dataframe(), pd.DataFrame)
    with pytest.raises(InvalidInputError, match=r"There is no scale 'tune'\. There are: tone"):
        found["tune"]


def test_a_scale_that_nobody_labelled_is_noted():
    scales = {"scales": [LIKERT.settings(), snb.Flag("rude").settings()]}
    found = snb.agreement(*(replace(a_set(name, [1, 2]), settings=scales) for name in "AB"))
    assert [row.scale for row in found.rows] == ["tone"]
    assert found.notes == ("rude: no comment has labels of two annotators.",)
    assert found.missing == {"A": 2, "B": 2}


def test_the_figure_has_alpha_of_all_and_of_each_pair():
    sets = [a_set(name, values, discussion=d) for d in "de" for name, values in zip("ABC", OBSERVERS[:3], strict=True)]
    found = snb.agreement(sets)
    ax = found.plot()
    assert [text.get_text() for text in ax.get_yticklabels()] == ["all", "A – B", "A – C", "B – C"]
    assert ax.get_xlabel() == "Krippendorff's alpha"
    assert f"all: {found['tone'].alpha:.2f} [" in ax.alt
    both = snb.agreement([*sets, *(a_set(name, [1, 1], replace(LIKERT, name="mood")) for name in "AB")]).plot()
    labels = [text.get_text() for text in both.get_yticklabels()]
    assert labels[0].startswith("tone: all")
    assert "not defined" in both.alt
