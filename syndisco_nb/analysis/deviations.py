"""Deviations of a study from its plan: everything that was asked for and is not there, or is not as asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from syndisco_nb.builder.study_stage import StudyStage
from syndisco_nb.records import Generation
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.run_status import WORDS, true_status
from syndisco_nb.runs.sources import Material
from syndisco_nb.wording import count, listed, percent, shortened

_NOTES = 6
"""Different notes of models and servers that are named."""


def deviations(
    material: Material, runs: Sequence[tuple[str, Run[Any]]] = (), stages: Sequence[StudyStage] = ()
) -> tuple[str, ...]:
    """Return the deviations, a sentence each; none if there are none.

    Parameters
    ----------
    material : Material
    runs : sequence of (str, Run)
        The runs behind it, each with the name of its condition, or "".
    stages : sequence of StudyStage
        The stages in which the study was asked for.
    """
    return (*_growth(stages), *_unfinished(runs), *_comments(material), *_labels(material), *_notes(material))


def _growth(stages: Sequence[StudyStage]) -> Iterator[str]:
    if len(stages) > 1:
        asked = [
            f"on {stage.asked[:10]}, {count(stage.discussions, 'discussion')} in each of {listed(stage.conditions)}"
            + (f", labelled by {listed(stage.annotators)} on {listed(stage.scales)}" if stage.annotators else "")
            for stage in stages
        ]
        yield f"The study grew; it was asked for in {len(stages):,} stages: {'; '.join(asked)}."


def _unfinished(runs: Sequence[tuple[str, Run[Any]]]) -> Iterator[str]:
    for condition, run in runs:
        missing, failures = run.total - len(run), run.failures
        if missing:
            where = f" of {condition}" if condition else ""
            reasons = Counter(failures["error"])
            why = f" ({', '.join(f'{error} {number:,}' for error, number in reasons.items())})" if reasons else ""
            of = f"{missing:,} of {count(run.total, 'file')}{where}"
            status = WORDS[true_status(run.folder, run.status)]
            begun = len(run.unfinished)
            kept = f" The turns kept of {begun:,} of them are not counted." if begun else ""
            yield f"{of} missing; status of the run in {run.folder}: {status}{why}.{kept}"
        if run.skipped:
            yield f"{count(len(run.skipped), 'file')} in {run.folder} could not be used: {run.skipped[0].reason}."


def _comments(material: Material) -> Iterator[str]:
    messages = [message for held in material.transcripts for message in held.record.messages if message.generation]
    if not messages:
        return
    found = {
        "silence": sum(message.silent for message in messages),
        "reply cut off at the token limit": sum(_reason(message.generation) == "length" for message in messages),
        "comment with lines for other speakers": sum(bool(message.speaks_for) for message in messages),
    }
    for noun, number in found.items():
        if number:
            one, _, rest = noun.partition(" ")
            share = percent(number / len(messages))
            yield f"{count(number, one)}{' ' + rest if rest else ''}, {share} of {count(len(messages), 'turn')}."
    stopped = Counter(held.record.ended for held in material.transcripts if held.record.ended)
    yield from (f"{count(number, 'discussion')} ended early: {reason}." for reason, number in stopped.items())


def _labels(material: Material) -> Iterator[str]:
    labels = [label for held in material.labels for label in held.record.labels]
    missing = sum(label.value is None for label in labels)
    if missing:
        share = percent(missing / len(labels))
        yield f"{count(missing, 'answer')} of annotators held no label, {share} of {len(labels):,}."


def _notes(material: Material) -> Iterator[str]:
    messages = [message.generation for held in material.transcripts for message in held.record.messages]
    labels = [label.generation for held in material.labels for label in held.record.labels]
    notes = Counter(note for generation in (*messages, *labels) if generation for note in generation.notes)
    for note, number in notes.most_common(_NOTES):
        yield f"{count(number, 'answer')}: {shortened(note, 200)}"


def _reason(generation: Generation | None) -> str:
    return generation.finish_reason if generation else ""
