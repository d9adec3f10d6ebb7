"""`Finding`: what one check found in one condition, before all tests are corrected together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from syndisco_nb.analysis.checks.check_table import ORDER, Check, CheckStatus
from syndisco_nb.analysis.statistics.multiple_comparisons import holm

FAMILY_ERROR = 0.05
"""Probability of a false alarm in all tests of a run together (Holm, 1979)."""

RANGE_LEVEL = 0.005
"""Probability of a figure outside its expected range by chance: about the level of one of ten tests."""

_NONE = "0"


@dataclass(frozen=True, slots=True)
class Finding:
    """The figure of one check in one condition.

    Attributes
    ----------
    figure, expected, n, explanation
        As in `Check`.
    status : {"pass", "warn", "fail", "cannot tell"} or None
        None if `p` decides.
    p : float or None
        The p-value of a test.
    worst : {"fail", "warn"}
        The status of a test that rejects.
    enough : bool
        Whether there are enough data to notice a relevant fault; without, a test that does not reject cannot tell.
    """

    figure: float | None
    expected: str
    n: int
    explanation: str = ""
    status: CheckStatus | None = None
    p: float | None = None
    worst: CheckStatus = "fail"
    enough: bool = True


def undecided(explanation: str, n: int = 0, expected: str = "") -> Finding:
    """Return the finding of a check that cannot tell."""
    return Finding(None, expected, n, explanation, "cannot tell")


def exact(cases: int, n: int, explanation: str) -> Finding:
    """Return the finding of a rule without chance: it fails if there is a single case against it.

    Parameters
    ----------
    cases : int
        Number of cases against the rule.
    n : int
        Number of cases that were looked at.
    explanation : str
        Of the fault.
    """
    if not n and not cases:
        return undecided("There is nothing to check.", expected=_NONE)
    return Finding(cases, _NONE, n, explanation if cases else "", "fail" if cases else "pass")


def by_limits(cases: int, n: int, warn: float, fail: float, explanation: str, least: int = 10) -> Finding:
    """Return the finding of a share that should be small, by two limits.

    Parameters
    ----------
    cases, n : int
    warn, fail : float
        The largest shares without a warning, and without a failure.
    explanation : str
        Of a share above a limit.
    least : int
        Number of cases below which a small share says nothing.
    """
    expected = f"at most {warn:g}"
    if not n:
        return undecided("There is nothing to check.", expected=expected)
    share = cases / n
    if share <= warn:
        few = n < least
        return Finding(
            share, expected, n, f"Only {n} of at least {least} cases." if few else "", "cannot tell" if few else "pass"
        )
    return Finding(share, expected, n, explanation, "fail" if share > fail else "warn")


def strongest(tests: Sequence[Finding]) -> Finding:
    """Return the finding of a check that makes several tests, with the smallest p-value, corrected for their number.

    It is that of the first test, which also tells whether there are enough data, unless another one rejects.

    Parameters
    ----------
    tests : sequence of Finding
        Each with a p-value; at least one.
    """
    best = min(tests, key=_p)
    p = min(1.0, len(tests) * _p(best))
    shown = best if p < FAMILY_ERROR else tests[0]
    return replace(shown, p=p, enough=tests[0].enough)


def combined(findings: Mapping[str, Finding]) -> tuple[str, Finding]:
    """Return the worst finding of several conditions, its p-value corrected for their number, and its condition.

    Conditions are paired, so their figures are not independent: Bonferroni's correction holds all the same.

    Parameters
    ----------
    findings : mapping of str to Finding
        By condition; at least one.
    """
    tests = sum(one.p is not None for one in findings.values())
    corrected = {
        condition: one if one.p is None else replace(one, p=min(1.0, tests * one.p))
        for condition, one in findings.items()
    }
    return min(corrected.items(), key=_badness)


def decided(findings: Mapping[str, tuple[str, Finding]]) -> list[Check]:
    """Return the checks, with the status of all tests decided together by Holm's method.

    Parameters
    ----------
    findings : mapping of str to (str, Finding)
        Condition and finding, by name of the check.
    """
    tests = {name: one.p for name, (_, one) in findings.items() if one.p is not None and one.status is None}
    adjusted = dict(zip(tests, holm(list(tests.values())), strict=True))
    rows = []
    for name, (condition, one) in findings.items():
        status = one.status or (one.worst if adjusted[name] < FAMILY_ERROR else "pass" if one.enough else "cannot tell")
        explanation = one.explanation
        if one.status is None and status == "pass":
            explanation = ""
        if one.status is None and status == "cannot tell":
            explanation = "There are too few data to notice a relevant fault."
        figure = None if one.figure is None else float(one.figure)
        shown = condition if status in ("fail", "warn") else ""
        rows.append(Check(name, status, figure, one.expected, one.n, one.p, explanation, shown))
    return sorted(rows, key=lambda row: ORDER.index(row.status))


def _p(finding: Finding) -> float:
    return 1.0 if finding.p is None else finding.p


def _badness(item: tuple[str, Finding]) -> tuple[int, float]:
    finding = item[1]
    if finding.status == "fail":
        return 0, 0.0
    if finding.p is not None:
        return 1 if finding.p < FAMILY_ERROR else 3, finding.p
    return {"warn": 2, "cannot tell": 4, "pass": 5}[finding.status or "pass"], 0.0
