"""Pages of one label, and of all labels that one annotator gave to a discussion."""

from dataclasses import replace

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Page, Share, Table
from syndisco_nb.display.pages.generation_block import recorded_prompt
from syndisco_nb.display.pages.label_blocks import (
    distributions,
    low_mass_warning,
    scale_settings,
    value_text,
)
from syndisco_nb.display.registry import make_page
from syndisco_nb.records import AnnotationSet, Label
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.wording import cut_text, more, percent, shortened

_COMMENT = 160


@make_page.register
def annotation_set_page(labels: AnnotationSet, limits: Limits, kind: str = "Annotations") -> Page:
    """Return the page of one annotator's labels."""
    unread = sum(label.value is None for label in labels.labels)
    facts = {
        "about": unit_text(labels.discussion),
        "labels": f"{len(labels.labels):,}",
        "unparsed": f"{unread:,}" if unread else "",
        "scales": ", ".join(str(scale["name"]) for scale in scale_settings(labels)),
        "model": labels.annotator.model,
        "seed": "" if labels.seed is None else str(labels.seed),
    }
    first = labels.labels[:1]
    title = "Prompt for the first label"
    prompts = [prompt for label in first if (prompt := recorded_prompt(label.generation, title))]
    return Page(
        kind,
        f"by {labels.annotator_name}",
        tuple((name, value) for name, value in facts.items() if value),
        (*low_mass_warning([labels]), *distributions([labels]), _label_table(labels, limits), *prompts),
    )


@make_page.register
def label_page(label: Label, limits: Limits) -> Page:
    """Return the page of one label."""
    mass = () if label.mass is None else (("all labels together", percent(label.mass)),)
    author = f" by {label.name}" if label.unit == "comment" else ""
    facts = (("about", f"{label.key}{author}"), ("model", label.model), *mass)
    bars = tuple((answer, Share(share, percent(share))) for answer, share in (label.probabilities or {}).items())
    tables = (Table("Probabilities", ("", ""), bars),) if bars else ()
    prompt = recorded_prompt(label.generation, "Prompt")
    return Page(
        f"Label, {label.scale}" if label.scale else "Label",
        value_text(label),
        facts,
        (
            Note(cut_text(label.text, limits.max_text, "label.text")),
            *tables,
            *([replace(prompt, folded=False)] if prompt else []),
        ),
    )


def _label_table(labels: AnnotationSet, limits: Limits) -> Table:
    """Return a row for each comment, participant and discussion; with several scales, a column for each."""
    scales = list(dict.fromkeys(label.scale for label in labels.labels))
    by_subject: dict[tuple[str, int | str], list[Label]] = {}
    for label in labels.labels:
        by_subject.setdefault(label.key[:2], []).append(label)
    shown = list(by_subject.values())[: limits.max_items]
    left_out = len(labels.labels) - sum(map(len, shown))
    single = len(scales) == 1
    probable = single and any(label.probabilities for label in labels.labels)
    wholes = any(label.comment is None for label in labels.labels)
    head = ("" if wholes else "comment", *(["label"] if len(scales) < 2 else [scale or "label" for scale in scales]))
    rows = []
    for given in shown:
        by_scale = [[label for label in given if label.scale == scale] for scale in scales]
        values = (" · ".join(value_text(label, probable=not single) for label in on_scale) for on_scale in by_scale)
        shares = [" · ".join(map(_probabilities, given))] if probable else []
        rows.append((_subject(given[0]), *values, *shares))
    return Table("Labels", (*head, *(["probability"] if probable else [])), tuple(rows), more(left_out, ".labels"))


def _subject(label: Label) -> str:
    return str(label.key) if label.comment is None else f"{label.name}: {shortened(label.text, _COMMENT)}"


def _probabilities(label: Label) -> str:
    return " · ".join(f"{name} {share:.0%}" for name, share in (label.probabilities or {}).items())
