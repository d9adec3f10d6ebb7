"""Yes or no."""

import pytest

from syndisco_nb import Flag


def test_the_labels_are_yes_and_no_and_the_values_true_and_false():
    assert (Flag("x").labels, Flag("x").value("yes"), Flag("x").value("no")) == (("yes", "no"), True, False)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("Yes, it does.", True),
        ("true", True),
        ("NO", False),
        ("No, it isn't.", False),
        ("I do not know", None),
        ("", None),
    ],
)
def test_free_answers_are_read_or_called_unreadable(answer, value):
    assert Flag("insult").parse(answer) is value


def test_shuffled_the_prompt_names_no_first_in_half_of_the_cases():
    scale = Flag("irony", shuffle=True)
    asked = [scale.ordered(seed) for seed in range(1000)]
    first = [scale.labels[0] for scale in asked]
    assert 400 < first.count("no") < 600
    assert {scale.instruction() for scale in asked} == {
        "Does the comment show irony? Answer with yes or no.",
        "Does the comment show irony? Answer with no or yes.",
    }
    assert {scale.value("yes") for scale in asked} == {True}
