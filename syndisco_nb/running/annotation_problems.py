"""Checks of an annotation on record: whether it follows from the spec of its run, its scales and its discussion."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from syndisco_nb import doors
from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import RecordError
from syndisco_nb.jobs.recorded_actors import Playback
from syndisco_nb.jobs.reenactment import label_deviations, place_of, recorded_annotation, sampled_comments
from syndisco_nb.records import AnnotationSet, Label, LabelKey, Transcript, Unit, Value
from syndisco_nb.records.unit_names import annotation_name, annotation_parts
from syndisco_nb.running.head_problems import spec_difference, spec_form
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.files import path_from
from syndisco_nb.runs.head import RunHead
from syndisco_nb.runs.layout import HEAD_FILE, STUDY_FILE, discussion_path
from syndisco_nb.runs.reading import record_files
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.seeds import annotation_seed, label_seed
from syndisco_nb.wording import label_text

_ROUNDING = 1e-3  # tolerance for the sum of probabilities


class LabelledDiscussions:
    """The discussions behind a run of annotations, if their place is known; each is read once.

    Attributes
    ----------
    problems : list of str
        Reasons why they cannot be read.
    """

    def __init__(self, folder: Path, head: RunHead) -> None:
        path = head.spec.get("discussions")
        self._head = head
        self._folder = path_from(path, folder) if head.kind == "annotations" and isinstance(path, str) else None
        self._read: dict[str, Transcript | None] = {}
        self.problems: list[str] = []
        if head.kind == "annotations" and not path:
            self.problems.append("run.json: it does not say which discussions are labelled.")
        if self._folder and not self._folder.exists():
            self.problems.append(f"its discussions are not there any more, in {self._folder}.")
            self._folder = None

    @property
    def known(self) -> bool:
        """True if their folder, or file, exists."""
        return self._folder is not None

    def get(self, name: str) -> Transcript | None:
        """Return the discussion of this name; None if it is missing or broken."""
        if self._folder is None:
            return None
        if self._elsewhere is not None:
            return self._elsewhere.get(name)
        if name not in self._read:
            try:
                self._read[name] = read_record(Transcript, discussion_path(self._folder, name))
            except RecordError:
                self._read[name] = None
        return self._read[name]

    @cached_property
    def _elsewhere(self) -> dict[str, Transcript] | None:
        """The discussions that no run of this package made, by name; None if one did."""
        if self._folder is None or any((self._folder / name).exists() for name in (HEAD_FILE, STUDY_FILE)):
            return None
        try:
            found = doors.load(self._folder)
        except RecordError:
            return {}
        return {transcript.name: transcript for transcript in found} if isinstance(found, Corpus) else {}

    def unlabelled(self, units: set[str]) -> Iterator[str]:
        """Report discussions that are not labelled, though the run is finished."""
        annotators = self._head.spec.get("annotators")
        if self._folder is None or self._head.status != "finished" or not isinstance(annotators, list):
            return
        for name in self._names(self._folder):
            expected = {annotation_name(name, number) for number in range(len(annotators))}
            if expected - units and self.get(name) is not None:
                yield f"{name} has been added since to {self._folder}, or has lost labels."

    def _names(self, folder: Path) -> list[str]:
        """Return the names of the discussions that are to be labelled."""
        sample = self._head.spec.get("sample")
        if isinstance(sample, Mapping):
            return sorted(sample["discussions"])
        if self._elsewhere is not None:
            return list(self._elsewhere)
        if not (folder / STUDY_FILE).exists():
            return [file.stem for file in record_files(folder)[0]]
        runs = sorted(path.parent for path in folder.glob(f"*/{HEAD_FILE}"))
        return [f"{run.name}.{file.stem}" for run in runs for file in record_files(run)[0]]


def annotation_problems(head: RunHead, unit: str, annotations: AnnotationSet) -> Iterator[str]:
    """Report deviations of an annotation set from the spec of its run.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the record's file, without ending.
    annotations : AnnotationSet
    """
    parts = annotation_parts(unit)
    if parts is None:
        yield "it is not named like an annotation."
        return
    discussion, number = parts
    annotators = head.spec.get("annotators")
    annotator = dict(enumerate(annotators if isinstance(annotators, list) else ())).get(number)
    yield from spec_difference("discussion", annotations.discussion, discussion)
    yield from spec_difference("index", annotations.index, number)
    yield from spec_difference("seed", annotations.seed, annotation_seed(head.seed, discussion, number))
    yield from spec_difference("annotator", spec_form(annotations.annotator), spec_form(annotator))
    for name in ("window", "window_counts", "scales"):
        yield from spec_difference(name, annotations.settings.get(name), head.spec.get(name))
    yield from spec_difference(
        "comments", annotations.settings.get("comments"), sampled_comments(head.spec, discussion)
    )
    recorded = head.spec.get("scales")
    listed = [scale for scale in recorded if isinstance(scale, dict)] if isinstance(recorded, list) else []
    scales = {scale.get("name"): scale for scale in listed}
    asked = {name: scale.get("unit", COMMENT) for name, scale in scales.items()} or {"": COMMENT}
    keys = [label.key for label in annotations.labels]
    subjects = dict.fromkeys(key[:2] for key in keys)
    units = get_args(Unit)
    ordered = sorted(subjects, key=lambda one: (units.index(one[0]), one[1] if one[0] == COMMENT else 0))
    expected = [LabelKey(unit, place, str(name)) for unit, place in ordered for name in asked if asked[name] == unit]
    there, known = set(keys), set(expected)
    if len(there) != len(keys):
        yield "two labels are of one scale and about the same."
    if missing := [key for key in expected if key not in there]:
        yield f"labels are missing, the first for {missing[0]}."
    yield from (f"the label of {key} is of a scale that was not asked." for key in keys if key not in known)
    if [key for key in dict.fromkeys(keys) if key in known] != [key for key in expected if key in there]:
        yield "its labels are not in order."
    for label in annotations.labels:
        if annotations.seed is None or label.generation.seed != label_seed(annotations.seed, *label.key):
            yield f"{place_of(label)} was drawn with another seed than the run's."
        yield from _label_problems(label, scales.get(label.scale, {}))


def replayed_annotation_problems(head: RunHead, record: AnnotationSet, sources: LabelledDiscussions) -> Iterator[str]:
    """Label a discussion again with the answers on record; report differences.

    Parameters
    ----------
    head : RunHead
    record : AnnotationSet
    sources : LabelledDiscussions

    Raises
    ------
    Exception
        Of any kind, if the spec makes no such annotation.
    """
    source = sources.get(record.discussion)
    if source is None:
        if sources.known:
            yield f"its discussion, {record.discussion}, is gone, or broken."
        return
    yield from spec_difference("discussion_id", record.discussion_id, source.id)
    playback = Playback(head.spec, record.labels)
    job = recorded_annotation(head.spec, head.seed, record.discussion, record.index, source, playback)
    if job:
        yield from label_deviations(job, playback, whole=True)


def is_allowed(value: Value | None, scale: Mapping[str, Any]) -> bool:
    """Return whether a scale allows a value; None, for no label, always.

    Parameters
    ----------
    value : bool, int, str or None
        `Label.value`.
    scale : mapping
        The settings of the scale, as recorded.
    """
    allowed = scale.get("labels") or ()
    right_type = isinstance(value, bool) == (Scale.recorded_kind(scale).value_type is bool)
    return not allowed or value is None or (label_text(value) in allowed and right_type)


def _label_problems(label: Label, scale: Mapping[str, Any]) -> Iterator[str]:
    """Report a label, or probabilities, that its scale does not allow."""
    allowed = scale.get("labels") or ()
    value = label_text(label.value)
    if not is_allowed(label.value, scale):
        yield f"{place_of(label)} has the label {label.value!r}, but its scale allows {', '.join(map(str, allowed))}."
    probabilities = label.probabilities or {}
    is_sum_right = abs(sum(probabilities.values()) - 1) <= _ROUNDING
    if label.probabilities is not None and not (set(probabilities) == set(allowed) and is_sum_right):
        yield f"{place_of(label)} has probabilities that are not those of its scale, or do not add up to 1."
    elif probabilities and probabilities.get(value, 0) < max(probabilities.values()) - _ROUNDING:
        yield f"{place_of(label)} is {value!r}, which is not the likeliest."
