"""Scores of an Inspect log, as labels of whole discussions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pydantic_core

from syndisco_nb.backend.scale import Scale
from syndisco_nb.formats.coded_labels import CodedAnswer, coded_set, scale_from_labels
from syndisco_nb.formats.foreign_records import foreign_participant
from syndisco_nb.formats.inspect.inspect_log import InspectSample, InspectScore
from syndisco_nb.records import AnnotationSet, LabelKey, Transcript
from syndisco_nb.wording import NO, YES

_MOST_LABELS = 20  # a scale with more different values is a text


def read_scores(samples: Sequence[InspectSample], transcripts: Sequence[Transcript]) -> list[AnnotationSet]:
    """Return the scores of all samples as labels: each scorer is an annotator, and its scores are labels on a scale.

    A score that is a mapping has a scale for each of its keys. Its other fields are the meta of the set.

    Parameters
    ----------
    samples : sequence of InspectSample
    transcripts : sequence of Transcript
        That of each sample.
    """
    given: dict[str, dict[str, list[Any]]] = {}  # by scorer, then scale
    for sample in samples:
        for scorer, score in (sample.scores or {}).items():
            for scale, value in _values(scorer, score):
                given.setdefault(scorer, {}).setdefault(scale, []).append(value)
    scales = {scorer: {name: _scale(name, found) for name, found in own.items()} for scorer, own in given.items()}
    indices = {scorer: index for index, scorer in enumerate(scales)}
    sets = []
    for sample, transcript in zip(samples, transcripts, strict=True):
        for scorer, score in (sample.scores or {}).items():
            if scorer not in scales:  # none of its scores has a value
                continue
            annotator = foreign_participant(scorer, scorer, type="annotator")
            answers = [
                CodedAnswer(LabelKey("discussion", "", name), _text(one)) for name, one in _values(scorer, score)
            ]
            others = score.model_dump(include={"answer", "explanation", "metadata"}, exclude_none=True)
            labels = coded_set(transcript, annotator, indices[scorer], answers, scales[scorer])
            sets.append(replace(labels, meta=others or None))
    return sets


def _values(scorer: str, score: InspectScore) -> Iterator[tuple[str, Any]]:
    """Yield the values of a score, and the scale of each; nothing for one without a value."""
    several = score.value.items() if isinstance(score.value, dict) else [("", score.value)]
    for key, value in several:
        if value is not None:
            yield f"{scorer}.{key}" if key else scorer, value


def _scale(name: str, values: Sequence[Any]) -> Scale:
    """Return the scale of some values: a text where some are no labels, such as 0.25."""
    labels = dict.fromkeys(map(_text, values))
    texts = len(labels) > _MOST_LABELS or any("." in _text(one) or isinstance(one, list | dict) for one in values)
    return scale_from_labels(name, [] if texts else list(labels), unit="discussion")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else pydantic_core.to_json(value).decode()
