"""Pages of a study's design, and of what it makes of it: at a glance what varies, who takes part, what is missing.

Settings are read from the design's own fields, with their descriptions, so that a new one shows by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.population import Sample
from syndisco_nb.builder import ExperimentBuilder, Preview
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.parts import Part
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Prompt, Table
from syndisco_nb.display.pages.people_pages import people_page, sample_page
from syndisco_nb.display.pages.transcript_pages import manager_text
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import SyndiscoError, TrustError
from syndisco_nb.wording import count, listed, shortened

_CELL, _WIDE = 90, 400
_APART = ("participants", "topics", "vary", "discussions", "seed", "annotators", "scales")
"""What has a place of its own on the page."""
_NOTHING: tuple[Any, ...] = (None, "", (), {})


@make_page.register
def builder_page(builder: ExperimentBuilder, limits: Limits) -> Page:
    """Return the page of a design that may not be complete yet; of one that is, with its first prompt."""
    page = _with_permission(design_page(builder.design, limits), builder)
    drawn = builder.design.seed is None
    try:
        preview = (builder.seed(0) if drawn else builder).preview()
    except SyndiscoError as error:
        return Page(page.kind, page.title, page.facts, (Note(str(error), warning=True), *page.blocks))
    of = f" in the condition {preview.condition!r}" if builder.design.vary else ""
    at = ", were the seed 0" if drawn else ""
    prompts = _prompts(preview, f"The first prompt{of}{at}: what {preview.speaker} is sent", folded=True)
    return Page(page.kind, page.title, page.facts, (*page.blocks, *prompts))


def _with_permission(page: Page, builder: ExperimentBuilder) -> Page:
    """Return the page, with what its reader has to allow before it runs."""
    try:
        if builder.models.guard:
            builder.models.guard.check(builder.design)
    except TrustError as error:
        return Page(page.kind, page.title, page.facts, (Note(str(error), warning=True), *page.blocks))
    return page


def design_page(design: Design, limits: Limits) -> Page:
    """Return the page of a design."""
    conditions = design.conditions()
    turns = sum(settings.turns for settings in conditions.values()) * design.discussions
    facts = {
        "conditions": f"{len(conditions):,} ({' × '.join(design.vary)})" if design.vary else "",
        "discussions": f"{len(conditions) * design.discussions:,}",
        "comments to ask for": f"{turns:,}" + _moderated([one.moderator is not None for one in conditions.values()]),
        "seed": "drawn when it runs" if design.seed is None else str(design.seed),
    }
    each = count(design.discussions, "discussion")
    return Page(
        "Design of a study",
        f"{count(len(conditions), 'condition')} of {each}" if design.vary else each,
        tuple((name, value) for name, value in facts.items() if value),
        (
            *([_conditions(design, limits)] if design.vary else []),
            _settings(design),
            *_topics(design, limits),
            *_people(design, limits),
            *_annotators(design, limits),
        ),
    )


@make_page.register
def preview_page(preview: Preview, limits: Limits) -> Page:
    """Return the page of the first prompts of a condition."""
    facts = (("condition", preview.condition), ("first speaker", preview.speaker))
    prompts = _prompts(preview, f"What {preview.speaker} is sent", folded=False)
    return Page("Preview", shortened(preview.topic, _WIDE), facts, tuple(prompts))


def setting_text(value: Any) -> str:
    """Return a setting as a person reads it."""
    match value:
        case None | "":
            return "none"
        case Part():
            return manager_text(value.plain())
        case LLMPersona():
            return value.username
        case BaseModel():
            own = _given(value)
            return setting_text(own if len(own) != 1 else next(iter(own.values())))
        case Mapping():
            return "; ".join(f"{name}: {setting_text(one)}" for name, one in value.items()) or "none"
        case tuple() | list():
            return listed([setting_text(one) for one in value]) or "none"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _moderated(conditions: Sequence[bool]) -> str:
    if not any(conditions):
        return ""
    return ", and the moderator's" if all(conditions) else ", and those of the moderator, where there is one"


def _conditions(design: Design, limits: Limits) -> Table:
    """Return what each condition is, in what varies."""
    length = _WIDE // len(design.vary)
    rows = tuple(
        (name, *(shortened(setting_text(design.vary[setting][level]), length) for setting, level in levels.items()))
        for name, levels in list(design.levels().items())[: limits.max_items]
    )
    head = ("condition", *map(_words, design.vary))
    return Table("Conditions", head, rows, _more(len(design.levels()) - len(rows)))


def _settings(design: Design) -> Table:
    """Return every setting that all conditions share, with what it means."""
    rows, unset = [], []
    for name, field in type(design).model_fields.items():
        if name in _APART or name in design.vary:
            continue
        value = getattr(design, name)
        if value in _NOTHING:
            unset.append(_words(name))
        else:
            rows.append((_words(name), shortened(setting_text(value), _WIDE), field.description or ""))
    more = f"Not set: {', '.join(unset)}." if unset else ""
    return Table("In all conditions" if design.vary else "Settings", ("setting", "", "meaning"), tuple(rows), more)


def _topics(design: Design, limits: Limits) -> list[Block]:
    if not design.topics or "topics" in design.vary:
        return []
    rows = tuple((shortened(setting_text(topic), _WIDE),) for topic in design.topics[: limits.max_items])
    table = Table("", ("topic",), rows, _more(len(design.topics) - len(rows)))
    title = count(len(design.topics), "topic")
    return [Fold(f"{title}: {shortened(setting_text(design.topics[0]), _CELL)}", Page("Topics", title, (), (table,)))]


def _people(design: Design, limits: Limits) -> list[Block]:
    if not design.participants or "participants" in design.vary:
        return []
    people = design.participants
    page = sample_page(people, limits) if isinstance(people, Sample) else people_page(People(people), limits)
    names = listed([person.username for person in people])
    return [Fold(f"{count(len(people), 'participant')}: {shortened(names, _CELL)}", page)]


def _annotators(design: Design, limits: Limits) -> list[Block]:
    annotators = [
        {_words(name): getattr(one, name) for name in ("name", *type(one).model_fields)} for one in design.annotators
    ]
    scales = [scale.plain() for scale in design.scales]
    return [*_fields("Annotators", annotators, limits), *_fields("Scales", scales, limits)]


def _fields(title: str, things: Sequence[Mapping[str, Any]], limits: Limits) -> list[Table]:
    """Return a row for each of several things, with a column for each field that any of them has."""
    names = dict.fromkeys(name for thing in things for name, value in thing.items() if value not in _NOTHING)
    rows = tuple(
        tuple(shortened(setting_text(thing.get(name)), _WIDE // len(names)) for name in names)
        for thing in things[: limits.max_items]
    )
    return [Table(title, tuple(names), rows, _more(len(things) - len(rows)))] if names else []


def _given(value: BaseModel) -> dict[str, Any]:
    """Return the fields that are not as usual."""
    fields = type(value).model_fields
    return {_words(name): one for name, field in fields.items() if (one := getattr(value, name)) != field.default}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _more(left: int) -> str:
    return f"{left:,} more" if left > 0 else ""


def _prompts(preview: Preview, title: str, *, folded: bool) -> list[Block]:
    prompts: list[Block] = [Prompt(title, preview.prompt, folded=folded)]
    if preview.annotation:
        prompts.append(Prompt("What the first annotator is sent about the opening", preview.annotation, folded=folded))
    return prompts
