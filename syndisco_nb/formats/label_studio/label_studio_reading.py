"""Read labels that people gave in Label Studio, from its JSON and JSON-MIN exports."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.scale.recorded_scale import recorded_scale
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.coded_labels import CodedAnswer, coded_set, scale_from_labels
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, LooseLabels, ReadOptions, register
from syndisco_nb.formats.found_discussions import FoundDiscussions, warn_of_absent
from syndisco_nb.formats.label_studio.label_studio_task import LabelStudioData, LabelStudioItem, LabelStudioTask
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import HUMAN, AnnotationSet, Participant, Transcript
from syndisco_nb.wording import listed, shortened

_OWN = ("discussion_id", "unit", "place")  # in the data of a task, they tell the subject of its labels
_OTHER = {
    *("discussion", "scales", "name", "text", "dialogue"),
    *("id", "annotator", "annotation_id", "comment", "agreement", "created_at", "updated_at", "lead_time"),
}
"""Columns of JSON-MIN that are no labels."""


@dataclass(frozen=True, slots=True)
class LabelledTask:
    """All answers of one annotator to a task.

    Attributes
    ----------
    data : LabelStudioData
    annotator : Participant
    items : sequence of LabelStudioItem
    """

    data: LabelStudioData
    annotator: Participant
    items: Sequence[LabelStudioItem]


def _tasks(file: SourceFile) -> list[Any]:
    return file.document if isinstance(file.document, list) else [file.document]


def is_label_studio(file: SourceFile) -> bool:
    """Return whether a file holds tasks of Label Studio, with their results or of ours; or JSON-MIN of ours."""
    first = next(iter(_tasks(file)), None)
    if not isinstance(first, dict):
        return False
    data = first.get("data")
    if isinstance(data, dict):
        return "annotations" in first or "predictions" in first or all(name in data for name in _OWN)
    return all(name in first for name in (*_OWN, "annotation_id"))


def _read(file: SourceFile, options: ReadOptions) -> FileContents:
    tasks = _tasks(file)
    try:
        if isinstance(tasks[0].get("data"), dict):
            labelled = [one for task in tasks for one in _of_task(LabelStudioTask.model_validate(task))]
        else:
            labelled = [_of_flat(task) for task in tasks]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordError(
            f"{file.name} is of Label Studio, but its tasks are not those of to_label_studio: {where}: {first['msg']}. "
            "Their data must have discussion_id, unit and place, as written there."
        ) from None
    if not any(one.items for one in labelled):
        raise RecordError(f"{file.name} has tasks of Label Studio, but no labels yet.")
    scales = _scales(file.name, labelled, options.scales)

    def join(found: FoundDiscussions) -> list[AnnotationSet]:
        return list(_sets(file.name, labelled, scales, found))

    return FileContents(labels=[LooseLabels(join)])


def _of_task(task: LabelStudioTask) -> Iterator[LabelledTask]:
    data = LabelStudioData.model_validate(task.data)
    for given in task.annotations:
        if not given.was_cancelled:
            yield LabelledTask(data, Participant(given.person, "annotator", HUMAN), given.result)
    for given in task.predictions:
        name = given.model_version or ""
        yield LabelledTask(data, Participant(name, "annotator", given.model or name), given.result)


def _of_flat(task: dict[str, Any]) -> LabelledTask:
    """Return a task of JSON-MIN, in which every answer is a column."""
    data = LabelStudioData.model_validate(task)
    items = []
    for name, value in task.items():
        if name not in (*_OWN, *_OTHER):
            texts = value.get("choices", value) if isinstance(value, dict) else value
            items.append(LabelStudioItem(from_name=name, type="textarea", value={"text": texts}))
    person = LabelStudioTask.model_validate({"data": {}, "annotations": [{"completed_by": task.get("annotator")}]})
    name = person.annotations[0].person
    return LabelledTask(data, Participant(name, "annotator", HUMAN), items)


def _scales(file: str, labelled: Sequence[LabelledTask], given: Sequence[Scale]) -> dict[str, Scale]:
    """Return the scales by name: those given, those in the tasks, and else such that have the labels that are there."""
    scales: dict[str, Scale] = {}
    for task in labelled:
        for settings in task.data.scales:
            if settings.name not in scales:
                try:
                    scales[settings.name] = recorded_scale(settings.model_dump())
                except ValueError as error:
                    raise RecordError(f"{file} holds a scale that is none: {error}") from None
    texts: dict[str, dict[str, None]] = {}
    free: set[str] = set()
    for task in labelled:
        for item in task.items:
            if item.from_name and item.from_name not in scales:
                texts.setdefault(item.from_name, {}).update(dict.fromkeys(item.texts()))
                free |= {item.from_name} if item.type == "textarea" else set()
    scales |= {name: scale_from_labels(name, () if name in free else sorted(found)) for name, found in texts.items()}
    return scales | {scale.name: scale for scale in given}


def _sets(
    file: str, labelled: Sequence[LabelledTask], scales: dict[str, Scale], found: FoundDiscussions
) -> Iterator[AnnotationSet]:
    """Yield the labels of each annotator and discussion; of several results for one task, the last counts."""
    numbers = {one: number for number, one in enumerate(dict.fromkeys(task.annotator for task in labelled))}
    by_set: dict[tuple[str, str, int], dict[tuple[Any, ...], LabelledTask]] = {}
    for task in labelled:
        place = (task.data.discussion_id, task.data.discussion, numbers[task.annotator])
        by_set.setdefault(place, {})[task.data.key("")] = task
    missing: list[str] = []
    for (ident, name, number), tasks in by_set.items():
        talks = found.with_id(ident) or found.named(name)
        if not talks:
            missing.append(name or ident)
            continue
        _check_texts(file, talks[0], tasks.values())
        answers = [
            CodedAnswer(task.data.key(item.from_name), text)
            for task in tasks.values()
            for item in task.items
            if item.from_name
            for text in item.texts()
        ]
        annotator = next(iter(tasks.values())).annotator
        yield coded_set(talks[0], annotator, number, answers, scales)
    if len(missing) == len(by_set):
        raise RecordError(
            f"{file} holds labels, but none of its discussions is here: {listed(list(dict.fromkeys(missing)))}. Give "
            "the run or study for which the tasks were written."
        )
    warn_of_absent(file, missing)


def _check_texts(file: str, talk: Transcript, tasks: Iterable[LabelledTask]) -> None:
    """Raise `RecordError` if the comment that somebody labelled is now another, but for white space."""
    said = {comment.index: comment.text for comment in talk.comments}
    for data in (task.data for task in tasks if task.data.unit == "comment"):
        now = said.get(data.place) if isinstance(data.place, int) else None
        if now is not None and isinstance(data.text, str) and data.text.split() != now.split():
            raise RecordError(
                f"{file} cannot be joined: comment {data.place} of {talk.name} was labelled as "
                f"{shortened(data.text)!r}, but is {shortened(now)!r}. Give the discussions for which the tasks were "
                "written."
            )


register(ForeignFormat("tasks of Label Studio", is_label_studio, _read, ("scales",)))
