"""Scores as labels of whole discussions."""

from support.talks import talk_of

from syndisco_nb.formats.inspect.inspect_log import InspectSample
from syndisco_nb.formats.inspect.inspect_scores import read_scores


def labels(*samples):
    """Return annotator, scale, type of the scale and value of all labels of samples with these scores."""
    made = [
        InspectSample.model_validate({"id": place, "scores": {name: {"value": one} for name, one in scores.items()}})
        for place, scores in enumerate(samples)
    ]
    talks = [talk_of("Ana: Why?", index=place) for place, _ in enumerate(made)]
    return [
        (one.discussion, one.index, label.scale, one.settings["scales"][0]["type"], label.value)
        for one in read_scores(made, talks)
        for label in one.labels
    ]


def test_the_values_of_all_samples_are_the_labels_of_a_scale():
    assert labels({"match": "C", "grade": 1, "long": 0.5}, {"match": "I", "grade": 3.0}, {"grade": 2, "long": 1}) == [
        ("discussion-00000", 0, "match", "Choice", "C"),
        ("discussion-00000", 1, "grade", "Likert", 1),
        ("discussion-00000", 2, "long", "FreeText", "0.5"),
        ("discussion-00001", 0, "match", "Choice", "I"),
        ("discussion-00001", 1, "grade", "Likert", 3),
        ("discussion-00002", 1, "grade", "Likert", 2),
        ("discussion-00002", 2, "long", "FreeText", "1"),
    ]


def test_truth_is_yes_mappings_have_a_scale_for_each_key_and_nothing_is_no_label():
    assert labels({"ok": True, "both": {"a": 1, "b": None}}, {"ok": False, "none": None, "both": {"a": 2}}) == [
        ("discussion-00000", 0, "ok", "Flag", True),
        ("discussion-00000", 1, "both.a", "Likert", 1),
        ("discussion-00001", 0, "ok", "Flag", False),
        ("discussion-00001", 1, "both.a", "Likert", 2),
    ]


def test_the_other_fields_of_a_score_are_kept():
    score = {"value": [1, 2], "answer": "b", "explanation": "so", "metadata": {"x": 1}}
    sample = InspectSample.model_validate({"id": 1, "scores": {"judge": score}})
    (found,) = read_scores([sample], [talk_of("Ana: Why?")])
    assert found.meta == {"answer": "b", "explanation": "so", "metadata": {"x": 1}}
    assert (found.labels[0].value, found.labels[0].unit) == ("[1,2]", "discussion")
    assert (found.annotator.name, found.annotator.type, found.seed) == ("judge", "annotator", None)
