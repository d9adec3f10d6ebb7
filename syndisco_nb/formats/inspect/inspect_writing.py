"""Write discussions and labels as a log of Inspect, which its viewer and its tables open."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from syndisco_nb._version import __version__
from syndisco_nb.analysis.frames.scored_scales import numeric_value, scales_of
from syndisco_nb.errors import require
from syndisco_nb.formats.described_ids import DescribedIds
from syndisco_nb.formats.foreign_records import digest_of
from syndisco_nb.formats.inspect.inspect_fields import (
    HEADER,
    INSPECT,
    SAMPLES,
    START,
    SUMMARIES,
    ChatFields,
    SampleFields,
    ScoreFields,
    ScorerFields,
)
from syndisco_nb.formats.own.own_fields import joined
from syndisco_nb.formats.written_discussions import WrittenDiscussion, written_discussions
from syndisco_nb.formats.written_labels import WrittenLabel, written_fields
from syndisco_nb.records import HARDCODED, HUMAN, AnnotationSet, Generation, Label, Message, Transcript
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike

_VERSION = 2  # of Inspect's format
_NO_TIME = "1970-01-01T00:00:00+00:00"  # a log must have one, and equal discussions give equal files
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_DISCUSSION = "discussion"
_NO_OUTPUT: Mapping[str, Any] = {"model": "", "choices": [], "completion": ""}
_USAGE = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "reasoning_tokens": "reasoning_tokens"}

Usage = dict[str, Counter[str]]
"""Number of tokens, by model or role, then by kind."""


def write_inspect(source: Any, path: PathLike) -> Path:
    """Write a log of Inspect; see `Exchanged.to_inspect`.

    Parameters
    ----------
    source : run, study, corpus, transcript, labels, or several
    path : str or path-like
    """
    file = as_path("path", path)
    require(file.suffix == ".eval", f"path is {file.name}, but Inspect opens only files that end in .eval.", "path")
    discussions = written_discussions(source)
    ids, scorers = DescribedIds(), DescribedIds()
    samples = [_sample(one, ids, scorers) for one in discussions]
    header = _header(discussions, samples)
    members: dict[str, Any] = {START: {name: header[name] for name in ("version", "eval", "plan")}}
    members |= {f"{SAMPLES}{one['id']}_epoch_1.json": one for one in samples}
    members |= {SUMMARIES: [_summary(one) for one in samples], HEADER: header}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, json.dumps(content))
    return save_file(file, packed.getvalue())


def _sample(discussion: WrittenDiscussion, ids: DescribedIds, scorers: DescribedIds) -> dict[str, Any]:
    """Return the sample of a discussion."""
    transcript, annotations = discussion.held.record, discussion.annotations
    name = ids.of(discussion.held.unit_name, transcript.id)
    fields = SampleFields(
        discussion_id=transcript.id if transcript.id != name else None,
        seed=transcript.seed,
        users=transcript.users,
        moderator=transcript.moderator,
        settings=dict(transcript.settings),
        parent=transcript.parent,
        ended=transcript.ended,
        silences=[ChatFields.of(one, meta=None if one.meta is None else dict(one.meta)) for one in transcript.silences],
        annotations=[_scorer(labels) for labels in annotations],
    )
    scores: dict[str, Any] = {}
    for place, labels in enumerate(annotations):
        for scale in dict.fromkeys(label.scale for label in labels.labels):
            called = "_".join(filter(None, (labels.annotator_name, scale)))
            key = scorers.of(called, [labels.index, labels.annotator.name, labels.annotator.model, scale])
            scores[key] = _score(labels, scale, place)
    models, roles = _usage([transcript], annotations)
    messages = [_chat_message(message, name) for message in transcript.comments]
    return {
        "id": name,
        "epoch": 1,
        "input": transcript.topic,
        "target": "",
        "messages": messages,
        "output": _NO_OUTPUT,
        "scores": scores,
        "metadata": joined(fields, {}, {**(transcript.meta or {}), **discussion.conditions}),
        "store": {},
        "events": [_event(messages)],
        "model_usage": models,
        "role_usage": roles,
        "attachments": {},
    }


def _chat_message(message: Message, sample: str) -> dict[str, Any]:
    """Return the chat message of a comment: a model's is an assistant's, and a person's a user's."""
    metadata = joined(ChatFields.of(message), {}, message.meta)
    made = {"id": f"{sample}.{message.index}", "content": message.text, "metadata": metadata}
    if message.model in (HUMAN, HARDCODED):
        return made | {"source": "input", "role": "user"}
    return made | {"source": "generate", "role": "assistant", "model": message.model}


def _event(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return an event with all messages, since `inspect_ai.analysis.messages_df` finds messages in events alone.

    That table drops an assistant's message with the text of the one before, so here it is a user's.
    """
    before: str | None = None
    input_messages = []
    for message in messages:
        input_messages.append({**message, "role": "user"} if message["content"] == before else message)
        before = message["content"]
    given = {"event": "model", "timestamp": _NO_TIME, "working_start": 0, "model": _DISCUSSION, "input": input_messages}
    return given | {"tools": [], "tool_choice": "none", "config": {}, "output": _NO_OUTPUT}


