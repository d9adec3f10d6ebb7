"""Calls from lower rooms to higher ones (display, widgets, analysis, verification): the only upward imports.

Everything else imports downwards, which `make check` enforces. But a record that shows itself needs the display above
it, and a run that verifies itself needs the rules of jobs. Such calls go through a function here, which imports its
target when it is called: typed, found by "find usages", free at import.

Annotations import the types of higher rooms from here, too: ``if TYPE_CHECKING: from syndisco_nb.doors import Viewer``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import pandas as pd

    from syndisco_nb.analysis.agreement import Agreement as Agreement
    from syndisco_nb.analysis.agreement import Level as Level
    from syndisco_nb.analysis.checks.check_table import Checks as Checks
    from syndisco_nb.analysis.contrasts.contrast import Contrast as Contrast
    from syndisco_nb.analysis.contrasts.power_plan import Plan as Plan
    from syndisco_nb.analysis.counted import CountedComments
    from syndisco_nb.analysis.counted import LeftOut as LeftOut
    from syndisco_nb.analysis.figures.figure_axes import FigureAxes as FigureAxes
    from syndisco_nb.analysis.report import Report as Report
    from syndisco_nb.analysis.validation.held_out import Part as Part
    from syndisco_nb.analysis.validation.validation import Validation as Validation
    from syndisco_nb.backend.model.human import HumanModel
    from syndisco_nb.backend.persona import People
    from syndisco_nb.backend.scale import Scale as Scale
    from syndisco_nb.builder.study import Study
    from syndisco_nb.experiments.comment_sample import CommentSample as CommentSample
    from syndisco_nb.experiments.labelling import Labelling
    from syndisco_nb.experiments.labelling_sources import OtherLabels
    from syndisco_nb.formats.chat.chat_writing import ChatForm as ChatForm
    from syndisco_nb.formats.syndisco.syndisco_writing import SynDiscoVersion as SynDiscoVersion
    from syndisco_nb.records import AnnotationSet as AnnotationSet
    from syndisco_nb.records import Message
    from syndisco_nb.records import Transcript as Transcript
    from syndisco_nb.running.opened_run import OpenedRun as OpenedRun
    from syndisco_nb.running.verification import Replay as Replay
    from syndisco_nb.running.verification import Verification as Verification
    from syndisco_nb.runs.condition_runs import ConditionRuns as ConditionRuns
    from syndisco_nb.runs.corpus import Corpus
    from syndisco_nb.runs.layout import PathLike as PathLike
    from syndisco_nb.runs.run import Run
    from syndisco_nb.widgets.human.labeller import Labeller as Labeller
    from syndisco_nb.widgets.human.seat import Seat as Seat
    from syndisco_nb.widgets.live import Live as Live
    from syndisco_nb.widgets.viewer.viewer import Viewer as Viewer


def people_of(data: Any, **reading: Any) -> People:
    """Return the people in a table, read as by `load_personas`."""
    from syndisco_nb.backend.persona_files import load_personas

    return load_personas(data, **reading)


def bundle(thing: object) -> dict[str, str]:
    """Return the representations of an object that a notebook can show, by MIME type."""
    from syndisco_nb import display

    return display.bundle(thing)


def write_html(thing: object, path: PathLike) -> Path:
    """Write an object's page to a self-contained HTML file; return its path."""
    from syndisco_nb import display

    return display.save(thing, path, "html")


def to_markdown(thing: object) -> str:
    """Return an object's page as Markdown."""
    from syndisco_nb import display

    return display.export(thing, "markdown")


def viewer(source: Any, labels: Any = None) -> Viewer:
    """Return a viewer of all messages of a transcript, run or study."""
    from syndisco_nb.widgets.viewer.viewer import Viewer

    return Viewer(source, labels)


def live(folder: PathLike, job: Callable[[], Coroutine[Any, Any, Any]]) -> Live:
    """Start a job that writes to a run folder; return its live view at once."""
    from syndisco_nb.widgets.live import Live

    return Live(folder, job)


def seat(model: HumanModel) -> Seat:
    """Return the widget in which a person speaks for a model."""
    from syndisco_nb.widgets.human.seat import Seat

    return Seat(model)


def labeller(labelling: Labelling, others: OtherLabels | None = None) -> Labeller:
    """Return the widget in which a person labels comments."""
    from syndisco_nb.widgets.human.labeller import Labeller

    return Labeller(labelling, others)


def open_study(folder: Path) -> Study:
    """Return the study in a folder."""
    from syndisco_nb.builder.study import Study

    return Study(folder)


def load(path: PathLike) -> Run[Any] | ConditionRuns[Any] | Corpus:
    """Open whatever lies at a path; see `syndisco_nb.load`."""
    from syndisco_nb.formats.load_files import load

    return load(path)


def save_corpus(corpus: Corpus, folder: PathLike) -> Path:
    """Write a corpus as files of this package; see `Corpus.save`."""
    from syndisco_nb.formats.own.own_writing import save_corpus

    return save_corpus(corpus, folder)


def write_convokit(source: Any, folder: PathLike) -> Path:
    """Write a ConvoKit corpus; see `Exchanged.to_convokit`."""
    from syndisco_nb.formats.convokit.convokit_writing import write_convokit

    return write_convokit(source, folder)


def write_inspect(source: Any, path: PathLike) -> Path:
    """Write a log of Inspect; see `Exchanged.to_inspect`."""
    from syndisco_nb.formats.inspect.inspect_writing import write_inspect

    return write_inspect(source, path)


