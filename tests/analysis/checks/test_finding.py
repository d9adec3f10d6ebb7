import pytest

from syndisco_nb.analysis.checks.finding import Finding, by_limits, combined, decided, exact, strongest, undecided


def a_test(p, enough=True, worst="fail", figure=0.5):
    return Finding(figure, "0.5", 100, "Wrong.", p=p, enough=enough, worst=worst)


def decide(**findings):
    return {row.name: row.status for row in decided({name: ("", one) for name, one in findings.items()})}


def test_tests_are_corrected_together_by_holms_method():
    assert decide(a=a_test(0.01), b=a_test(0.04), c=a_test(0.03)) == {"a": "fail", "b": "pass", "c": "pass"}
    assert decide(a=a_test(0.01), b=a_test(0.024), c=a_test(0.03)) == {"a": "fail", "b": "fail", "c": "fail"}


def test_rules_without_chance_do_not_count_among_the_tests():
    assert decide(a=a_test(0.04), b=exact(0, 9, "Wrong."), c=exact(1, 9, "Wrong.")) == {
        "c": "fail",
        "a": "fail",
        "b": "pass",
    }


def test_without_enough_data_a_test_cannot_tell_but_may_fail():
    assert decide(a=a_test(0.5, enough=False)) == {"a": "cannot tell"}
    assert decide(a=a_test(0.001, enough=False)) == {"a": "fail"}
    assert decide(a=a_test(0.001, worst="warn")) == {"a": "warn"}


def test_failures_come_first_and_passes_explain_nothing():
    rows = decided({"a": ("", a_test(0.9)), "b": ("none", exact(2, 9, "Two."))})
    assert [(row.name, row.explanation, row.condition) for row in rows] == [("b", "Two.", "none"), ("a", "", "")]


def test_conditions_share_their_noise_and_are_corrected_for_their_number():
    condition, found = combined({"none": a_test(0.02), "facilitator": a_test(0.01), "third": exact(0, 4, "")})
    assert (condition, found.p) == ("facilitator", 0.02)
    assert combined({"none": a_test(0.001), "other": exact(1, 4, "")})[0] == "other"
    assert combined({"none": a_test(0.5), "other": undecided("Few.")})[0] == "none"
    warned = by_limits(3, 40, 0.05, 0.2, "")
    assert combined({"none": a_test(0.001), "other": warned})[0] == "none"
    assert combined({"none": a_test(0.5), "other": warned})[0] == "other"
    assert combined({"none": exact(0, 4, ""), "other": by_limits(3, 40, 0.05, 0.2, "")})[0] == "other"


def test_several_tests_of_one_check_show_the_first_unless_another_rejects():
    first, second = a_test(0.6, figure=0.1), a_test(0.3, figure=0.2)
    assert (strongest([first, second]).figure, strongest([first, second]).p) == (0.1, 0.6)
    assert strongest([first, a_test(0.001, enough=False, figure=0.2)]) == a_test(0.002, figure=0.2)


@pytest.mark.parametrize(
    ("cases", "n", "status"),
    [(0, 9, "cannot tell"), (0, 10, "pass"), (2, 40, "pass"), (3, 40, "warn"), (9, 40, "fail"), (0, 0, "cannot tell")],
)
def test_limits(cases, n, status):
    assert by_limits(cases, n, 0.05, 0.2, "Too many.").status == status


def test_nothing_to_check_is_no_pass():
    assert exact(0, 0, "").status == "cannot tell"
