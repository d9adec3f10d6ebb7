"""Pages of a study's design and of its first prompts.

Settings are read from the design's own fields, with their descriptions, so a new one appears by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.kinds import design_parameters, kinds_of
from syndisco_nb.backend.model import BatchModel, Model, Replicas
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.population import Sample
from syndisco_nb.backend.setting_words import setting_words
from syndisco_nb.builder import ExperimentBuilder, Preview
from syndisco_nb.builder.design import Design, Settings
from syndisco_nb.builder.parts import Part
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Block, Fold, Note, Page, Prompt, Table
from syndisco_nb.display.pages.generation_block import sampling_text
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.display.pages.people_pages import people_page, sample_page
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import SyndiscoError, TrustError
from syndisco_nb.field_labels import field_label
from syndisco_nb.records import Sampling
from syndisco_nb.runs.batch_job import batches_take
from syndisco_nb.wording import count, listed, shortened, yes_or_no

_CELL, _WIDE = 90, 400
_APART = ("participants", "topics", "vary", "discussions", "seed", "annotators", "scales")
"""Settings with a block or a fact of their own."""
_NOTHING: tuple[Any, ...] = (None, "", (), {})


@make_page.register
def builder_page(builder: ExperimentBuilder, limits: Limits) -> Page:
    """Return the page of a design: with its first prompt, or with what is missing."""
    page = _with_permission(design_page(builder.design, limits), builder)
    drawn = builder.design.seed is None
    try:
        preview = (builder.seed(0) if drawn else builder).preview()
    except SyndiscoError as error:
        return Page(page.kind, page.title, page.facts, (Note(str(error), warning=True), *page.blocks))
    details = [f"to {preview.speaker}", *([f"condition {preview.condition}"] if builder.design.vary else [])]
    details += ["seed 0"] if drawn else []
    prompts = _prompts(preview, f"First prompt ({', '.join(details)})", folded=True)
    return Page(page.kind, page.title, page.facts, (*page.blocks, *prompts))


def _with_permission(page: Page, builder: ExperimentBuilder) -> Page:
    """Return the page with the permissions that the design still needs."""
    try:
        if builder.models.guard:
            builder.models.guard.check(builder.design)
    except TrustError as error:
        return Page(page.kind, page.title, page.facts, (Note(str(error), warning=True), *page.blocks))
    return page


def design_page(design: Design, limits: Limits) -> Page:
    """Return the page of a design.

    Parameters
    ----------
    design : Design
    limits : Limits
    """
    conditions = design.conditions()
    turns = sum(settings.turns for settings in conditions.values()) * design.discussions
    moderated = [settings.moderator is not None for settings in conditions.values()]
    facts = {
        "conditions": f"{len(conditions):,} ({' × '.join(map(field_label, design.vary))})" if design.vary else "",
        "discussions": f"{len(conditions) * design.discussions:,}",
        "comments": f"{turns:,}" + moderators_turns(moderated),
        "seed": "drawn at the start" if design.seed is None else str(design.seed),
    }
    each = count(design.discussions, "discussion")
    return Page(
        "Study design",
        f"{count(len(conditions), 'condition')} × {each}" if design.vary else each,
        tuple((name, value) for name, value in facts.items() if value),
        (
            *([_conditions(design, limits)] if design.vary else []),
            _settings(design),
            *_batches(conditions.values()),
            *_topics(design, limits),
            *_people(design, limits),
            *_annotators(design, limits),
        ),
    )


@make_page.register
def preview_page(preview: Preview, limits: Limits) -> Page:
    """Return the page of the first prompts of a condition."""
    facts = (("condition", preview.condition), ("first speaker", preview.speaker))
    prompts = _prompts(preview, f"Prompt to {preview.speaker}", folded=False)
    return Page("Preview", shortened(preview.topic, _WIDE), facts, tuple(prompts))


def _batches(conditions: Iterable[Settings]) -> list[Note]:
    """Return how long the turns take, if participants or moderators answer in batches, one after the other."""
    longest = 0
    for settings in conditions:
        speakers = [settings.model, *settings.models.values()]
        moderators = [settings.model_of(settings.moderator.name)] if settings.moderator else []
        in_batches = (
            any(part and part.type == BatchModel.__name__ for part in parts) for parts in (speakers, moderators)
        )
        longest = max(longest, settings.turns * sum(in_batches))
    return [Note(batches_take(longest))] if longest else []


def setting_text(value: Any) -> str:
    """Return a setting as a person reads it."""
    match value:
        case None | "":
            return "none"
        case Part():
            return _part_text(value.plain())
        case LLMPersona():
            return value.username
        case BaseModel():
            own = _changed_fields(value)
            return setting_text(own if len(own) != 1 else next(iter(own.values())))
        case Mapping():
            return "; ".join(f"{name}: {setting_text(item)}" for name, item in value.items()) or "none"
        case tuple() | list():
            return listed([setting_text(item) for item in value]) or "none"
        case bool():
            return yes_or_no(value)
        case _:
            return str(value)


def _part_text(settings: Mapping[str, Any]) -> str:
    """Return a turn manager or stop condition in words, a model by its name and the settings that are no defaults."""
    kind = kinds_of(Model).get(str(settings["type"]))
    if kind is None:
        return setting_words(settings)
    if kind is Replicas:
        models = settings["models"]
        addresses = [model["base_url"] for model in models if "base_url" in model]
        one = {**models[0], **({"base_url": listed(addresses)} if addresses else {})}
        return f"{_part_text(one)}; {count(len(models), 'replica')}"
    defaults = {parameter.name: parameter.default for parameter in design_parameters(kind)}
    name = str(settings.get("name") or settings.get("model_name") or kind.form_label)
    own = (
        f"{field_label(setting)}: {_argument_text(setting, value)}"
        for setting, value in settings.items()
        if setting != "type" and value not in (name, *_NOTHING) and value != defaults.get(setting)
    )
    return "; ".join([name, *own])


def _argument_text(setting: str, value: Any) -> str:
    """Return an argument of a model: its sampling, another model, or a plain value."""
    if not isinstance(value, Mapping):
        return setting_text(value)
    if setting == "sampling":
        return sampling_text(Sampling(**value))
    return _part_text(value) if "type" in value else setting_text(value)


def moderators_turns(moderated: Iterable[bool]) -> str:
    """Return the mention of moderators' turns, from whether each condition has a moderator; "" without any."""
    return " (+ moderator turns)" if any(moderated) else ""