def write_chat(source: Any, path: PathLike, form: ChatForm, speaker: str | None) -> Path:
    """Write discussions as a chat file; see `Exchanged.to_chat`."""
    from syndisco_nb.formats.chat.chat_writing import write_chat

    return write_chat(source, path, form, speaker)


def write_qdpx(source: Any, path: PathLike) -> Path:
    """Write a project for QDA programs; see `Exchanged.to_qdpx`."""
    from syndisco_nb.formats.qdpx.qdpx_writing import write_qdpx

    return write_qdpx(source, path)


def write_syndisco(source: Any, folder: PathLike, version: SynDiscoVersion) -> Path:
    """Write discussions and labels as SynDisco's logs; see `Exchanged.to_syndisco`."""
    from syndisco_nb.formats.syndisco.syndisco_writing import write_syndisco

    return write_syndisco(source, folder, version)


def write_label_studio(source: Any, folder: PathLike, scales: Scale | Sequence[Scale] | None, labels: bool) -> Path:
    """Write tasks for Label Studio; see `Exchanged.to_label_studio`."""
    from syndisco_nb.formats.label_studio.label_studio_writing import write_label_studio

    return write_label_studio(source, folder, scales, labels)


def write_r(source: Any, folder: PathLike) -> Path:
    """Write tables and a script for R; see `Exchanged.to_r`."""
    from syndisco_nb.formats.r.r_writing import write_r

    return write_r(source, folder)


def to_dataframe(source: Any, what: str | None, wide: bool, roles: Any) -> pd.DataFrame:
    """Return a table of records; see `Tabulated.to_dataframe`."""
    from syndisco_nb.analysis.frames.dataframes import to_dataframe

    return to_dataframe(source, what, wide, roles)


def measures(source: Any, *own: Callable[[Transcript], Any], roles: Any) -> pd.DataFrame:
    """Return all measures of some discussions; see `Analysed.measures`."""
    from syndisco_nb.analysis.measures.measure_table import measures

    return measures(source, *own, roles=roles)


def counted_comments(transcripts: Iterable[Transcript], roles: Any) -> CountedComments:
    """Return the comments that count; see `Tabulated.to_dataframe` for the roles."""
    from syndisco_nb.analysis.counted import counted_comments

    return counted_comments(transcripts, roles)


def sample_comments(source: Any, per_condition: int, seed: int, roles: Any) -> CommentSample:
    """Draw comments at random for labelling; see `syndisco_nb.sample_comments`."""
    from syndisco_nb.experiments.comment_sample import sample_comments

    return sample_comments(source, per_condition, seed, roles)


def contrast(source: Any, *args: Any, **settings: Any) -> Contrast:
    """Compare conditions by a measure; see `Analysed.contrast`."""
    from syndisco_nb.analysis.contrasts.contrasting import contrast

    return contrast(source, *args, **settings)


def plan(source: Any, *args: Any, **settings: Any) -> Plan:
    """Find the number of discussions that a difference needs; see `Analysed.plan`."""
    from syndisco_nb.analysis.contrasts.planning import plan

    return plan(source, *args, **settings)


def save_descriptive_table(source: Any, path: PathLike, roles: Any) -> Path:
    """Write the table of discussions by condition; see `Analysed.table`."""
    from syndisco_nb.analysis.descriptive_table import save_descriptive_table

    return save_descriptive_table(source, path, roles)


def plot(source: Any, *args: Any, **settings: Any) -> FigureAxes:
    """Draw a figure; see `Analysed.plot`."""
    from syndisco_nb.analysis.plotting import plot

    return plot(source, *args, **settings)


def report(source: Any, path: PathLike | None, **settings: Any) -> Report:
    """Put everything on one page; see `Analysed.report`."""
    from syndisco_nb.analysis.report import report

    return report(source, path, **settings)


def agreement(*annotations: Any, **options: Any) -> Agreement:
    """Return the agreement between annotators; see `syndisco_nb.agreement`."""
    from syndisco_nb.analysis.agreement import agreement

    return agreement(*annotations, **options)


def checks(source: Any) -> Checks:
    """Return the checks of records; see `Analysed.checks`."""
    from syndisco_nb.analysis.checks.all_checks import checks

    return checks(source)


def validate(labels: Any, gold: Any, **settings: Any) -> Validation:
    """Compare labels with people's; see `Analysed.validate`."""
    from syndisco_nb.analysis.validation.validating import validate

    return validate(labels, gold, **settings)


def unfinished_transcript(spec: Mapping[str, Any], seed: int, index: int, messages: Sequence[Message]) -> Transcript:
    """Return a discussion of a run as far as its journal keeps it; see `Run.unfinished`."""
    from syndisco_nb.jobs.unfinished_discussion import unfinished_transcript

    return unfinished_transcript(spec, seed, index, messages)


async def run_all(opening: Iterable[AbstractContextManager[OpenedRun]], title: str = "") -> None:
    """Work on runs together; see `syndisco_nb.running.scheduler`."""
    from syndisco_nb.running.scheduler import run_all

    await run_all(opening, title)


def verify(run: Run[Any]) -> Verification:
    """Check a run folder against the settings of its run; see `Run.verify`."""
    from syndisco_nb.running.verification import verify

    return verify(run.folder)


def verify_conditions(runs: ConditionRuns[Any]) -> Verification:
    """Check the run folders of a study; see `ConditionRuns.verify`."""
    from syndisco_nb.running.verification import verify_conditions

    return verify_conditions(runs)


def compare_replay(unit: str, record: Transcript | AnnotationSet, remade: Transcript | AnnotationSet) -> Replay:
    """Compare a record with one that was made anew."""
    from syndisco_nb.running.verification import compare_replay

    return compare_replay(unit, record, remade)
