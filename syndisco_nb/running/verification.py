"""Verify the folder of a run, and compare a record with one made anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.jobs.reenactment import place_of
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.records.unit_names import discussion_index, discussion_name
from syndisco_nb.running.annotation_problems import LabelledDiscussions
from syndisco_nb.running.head_problems import head_problems
from syndisco_nb.running.problems import journal_problems, record_problems
from syndisco_nb.runs.batch_job import batch_problems
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.failures import read_failures
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.head import RunHead, digest, head_is_intact, read_head
from syndisco_nb.runs.journal import read_lines
from syndisco_nb.runs.layout import HEAD_FILE, OWN_FILES, RECORD_TYPES
from syndisco_nb.runs.order_of_work import read_order
from syndisco_nb.runs.reading import journal_files, lines_of, record_files, unit_files
from syndisco_nb.runs.serialization import from_json
from syndisco_nb.shown import Shown
from syndisco_nb.wording import more

_LISTED = 20  # missing discussions that are named


@dataclass(frozen=True, slots=True, repr=False)
class Verification(Shown):
    """Result of a check of a run folder: true if nothing is wrong.

    Attributes
    ----------
    folder : Path
    checked : int
        Number of finished units that were checked.
    problems : tuple of str
        All faults, each with its file.
    """

    folder: Path
    checked: int
    problems: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.problems

    def __repr__(self) -> str:
        count = len(self.problems)
        others = f" (and {more(count - 1)})" if count > 1 else ""
        found = f"{' '.join(self.problems[0].split())}{others}" if count else "no problems found"
        return f"<Verification of {str(self.folder)!r}, {self.checked} checked: {found}>"

    def __str__(self) -> str:
        return "\n".join(self.problems) or repr(self)


@dataclass(frozen=True, slots=True, repr=False)
class Replay(Shown):
    """Result of comparing a record with one made anew: true if they are equal.

    Attributes
    ----------
    unit : str
        Name of the unit.
    difference : str
        The first turn, or label, that differs, and its difference; "" if none does.
    """

    unit: str
    difference: str

    def __bool__(self) -> bool:
        return not self.difference

    def __repr__(self) -> str:
        found = f"{self.unit}: {self.difference or 'equal'}"
        return f"<Replay of {' '.join(found.split())}>"


def compare_replay(unit: str, old: Transcript | AnnotationSet, new: Transcript | AnnotationSet) -> Replay:
    """Compare a record with one made anew, leaving out tokens and seconds."""
    for before, after in zip_longest(lines_of(old), lines_of(new)):
        if isinstance(before, Message) and before.role == "guest" and before != after:
            return Replay(unit, f"{place_of(before)} was said by a person; everything after it may differ")
        if before is None or after is None:
            extra, fault = (after, "missing") if before is None else (before, "too much")
            return Replay(unit, f"{place_of(extra)} is {fault}")
        was, now = _content(before), _content(after)
        for name in was:
            if was[name] != now.get(name):
                return Replay(unit, f"{place_of(before)} differs: {name}: {was[name]!r} → {now.get(name)!r}")
    differs = old.settings != new.settings
    return Replay(unit, f"settings: {old.settings!r} → {new.settings!r}" if differs else "")


def verify(folder: Path) -> Verification:
    """Check every file of a run folder against the spec, against its digest and against the others."""
    try:
        data = read_bounded(folder / HEAD_FILE)
        head = read_head(folder)
        files = unit_files(folder)
    except OSError as error:
        return Verification(folder, 0, (f"{folder} has no run.json that can be read: {error.strerror}.",))
    except RecordError as error:
        return Verification(folder, 0, (str(error),))
    problems = [] if head_is_intact(data, "run.json") else ["run.json: it has been changed since it was written."]
    problems += [f"{name}: {problem}" for name in OWN_FILES for problem in _linked(folder / name)]
    problems += head_problems(head)
    sources = LabelledDiscussions(folder, head)
    problems += sources.problems
    records: dict[str, Transcript | AnnotationSet] = {}
    for file in files:
        try:
            content = read_bounded(file)
            record: Transcript | AnnotationSet = from_json(RECORD_TYPES[head.kind], content, str(file))
        except OSError as error:
            problems.append(f"{file.name}: it cannot be read: {error.strerror}.")
            continue
        except RecordError as error:
            problems.append(f"{file.name}: {error}")
            continue
        records[file.stem] = record
        faults = [
            *_linked(file),
            *_changed(head, file.stem, content),
            *record_problems(head, file.stem, record, sources),
        ]
        problems += [f"{file.name}: {problem}" for problem in faults]
    problems += _doubled(records)
    problems += _other_texts(records)
    problems += _missing(head, folder, {file.stem for file in files})
    problems += sources.unlabelled(set(records))
    problems += _journals(head, folder, records, sources)
    problems += _order(folder)
    problems += batch_problems(folder)
    return Verification(folder, len(records), tuple(problems))


def verify_conditions(runs: ConditionRuns[Any]) -> Verification:
    """Check the run folders of a study and of its labels; each problem begins with the place of the folder."""
    folders = [run.folder for part in (runs, runs.labels) if part is not None for run in part.values()]
    found = {folder: verify(folder) for folder in folders}
    problems = [
        f"{folder.relative_to(runs.folder)}/{problem}" for folder, one in found.items() for problem in one.problems
    ]
    return Verification(runs.folder, sum(one.checked for one in found.values()), tuple(problems))


def _linked(file: Path) -> Iterator[str]:
    """Report a link: another program may change its target."""
    if file.is_symlink():
        yield "it is a link, not a file of the run's own."


def _changed(head: RunHead, unit: str, data: bytes) -> Iterator[str]:
    """Report a file that the run did not write, or that was changed since; after a kill, a digest may be missing."""
    written = head.digests.get(unit)
    if written is None and head.digests and head.status == "finished":
        yield "the run has not written it."
    if written is not None and written != digest(data):
        yield "it has been changed since it was written."


def _doubled(records: Mapping[str, Transcript | AnnotationSet]) -> Iterator[str]:
    """Report discussions of which there is a copy."""
    first: dict[str, str] = {}
    for unit, record in records.items():
        if isinstance(record, Transcript) and first.setdefault(record.id, unit) != unit:
            yield f"{unit}.json: it has the id of {first[record.id]}.json."


def _other_texts(records: Mapping[str, Transcript | AnnotationSet]) -> Iterator[str]:
    """Report annotators that labelled other comments than the first one did."""
    first: dict[str, Any] = {}
    for unit, record in records.items():
        if isinstance(record, AnnotationSet):
            texts = (
                record.discussion_id,
                {(label.unit, label.comment, label.name, label.text) for label in record.labels},
            )
            if first.setdefault(record.discussion, texts) != texts:
                yield f"{unit}.json: it is about other comments than those of another annotator."


def _missing(head: RunHead, folder: Path, units: set[str]) -> Iterator[str]:
    """Report files that are missing without a reason, and files that do not belong to the run."""
    for file in record_files(folder)[0]:
        if file.stem not in units:
            yield f"{file.name}: it does not belong to the run."
    yield from (f"{unit}.json is gone, though it was finished." for unit in sorted(set(head.digests) - units))
    try:
        failed = {failure.unit for failure in read_failures(folder)}
    except RecordError as error:
        yield str(error)
        failed = set()
    if head.kind == "discussions":
        others = {unit for unit in units if not _is_expected(unit, head.total)}
        yield from (f"{unit}.json: the run has only {head.total} discussions." for unit in sorted(others))
        if head.status in ("finished", "partial"):
            excused = {unit for unit in failed if _is_expected(unit, head.total)} if head.status == "partial" else set()
            yield from _missing_discussions(head, units - others | excused)
    elif head.status == "finished" and len(units) != head.total:
        yield f"{len(units)} annotation sets are there, though {head.total} were finished."


def _is_expected(unit: str, total: int) -> bool:
    """Return whether a name is that of one of the discussions."""
    index = discussion_index(unit)
    return index is not None and index < total


def _missing_discussions(head: RunHead, known: set[str]) -> Iterator[str]:
    """Report missing discussions: the first by name, the rest as a number, since a broken total may be huge."""
    names = (discussion_name(index) for index in range(head.total))
    for unit in islice((unit for unit in names if unit not in known), _LISTED):
        yield f"{unit}.json is missing, though the run is {head.status}."
    if left := more(head.total - len(known) - _LISTED):
        yield f"run.json: {left} of its {head.total:,} discussions are missing."


def _journals(
    head: RunHead, folder: Path, records: Mapping[str, Transcript | AnnotationSet], sources: LabelledDiscussions
) -> Iterator[str]:
    for path in journal_files(folder):
        kind: type[Any] = Message if head.kind == "discussions" else Label
        try:
            lines, _, reason = read_lines(kind, read_bounded(path), path.name)
        except OSError as error:
            lines, reason = [], f"{path.name} cannot be read: {error.strerror}."
        yield from (f"journal/{path.name}: {problem}" for problem in _linked(path))
        if reason:
            yield f"journal/{reason}"
        record = records.get(path.stem)
        if record is not None and any(line not in lines_of(record) for line in lines):
            yield f"journal/{path.name}: it differs from {path.stem}.json."
        if record is None:
            problems = journal_problems(head, path.stem, lines, sources)
            yield from (f"journal/{path.name}: {problem}" for problem in problems)


def _order(folder: Path) -> Iterator[str]:
    try:
        read_order(folder)
    except RecordError as error:
        yield str(error)


def _content(item: Message | Label) -> dict[str, Any]:
    """Return the fields that must be equal in two draws from one seed, in the order in which they are made."""
    generation = item.generation
    request = {"seed": generation.seed, "prompt": generation.prompt} if generation else {}
    if isinstance(item, Message):
        return {"name": item.name, "role": item.role, "turn": item.turn, **request, "text": item.text}
    return {"about": str(item.key), "scale": item.scale, **request, "value": item.value}
