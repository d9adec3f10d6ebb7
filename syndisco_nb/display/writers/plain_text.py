"""Lines of text that plain text and Markdown share."""

from collections.abc import Iterator

from syndisco_nb.display.page import Answer, Entry, Rating, Trajectory

_STEPS = " ▁▂▃▄▅▆▇█"


def flat(text: str) -> str:
    """Return text as a single line."""
    return " ".join(text.split())


def headline(entry: Entry) -> str:
    """Return a message's speaker, with role, turn and marks in brackets."""
    special = [] if entry.role == "participant" else [entry.role]
    if entry.role != "opening":
        special.append(f"turn {entry.turn}")
    special += [mark for mark in (entry.reply, entry.cut, entry.speaks_for) if mark]
    return f"{flat(entry.name)} ({', '.join(special)})"


def rating_lines(ratings: tuple[Rating, ...]) -> Iterator[str]:
    """Yield a line for each scale with all its answers, and their probabilities where they are known."""
    for rating in ratings:
        answers = ", ".join(f"{answer.annotator} {answer.text}{_probability(answer)}" for answer in rating.answers)
        yield f"{rating.scale or 'label'}: {answers}{' ≠ disagreement' if rating.disagreement else ''}"


def trajectory_lines(block: Trajectory) -> Iterator[tuple[str, str]]:
    """Yield the strips of a trajectory, each with its name: one of means, or one for each category."""
    if not block.categories:
        means = tuple(None if point is None else point.height for point in block.columns)
        yield " – ".join(reversed(block.axis)), sparkline(means)
    for place, name in enumerate(block.categories):
        shares = tuple(None if point is None else point.shares[place] for point in block.columns)
        yield name, sparkline(shares)


def sparkline(heights: tuple[float | None, ...]) -> str:
    """Return numbers from 0 to 1 as a line of blocks, None as a dot.

    Examples
    --------
    >>> sparkline((0.0, 0.5, None, 1.0))
    ' ▄·█'
    """
    return "".join("·" if height is None else _STEPS[min(8, round(height * 8))] for height in heights)


def _probability(answer: Answer) -> str:
    return "" if answer.probability is None else f" ({answer.probability:.0%})"