def _conditions(design: Design, limits: Limits) -> Table:
    """Return a table of the conditions, with a column for each setting that varies."""
    length = _WIDE // len(design.vary)

    def row(condition: tuple[str, Mapping[str, str]]) -> tuple[str, ...]:
        name, levels = condition
        varied = (design.vary[setting][level] for setting, level in levels.items())
        return (name, *(shortened(setting_text(value), length) for value in varied))

    head = ("condition", *map(field_label, design.vary))
    return limited_table("Conditions", head, list(design.levels().items()), row, limits)


def _settings(design: Design) -> Table:
    """Return a table of the settings that all conditions share, with their meaning."""
    rows, unset = [], []
    for name, field in type(design).model_fields.items():
        if name in _APART or name in design.vary:
            continue
        value = getattr(design, name)
        if value in _NOTHING:
            unset.append(field_label(name))
        else:
            rows.append((field_label(name), shortened(setting_text(value), _WIDE), field.description or ""))
    more = f"Not set: {', '.join(unset)}." if unset else ""
    return Table(
        "Same in all conditions" if design.vary else "Settings", ("setting", "value", "meaning"), tuple(rows), more
    )


def _topics(design: Design, limits: Limits) -> list[Block]:
    topics = design.topics
    if not topics or "topics" in design.vary:
        return []
    table = limited_table("", ("topic",), topics, lambda topic: (shortened(setting_text(topic), _WIDE),), limits)
    title = count(len(topics), "topic")
    return [Fold(f"{title}: {shortened(setting_text(topics[0]), _CELL)}", Page("Topics", title, (), (table,)))]


def _people(design: Design, limits: Limits) -> list[Block]:
    if not design.participants or "participants" in design.vary:
        return []
    people = design.participants
    page = sample_page(people, limits) if isinstance(people, Sample) else people_page(People(people), limits)
    names = listed([person.username for person in people])
    return [Fold(f"{count(len(people), 'participant')}: {shortened(names, _CELL)}", page)]


def _annotators(design: Design, limits: Limits) -> list[Block]:
    annotators = [
        {name: getattr(annotator, name) for name in ("name", *type(annotator).model_fields)}
        for annotator in design.annotators
    ]
    scales = [scale.plain() for scale in design.scales]
    return [*_field_table("Annotators", annotators, limits), *_field_table("Scales", scales, limits)]


def _field_table(title: str, things: Sequence[Mapping[str, Any]], limits: Limits) -> list[Table]:
    """Return a table with a row for each thing and a column for each field that any of them has."""
    names = dict.fromkeys(name for thing in things for name, value in thing.items() if value not in _NOTHING)

    def row(thing: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(
            shortened(setting_text(thing[name]), _WIDE // len(names)) if name in thing else "" for name in names
        )

    return [limited_table(title, tuple(map(field_label, names)), things, row, limits)] if names else []


def _changed_fields(value: BaseModel) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    fields = type(value).model_fields
    return {field_label(name): own for name, field in fields.items() if (own := getattr(value, name)) != field.default}


def _prompts(preview: Preview, title: str, *, folded: bool) -> list[Block]:
    prompts: list[Block] = [Prompt(title, preview.prompt, folded=folded)]
    if preview.annotation:
        prompts.append(Prompt("Prompt to the first annotator, about the opening", preview.annotation, folded=folded))
    return prompts
