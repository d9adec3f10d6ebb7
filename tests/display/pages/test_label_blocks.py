from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import labels_of, talk
from syndisco_nb.display.pages.label_blocks import distributions, make_ratings, scale_settings
from syndisco_nb.records import Records


@pytest.fixture
def both():
    transcript = talk()
    return snb.annotated(
        transcript, [labels_of(transcript, "strict", [1, 4, None]), labels_of(transcript, "mild", [1, 2])]
    )


SAYS_LITTLE = "together (median): the model would rather answer"


def weighed(labels, *masses):
    """Return the labels with these masses, in turn."""
    return replace(
        labels,
        labels=tuple(replace(one, mass=masses[n % len(masses)]) for n, one in enumerate(labels.labels)),
    )


def says_little(thing):
    bundle = thing._repr_mimebundle_()
    found = {SAYS_LITTLE in " ".join(bundle[kind].split()) for kind in ("text/plain", "text/markdown", "text/html")}
    assert len(found) == 1
    return found.pop()


def test_labels_that_the_model_would_not_give_are_warned_of(both, tmp_path):
    labels = weighed(both.annotations[0], 0.012, 0.001, 0.9, 0.012, None)
    assert says_little(labels)
    assert "a probability of 1.2% together" in labels._repr_mimebundle_()["text/plain"]
    assert says_little(snb.annotated(both.transcript, [labels]))
    assert says_little(Records([labels, labels]))
    assert repr(labels).endswith("10 labels, with a probability of 1.2% together>")
    assert "all labels together 1.2%" in labels.labels[0]._repr_mimebundle_()["text/plain"]


def test_labels_that_the_model_would_give_or_without_a_mass_are_not(both):
    for labels in (both.annotations[0], weighed(both.annotations[0], 0.5), weighed(both.annotations[0], 0.9, 0.2)):
        assert not says_little(labels)
        assert not says_little(snb.annotated(both.transcript, [labels]))
        assert "mass" not in repr(labels)


def test_ratings_are_grouped_by_comment_and_scale_and_explained_only_on_request(both):
    ratings = make_ratings(both.annotations)
    assert {comment: [rating.scale for rating in of_comment] for comment, of_comment in ratings.items()} == {
        comment: ["toxicity", "sarcasm"] for comment in (0, 1, 2, 3, 4)
    }
    assert [answer.annotator for answer in ratings[1][0].answers] == ["strict", "mild"]
    assert not any(
        answer.prompt for of_comment in ratings.values() for rating in of_comment for answer in rating.answers
    )
    explained = make_ratings(both.annotations, explain=True)
    assert explained[1][0].answers[1].prompt.title == "mild, toxicity"


def test_a_distribution_counts_the_labels_of_all_annotators(both):
    toxicity, sarcasm = distributions(both.annotations)
    assert [(label, share.text) for label, share in toxicity.rows] == [*zip("12345", "52020", strict=True)]
    assert [(label, share.text, share.value) for label, share in sarcasm.rows] == [("yes", "2", 0.2), ("no", "8", 0.8)]


@pytest.mark.parametrize("settings", [{}, {"scales": "toxicity"}, {"scales": [3, {"labels": []}]}])
def test_settings_that_name_no_scale_have_none(both, settings):
    assert scale_settings(replace(both.annotations[0], settings=settings)) == []


def test_a_scale_without_labels_has_no_distribution(both):
    free = {"scales": [{"name": "toxicity", "labels": []}, {"name": "never", "labels": ["a"]}]}
    assert distributions([replace(both.annotations[0], settings=free)]) == []
