"""Pages of a persona, of people, and of a sample of people drawn from data."""

import math
from collections import Counter

from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.persona_fields import AttributeValue
from syndisco_nb.backend.population import Quota, Sample
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Page, Share, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.registry import make_page
from syndisco_nb.field_labels import field_label
from syndisco_nb.wording import count, percent, shortened, value_text

_MOST_COLUMNS, _MOST_VALUES, _BINS = 6, 6, 5
_CELL, _VALUE = 120, 40


@make_page.register
def persona_page(persona: LLMPersona, limits: Limits) -> Page:
    """Return the page of one person."""
    known = tuple(
        (field_label(name), value_text(value)) for name, value in persona.attributes.items() if name != "username"
    )
    return Page("Persona", persona.username or "no name", (), (Facts("", known),) if known else ())


@make_page.register
def people_page(people: People, limits: Limits) -> Page:
    """Return the page of several people: a row for each, and the distributions of their attributes."""
    fields = list(dict.fromkeys(name for persona in people for name in persona.attributes))
    columns = [name for name in fields if name != "username"][:_MOST_COLUMNS]
    shown = people[: limits.max_items]
    rows = tuple(
        (persona.username, *(shortened(value_text(persona.attributes.get(name, "")), _CELL) for name in columns))
        for persona in shown
    )
    left, fields_left = len(people) - len(shown), len(fields) - 1 - len(columns)
    left_out = [f"{_number(left)} more"] if left > 0 else []
    if fields_left > 0:
        others = map(field_label, fields[1 + len(columns) :][:20])
        left_out.append(f"{count(fields_left, 'further field')}: {', '.join(others)}")
    tables = [table for name in columns if (table := _distribution(people, name)) is not None]
    return Page(
        "People",
        _number(len(people)),
        (),
        (Table("", ("Name", *map(field_label, columns)), rows, "; ".join(left_out)), *tables),
    )


@make_page.register
def sample_page(sample: Sample, limits: Limits) -> Page:
    """Return the page of a sample; with quotas, also the shares in the data, the targets and the sample."""
    page = people_page(sample, limits)
    if not sample.quotas:
        return page
    head = ("field", "value", "in the data", "target", "drawn")
    table = limited_table("Shares", head, sample.quotas, _quota_row, limits, ".shares")
    return Page("Sample", page.title, page.facts, (table, *page.blocks))


def _number(people: int) -> str:
    return "1 person" if people == 1 else f"{people:,} people"


def _quota_row(quota: Quota) -> tuple[str | Share, ...]:
    shares = [Share(share, percent(share)) for share in (quota.data, quota.target, quota.drawn)]
    return (field_label(quota.column), shortened(value_text(quota.value), _CELL), *shares)


def _distribution(people: People, name: str) -> Table | None:
    """Return the distribution of one attribute; None if hardly any two people share a value."""
    values = [persona.attributes[name] for persona in people if name in persona.attributes]
    if len(values) < 2 or any(isinstance(value, tuple) for value in values):
        return None
    numbers = [float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    counts = _binned(numbers) if len(numbers) == len(values) else _counted(values)
    if counts is None:
        return None
    missing = len(people) - len(values)
    rows = tuple((label, Share(number / len(people), f"{number:,}")) for label, number in counts)
    unknown = (("unknown", Share(missing / len(people), f"{missing:,}")),) if missing else ()
    return Table(field_label(name), ("", ""), (*rows, *unknown))


def _counted(values: list[AttributeValue]) -> list[tuple[str, int]] | None:
    """Return the most common values with their counts; None if there are too many different ones."""
    counts = Counter(shortened(value_text(value), _VALUE) for value in values)
    if len(counts) > max(2, len(values) // 2):
        return None
    common = counts.most_common(_MOST_VALUES)
    rest = len(values) - sum(number for _, number in common)
    return [*common, *([("other", rest)] if rest else [])]


def _binned(numbers: list[float]) -> list[tuple[str, int]] | None:
    """Return a histogram of equally wide bins; None for too few or equal numbers."""
    least, most = min(numbers), max(numbers)
    if not math.isfinite(most - least) or least == most or len(numbers) < _BINS:
        return None
    width = (most - least) / _BINS
    counts = Counter(min(_BINS - 1, int((number - least) / width)) for number in numbers)
    return [
        (f"{least + place * width:.4g} to {least + (place + 1) * width:.4g}", counts[place]) for place in range(_BINS)
    ]
