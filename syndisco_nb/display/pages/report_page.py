"""The page of a report: claim and doubts first, then everything behind them."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from syndisco_nb.analysis.contrasts.contrast import Contrast
from syndisco_nb.analysis.contrasts.level_comparison import LevelComparison, interval_text
from syndisco_nb.analysis.figures.picture import Picture
from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.analysis.report import Effect, Report
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Chapter, Facts, Fold, Note, Page, Prompt, Table
from syndisco_nb.display.pages.annotated_page import Annotated, about_texts, annotated_page
from syndisco_nb.display.pages.design_pages import design_page
from syndisco_nb.display.pages.figure_page import figure_block
from syndisco_nb.display.pages.transcript_page import transcript_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import Transcript
from syndisco_nb.runs.sources import Held
from syndisco_nb.wording import count, decimal, listed, more, p_text, shortened

_EXAMPLES = 3
"""Discussions that are shown, the first of each condition."""
_EXAMPLE = Limits(max_messages=24, max_bytes=60_000, max_text=2_000, max_items=50)
"""The most of each of them."""
_DOUBTS, _TOPICS, _PROMPTS = 40, 8, 8
"""The most that are named."""
_REST = "Design, checks, agreement, validation, effects, measures, examples, methods and deviations are"
_CLAIM = ("measure", "comparison", "difference", "95% CI", "p", "n")
_CONDITIONS = ("condition", "discussions", "participants' comments", "moderators' comments", "openings", "silent turns")


@make_page.register
def report_page(thing: Report, limits: Limits) -> Page:
    """Return the page of a report."""
    talks, sets = thing.material.transcripts, thing.material.labels
    annotators = dict.fromkeys(held.record.annotator_name for held in sets)
    facts = {
        "discussions": f"{len(talks):,}",
        "conditions": listed(list(thing.material.levels)),
        "labels": f"{sum(len(held.record.labels) for held in sets):,}" if sets else "",
        "annotators": listed(list(annotators)),
        "file": str(thing.file or "") if not limits.whole else "",
    }
    title = thing.question or "Results of the discussions"
    elsewhere = thing.file is not None and not limits.whole
    chapters = [
        Chapter("Summary", tuple(_in_short(thing))),
        *(
            [Chapter("Full report", (Note(f"{_REST} in {thing.file}.", body=True),))]
            if elsewhere
            else _rest(thing, limits)
        ),
    ]
    return Page("Report", title, tuple((name, text) for name, text in facts.items() if text), tuple(chapters))


def _rest(thing: Report, limits: Limits) -> Iterator[Chapter]:
    yield Chapter("Design", tuple(_design(thing)))
    yield Chapter("Checks", _part(thing.checks, limits))
    yield Chapter("Agreement", tuple(_agreement(thing, limits)))
    yield Chapter("Validation", _part(thing.validation, limits))
    yield from (Chapter(_name(effect), tuple(_effect(effect, limits))) for effect in thing.effects)
    yield Chapter("Measures of talk", tuple(_measures(thing)))
    yield Chapter("Examples", tuple(_examples(thing)))
    yield Chapter("Methods", tuple(_methods(thing)))
    yield Chapter("Deviations", tuple(_deviations(thing)))


def _in_short(thing: Report) -> Sequence[Block]:
    """Return the effects in a table, and all reasons to doubt them."""
    rows = [
        (
            effect.measure,
            one.name,
            decimal(one.difference),
            interval_text(one.interval),
            p_text(one.p).removeprefix("p "),
            _n(one),
        )
        for effect in thing.effects
        if isinstance(effect.contrast, Contrast)
        for one in effect.contrast.comparisons
    ]
    claims = [Table("Effects", _CLAIM, tuple(rows))] if rows else [Note("Nothing is compared here.", body=True)]
    doubts = [(text,) for text in thing.doubts[:_DOUBTS]]
    if not doubts:
        text = "No check failed, the annotators agree, and the data keep every assumption that was looked at."
        return [*claims, Note(text, body=True)]
    left = more(len(thing.doubts) - len(doubts), ".doubts")
    return [*claims, Table("Reasons for doubt", ("reason",), tuple(doubts), left)]


def _design(thing: Report) -> Iterator[Block]:
    talks = thing.material.transcripts
    rows = []
    for condition in dict.fromkeys(held.condition for held in talks):
        of_it = [held.record for held in talks if held.condition == condition]
        roles = Counter(message.role for talk in of_it for message in talk.comments)
        silences = sum(len(talk.silences) for talk in of_it)
        rows.append(
            (condition or "all", len(of_it), roles["participant"], roles["moderator"], roles["opening"], silences)
        )
    if rows:
        yield Table("Conditions", _CONDITIONS, tuple(rows))
    topics = list(dict.fromkeys(held.record.topic for held in talks if held.record.topic))
    people = list(dict.fromkeys(user.name for held in talks for user in held.record.users))
    facts = {
        "topics": "\n".join(shortened(topic, 200) for topic in topics[:_TOPICS]),
        "participants": listed(people, 40),
    }
    if left := more(len(topics) - _TOPICS):
        facts["topics"] += f"\n{left}"
    yield Facts("", tuple((name, text) for name, text in facts.items() if text))
    if thing.design is not None:
        yield Fold("All settings", design_page(thing.design, _EXAMPLE))


def _agreement(thing: Report, limits: Limits) -> Iterator[Block]:
    yield from _part(thing.agreement, limits)
    if not isinstance(thing.agreement, str) and len(thing.agreement.rows) > 1:
        yield figure_block(thing.agreement.plot())


def _part(part: Any, limits: Limits) -> tuple[Block, ...]:
    """Return the facts and blocks of a result, or the reason why there is none."""
    if isinstance(part, str):
        return (Note(part, body=True),)
    page = make_page(part, limits)
    return (Note(page.title, body=True), *([Facts("", page.facts)] if page.facts else []), *page.blocks)


def _figure(figure: Picture | str) -> Block:
    return Note(figure, body=True) if isinstance(figure, str) else figure_block(figure)


def _name(effect: Effect) -> str:
    by = f" by {effect.contrast.by}" if isinstance(effect.contrast, Contrast) else ""
    return f"Effect on {effect.measure}{by}"


def _effect(effect: Effect, limits: Limits) -> Iterator[Block]:
    yield from _part(effect.contrast, limits)
    yield _figure(effect.turns)


def _measures(thing: Report) -> Iterator[Block]:
    """Return the mean of each measure by condition."""
    yield _figure(thing.speakers)
    frame = thing.measures
    if isinstance(frame, str):
        yield Note(frame, body=True)
        return
    names = [str(name) for name in frame.select_dtypes("number") if name in MEASURES]
    grouped = frame.groupby("condition", sort=False) if "condition" in frame else frame.groupby(lambda _: "all")
    means = grouped[names].mean().T
    rows = tuple(
        (name.replace("_", " "), *map(decimal, values), _described(name))
        for name, values in zip(names, means.to_numpy(dtype=float).tolist(), strict=True)
        if any(map(math.isfinite, values))
    )
    yield Table("Means of discussions", ("", *map(str, means.columns), "measure"), rows)


def _described(name: str) -> str:
    unit = MEASURES[name].unit
    return MEASURES[name].description + (f" ({unit})" if unit else "")


def _examples(thing: Report) -> Iterator[Block]:
    """Yield the first discussion of some conditions, with its labels."""
    firsts: dict[str, Held[Transcript]] = {}
    for held in thing.material.transcripts:
        firsts.setdefault(held.condition, held)
    sets = [held.record for held in thing.material.labels]
    for held in list(firsts.values())[:_EXAMPLES]:
        about_it, left_out = about_texts(held.record, sets)
        page = (
            annotated_page(Annotated(held.record, about_it, left_out), _EXAMPLE)
            if about_it
            else transcript_page(held.record, _EXAMPLE)
        )
        where = f"{held.condition}, " if held.condition else ""
        yield Fold(f"{where}discussion {held.record.index}: {shortened(held.record.topic, 80)}", page)


def _methods(thing: Report) -> Iterator[Block]:
    yield Note(thing.methods, body=True)
    for effect in thing.effects:
        if isinstance(effect.contrast, Contrast):
            yield Note(effect.contrast.method, body=True)
    firsts: dict[tuple[str, str], Prompt] = {}
    for held in thing.material.transcripts:
        for message in held.record.messages:
            if message.generation and message.generation.prompt:
                title = f"Prompt of a {message.role}" + (f", {held.condition}" if held.condition else "")
                firsts.setdefault((held.condition, message.role), Prompt(title, message.generation.prompt))
    for labels in thing.material.labels:
        for label in labels.record.labels[:1]:
            title = f"Prompt of the annotator {labels.record.annotator_name}"
            if label.generation.prompt:
                firsts.setdefault(("", labels.record.annotator_name), Prompt(title, label.generation.prompt))
    yield from list(firsts.values())[:_PROMPTS]


def _deviations(thing: Report) -> list[Block]:
    if not thing.deviations:
        return [Note("None: everything planned was done.", body=True)]
    return [Table("", ("deviation from the plan",), tuple((text,) for text in thing.deviations))]


def _n(one: LevelComparison) -> str:
    return count(one.n, "pair" if one.paired else "discussion")
