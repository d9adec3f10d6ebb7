"""Values as a person reads them, alike in every repr, page and widget."""


def duration(seconds: float) -> str:
    """Return a time in words.

    Parameters
    ----------
    seconds : float

    Examples
    --------
    >>> duration(2.51), duration(59.97), duration(96), duration(3_599), duration(9_000)
    ('2.5 s', '1 min', '1.6 min', '1 h', '2.5 h')
    """
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= length * 0.99916:  # not "60 s", where that is what rounding makes of it
            return f"{_rounded(seconds / length)} {unit}"
    return f"{_rounded(seconds)} s"


def label_text(value: bool | int | str | None) -> str:
    """Return a label as its annotator chose it: a flag is "yes" or "no".

    Parameters
    ----------
    value : bool, int, str or None
        `Label.value`.

    Examples
    --------
    >>> label_text(True), label_text(3), label_text(None)
    ('yes', '3', 'no label')
    """
    if value is None:
        return "no label"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def as_answered(value: bool | int | str | None) -> str:
    """Return an answer that holds this label and nothing else; "" for none."""
    return "" if value is None else label_text(value)


def _rounded(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")