def _scorer(labels: AnnotationSet) -> ScorerFields:
    return ScorerFields(
        annotator=labels.annotator,
        index=labels.index,
        seed=labels.seed,
        settings=dict(labels.settings),
        meta=None if labels.meta is None else dict(labels.meta),
    )


def _score(labels: AnnotationSet, scale: str, place: int) -> dict[str, Any]:
    """Return the score on a scale: the mean where labels are numbers, else all labels, or the only one."""
    own = [label for label in labels.labels if label.scale == scale]
    known = scales_of(labels).get(scale)
    numbers = [number for label in own if (number := numeric_value(label, known)) is not None]
    values = [label.value for label in own if label.value is not None]
    value: Any = fmean(numbers) if numbers else values[0] if len(values) == 1 else values
    fields = ScoreFields(annotation=place, labels=[_written(label) for label in own])
    return {"value": value, "metadata": fields.model_dump(mode="json", exclude_defaults=True), "history": []}


def _written(label: Label) -> WrittenLabel:
    return WrittenLabel(comment=label.comment, **written_fields(label))


def _usage(transcripts: Iterable[Transcript], annotations: Iterable[AnnotationSet]) -> tuple[Usage, Usage]:
    """Return the numbers of tokens by model and by role."""
    models: Usage = {}
    roles: Usage = {}
    for model, role, generation in _generations(transcripts, annotations):
        counts = {name: getattr(generation, field) for name, field in _USAGE.items()}
        counts["total_tokens"] = counts["input_tokens"] + counts["output_tokens"]
        models.setdefault(model, Counter()).update(counts)
        roles.setdefault(role, Counter()).update(counts)
    return models, roles


def _generations(
    transcripts: Iterable[Transcript], annotations: Iterable[AnnotationSet]
) -> Iterator[tuple[str, str, Generation]]:
    for transcript in transcripts:
        for message in transcript.messages:
            if message.generation:
                yield message.model, message.role, message.generation
    for labels in annotations:
        for label in labels.labels:
            yield label.model, "annotator", label.generation


def _header(discussions: Sequence[WrittenDiscussion], samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the header of a log: the whole evaluation but for its samples."""
    transcripts = [one.held.record for one in discussions]
    names = dict.fromkeys(user.model for talk in transcripts for user in talk.users)
    names = names or dict.fromkeys(message.model for talk in transcripts for message in talk.messages)
    models, roles = _usage(transcripts, [labels for one in discussions for labels in one.annotations])
    identity = digest_of([[talk.id for talk in transcripts], [one["scores"] for one in samples]])
    return {
        "version": _VERSION,
        "status": _status(discussions),
        "eval": {
            "eval_id": identity,
            "run_id": identity,
            "created": _NO_TIME,
            "task": _DISCUSSION,
            "task_id": _DISCUSSION,
            "task_version": 0,
            "dataset": {
                "name": "discussions",
                "samples": len(samples),
                "sample_ids": [one["id"] for one in samples],
                "shuffled": False,
            },
            "model": ", ".join(names) or HUMAN,
            "config": {},
            "packages": {"syndisco_nb": __version__},
            "metadata": INSPECT.header(),
        },
        "plan": {"name": "plan", "steps": [], "config": {}},
        "results": {
            "total_samples": len(samples),
            "completed_samples": len(samples),
            "scores": list(_results(samples)),
        },
        "stats": {"started_at": "", "completed_at": "", "model_usage": models, "role_usage": roles},
    }


def _status(discussions: Iterable[WrittenDiscussion]) -> str:
    """Return the status of a log: that of the runs."""
    statuses = {one.held.run.status for one in discussions if one.held.run is not None}
    if "failed" in statuses:
        return "error"
    return "success" if statuses <= {"finished"} else "cancelled"


def _results(samples: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the mean of each score over all discussions."""
    for name in dict.fromkeys(name for one in samples for name in one["scores"]):
        values = [one["scores"][name]["value"] for one in samples if name in one["scores"]]
        numbers = [value for value in values if isinstance(value, int | float)]
        metrics = {"mean": {"name": "mean", "value": fmean(numbers), "params": {}}} if numbers else {}
        scored = {"scored_samples": len(values), "unscored_samples": len(samples) - len(values)}
        yield {"name": name, "scorer": name, **scored, "params": {}, "metrics": metrics}


def _summary(sample: Mapping[str, Any]) -> dict[str, Any]:
    """Return the summary of a sample, from which Inspect's tables are made."""
    scores = {name: {"value": score["value"], "history": []} for name, score in sample["scores"].items()}
    single = {name: value for name, value in sample["metadata"].items() if isinstance(value, str | int | float)}
    kept = {name: sample[name] for name in ("id", "epoch", "input", "target", "model_usage", "role_usage")}
    messages = sample["messages"]
    return kept | {"metadata": single, "scores": scores, "completed": True, "message_count": len(messages)}
