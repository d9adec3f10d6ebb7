import pytest

import syndisco_nb as snb
from syndisco_nb.display import bundle
from syndisco_nb.records import Generation, Label, Participant
from syndisco_nb.watching.unit_lines import watched_line
from syndisco_nb.wording import call_text, decimal, duration, p_text, value_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 s"), (2.51, "2.5 s"), (59.9, "59.9 s"), (59.96, "1 min"), (96, "1.6 min"), (3_600_000, "1,000 h")],
)
def test_a_time_has_the_unit_that_fits(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize("seconds", [5.0, 96.0, 5_500.0])
def test_a_cost_reads_the_same_in_its_repr_and_on_its_page(seconds):
    cost = snb.Cost(1, 2, 3, seconds, 5)
    for text in (repr(cost), *bundle(cost).values()):
        assert duration(seconds) in text


@pytest.fixture
def flags():
    """Two labels of a flag, by one annotator."""
    generation = Generation((), 1)
    labels = [Label(n, "Ana", "Well.", 0, "judge", generation, n == 0, "sarcasm") for n in range(2)]
    settings = {"scales": [snb.Flag("sarcasm").settings()]}
    return snb.AnnotationSet(
        "id", "discussion-00000", 0, 1, Participant("judge", "annotator", "judge"), settings, tuple(labels)
    )


def test_a_flag_reads_yes_or_no_wherever_it_is_shown(flags):
    yes, no = flags.labels
    for shown in (repr(yes), str(flags), *bundle(yes).values(), *bundle(flags).values(), watched_line(yes).label):
        assert "yes" in shown
        assert "True" not in shown
    assert repr(no).endswith("no>")
    assert watched_line(no).label == "sarcasm: no"


def test_a_flag_stays_a_boolean_in_a_table(flags):
    assert flags.to_dataframe()["label"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.3061, "−0.31"), (1234.5, "1,234.50"), (-0.0512, "−0.051"), (3e-9, "0.000000"), (float("inf"), "not defined")],
)
def test_a_number_has_two_decimals_or_more_where_it_is_small(value, text):
    assert decimal(value) == text


def test_the_last_bit_of_a_number_turns_no_digit():
    assert decimal(0.125) == decimal(0.125 + 2**-54) == decimal(0.125 + 2**-55) == "0.12"


@pytest.mark.parametrize(("p", "text"), [(0.0004, "p < .001"), (0.0006, "p .001"), (0.28, "p .280"), (1, "p 1.000")])
def test_a_p_value_reads_as_in_a_journal(p, text):
    assert p_text(p) == text


def test_a_turn_manager_is_written_as_in_python():
    settings = {"type": "Hosted", "rule": 3, "host": None, "then": {"type": "RespondWithProbability", "p": 0.6}}
    assert call_text(settings) == "Hosted(rule=3, then=RespondWithProbability(p=0.6))"
    assert call_text({"type": "RoundRobin"}) == "RoundRobin"


def test_plain_data_is_written_without_brackets_and_without_what_is_empty():
    assert value_text({"a": [1, "x"], "b": None, "c": {"d": 0.5}}) == "a 1, x, c d 0.5"
