"""Read SynDisco's logs of annotators, of all its versions, and join them to discussions by id and position."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, LooseLabels, ReadOptions, register
from syndisco_nb.formats.found_discussions import FoundDiscussions
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.syndisco.scale_lines import value_in
from syndisco_nb.formats.syndisco.syndisco_log import AnnotationLog, NamedAnnotationLog, kind_of_log, read_log
from syndisco_nb.formats.syndisco.syndisco_prompts import read_prompt
from syndisco_nb.records import AnnotationSet, Generation, Label, Message, Participant, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.wording import count, listed, shortened

LABELS_OF_SILENCES = "labels_of_silences"
"""The key of `AnnotationSet.meta` under which labels of entries without a text are kept, by their place."""

_PLACED = {"conv_id", "annotator_model", "annotator_type", "annotator_prompt", "logs"}


@dataclass(frozen=True, slots=True)
class _Read:
    """The log of an annotator: the labels, by position, and how to find the discussion."""

    file: str
    path: Path
    meta: Mapping[str, Any]
    annotator: Participant
    labels: Sequence[str]
    texts: Sequence[str] = ()
    speakers: tuple[str, ...] = ()
    id: str | None = None

    @property
    def where(self) -> str:
        return f"{self.file} is a SynDisco annotation log"

    def discussion(self, discussions: FoundDiscussions) -> Transcript:
        """Return the discussion that the labels are about; of several that fit, the one whose name the file has."""
        names = {self.path.stem, (annotation_parts(self.path.stem) or ("",))[0]}
        if self.id is None:
            fitting, sought = discussions.begun_by(self.speakers), "begins with its speakers in their order"
        else:
            fitting, sought = discussions.with_id(self.id), f"has the id {shortened(self.id, 60)}"
        if not fitting:
            raise RecordError(f"{self.where} without its discussion: none here {sought}. Load both from one folder.")
        ids = {one.id for one in fitting}
        alike = tuple(one for one in discussions.called(names, self.path.parent.name) if one.id in ids)
        fitting = alike or fitting
        unread = sorted(names & set(discussions.unread))
        if self.id is None and unread and not alike:  # or they would go to whatever discussion has these speakers
            raise RecordError(
                f"{self.where}, named like {unread[0]}, which could not be read. Load it with that discussion."
            )
        if len(fitting) > 1:
            found = listed(tuple(one.name for one in fitting), 5)
            name = f"Name it like its discussion, as in {fitting[0].name}.annotator-00.json, or put"
            raise RecordError(
                f"{self.where}, but more than one discussion {sought}: {found}. {'Put' if alike else name} both into "
                "a folder of their own."
            )
        return fitting[0]

    def joined(self, transcript: Transcript, scales: Sequence[Scale]) -> AnnotationSet:
        """Return the labels on the first messages of a discussion."""
        messages = transcript.messages
        self._check(transcript, messages)
        silences: dict[str, str] = {}
        labels: list[Label] = []
        for message, text in zip(messages, self.labels, strict=False):
            if message.silent:
                silences[str(message.index)] = text
            else:
                labels += _labels(message, text, self.annotator.model, scales)
        return AnnotationSet(
            discussion_id=transcript.id,
            discussion=transcript.name,
            index=0,
            seed=None,
            annotator=self.annotator,
            settings={"scales": [scale.settings() for scale in scales]},
            labels=tuple(labels),
            meta={**self.meta, **({LABELS_OF_SILENCES: silences} if silences else {})} or None,
        )

    def _check(self, transcript: Transcript, messages: Sequence[Message]) -> None:
        """Raise `RecordError` if the labels cannot be about these messages."""
        if len(self.labels) > len(messages):
            raise RecordError(
                f"{self.where} with {count(len(self.labels), 'label')}, but its discussion {transcript.name} has "
                f"{len(messages)} entries."
            )
        for place, (message, text) in enumerate(zip(messages, self.texts, strict=False)):
            if text != (message.meta or {}).get("text", message.text):
                raise RecordError(
                    f"{self.where} of {transcript.name}, but the texts at entry {place} of logs differ: "
                    f"{shortened(text)!r} there, {shortened(message.text)!r} in the discussion. One of the two files "
                    "was changed, or belongs to another discussion."
                )


def _labels(message: Message, text: str, model: str, scales: Sequence[Scale]) -> Iterator[Label]:
    made = Generation(prompt=(), seed=0, raw=text)
    for scale in scales or (None,):
        yield Label(
            comment=message.index,
            name=message.name,
            text=message.text,
            role=message.role,
            turn=message.turn,
            annotator=0,
            model=model,
            generation=made,
            value=text if scale is None else value_in(text, scale, alone=len(scales) == 1),
            scale="" if scale is None else scale.name,
            options=() if scale is None else scale.labels,
        )


def _read_pairs(source: SourceFile, options: ReadOptions) -> FileContents:
    log: AnnotationLog = read_log(source, AnnotationLog)
    model = log.annotator_model or log.annotator_type or ""
    annotator = read_prompt(log.annotator_prompt).participant("", model, log.annotator_prompt, "annotator")
    texts, labels = zip(*log.logs, strict=True) if log.logs else ((), ())
    return _contents(_Read(*_file(source), annotator, labels, texts=texts, id=str(log.conv_id)), options)


def _read_named(source: SourceFile, options: ReadOptions) -> FileContents:
    log: NamedAnnotationLog = read_log(source, NamedAnnotationLog)
    first = log.logs[0]
    prompt: Any = first.more.get("prompt")
    annotator = read_prompt(prompt).participant("", first.model, prompt, "annotator")
    speakers = tuple(entry.name for entry in log.logs)
    labels = [entry.text for entry in log.logs]
    return _contents(_Read(*_file(source), annotator, labels, speakers=speakers), options)


def _file(source: SourceFile) -> tuple[str, Path, dict[str, Any]]:
    """Return all of a file that is kept until the discussions are there."""
    meta = {key: value for key, value in source.document.items() if key not in _PLACED}
    return source.name, source.path, meta


def _contents(log: _Read, options: ReadOptions) -> FileContents:
    wholes = [scale.name for scale in options.scales if scale.unit != "comment"]
    if wholes:
        raise RecordError(
            f"{log.where}, whose labels are of comments. Leave out the scales {listed(tuple(wholes), 5)}."
        )
    if not log.labels:
        raise RecordError(f"{log.where} without entries.")

    def join(discussions: FoundDiscussions) -> list[AnnotationSet]:
        return [log.joined(log.discussion(discussions), options.scales)]

    return FileContents(labels=[LooseLabels(join)])


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    return _read_pairs(source, options) if kind_of_log(source) is AnnotationLog else _read_named(source, options)


register(
    ForeignFormat(
        "a SynDisco annotation log",
        lambda source: kind_of_log(source) in (AnnotationLog, NamedAnnotationLog),
        _read,
        ("scales",),
    )
)
