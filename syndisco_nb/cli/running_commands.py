"""Commands that ask models: `run`, `retry`, `annotate`. They stop in order at a signal, and say how to go on."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb.cli.exit_codes import ExitCode, code_of_status
from syndisco_nb.cli.stop_signals import stopping_in_order
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, require
from syndisco_nb.wording import count

if TYPE_CHECKING:
    from syndisco_nb.builder import ExperimentBuilder, Study
    from syndisco_nb.builder.design import Design

RUNS = Path("runs")
"""The folder of the run folders, where none is given."""


def run(
    design: Path,
    /,
    *,
    out: Path | None = None,
    fresh: bool = False,
    trust: tuple[str, ...] = (),
    dask: str | None = None,
    annotate: bool = False,
) -> ExitCode:
    """Hold the discussions of a study. Run it again to continue after an interrupt.

    Finished turns are kept, and never asked for again. Ctrl-C and SIGTERM stop in order, a second one at once.

    Parameters
    ----------
    design : Path
        The design: a YAML or JSON file that a builder saved, or the folder of a study that was begun.
    out : Path
        The study's folder, created if missing; by default runs/NAME, or the folder that was given.
    fresh : bool
        Start anew. A study that is in the folder is moved aside.
    trust : tuple of str
        Allow the design one thing more: code, paths, or server:HOST. Repeat for several.
    dask : str
        The address of a Dask scheduler, in whose workers the local models are to answer.
    annotate : bool
        Then have the comments labelled, by the design's annotators.
    """
    from syndisco_nb.runs.layout import ANNOTATIONS

    builder = _loaded(design, trust)
    _refuse_people(builder.design, design)
    require(
        builder.design.annotators or not annotate,
        f"{design} has no annotators. Leave --annotate out, or add annotators and scales to the design.",
    )
    if dask:
        from syndisco_nb.builder.cluster_models import put_on_cluster

        put_on_cluster(builder.design, builder.models, dask)
    folder = out or (design if design.is_dir() else RUNS / design.stem)
    _announce(builder, folder)
    with stopping_in_order():
        with _progress(folder):
            study = builder.run(folder, fresh=fresh)
        if annotate and study.status not in ("interrupted", "paused"):
            with _progress(folder / ANNOTATIONS):
                study.annotate()
    return _told(folder, labels_count=annotate)


def retry(folder: Path, /, *, trust: tuple[str, ...] = ()) -> ExitCode:
    """Work once more on what failed in a study: discussions, then labels.

    Parameters
    ----------
    folder : Path
        The study's folder.
    trust : tuple of str
        Allow the design one thing more: code, paths, or server:HOST. Repeat for several.
    """
    study = _opened(folder, trust)
    with stopping_in_order(), _progress(folder):
        study.retry()
        if labels := study.labels:
            labels.retry()
    return _told(folder)


def annotate(folder: Path, /, *, trust: tuple[str, ...] = ()) -> ExitCode:
    """Have every comment of a study labelled by the design's annotators. Run it again to continue.

    For more annotators or scales, add them to the design, and give it to run with --annotate.

    Parameters
    ----------
    folder : Path
        The study's folder.
    trust : tuple of str
        Allow the design one thing more: code, paths, or server:HOST. Repeat for several.
    """
    from syndisco_nb.runs.layout import ANNOTATIONS

    study = _opened(folder, trust)
    with stopping_in_order(), _progress(folder / ANNOTATIONS):
        study.annotate()
    return _told(folder)


def _loaded(design: Path, trust: tuple[str, ...]) -> "ExperimentBuilder":
    """Return the builder of a design; one that cannot be read is an error of the input."""
    from syndisco_nb.builder import ExperimentBuilder

    try:
        return ExperimentBuilder.load(design, trust)
    except RecordError as error:
        if design.is_dir():
            raise
        raise InvalidInputError(str(error)) from None


def _opened(folder: Path, trust: tuple[str, ...]) -> "Study":
    from syndisco_nb.builder import Study
    from syndisco_nb.runs.layout import HEAD_FILE, STUDY_FILE

    if (folder / HEAD_FILE).exists() and not (folder / STUDY_FILE).exists():
        raise RunFolderError(
            f"{folder} holds a single run, without the design that a study's folder has. Go on where it was begun."
        )
    study = Study(folder, trust)
    _refuse_people(study.design, folder)
    return study


def _refuse_people(design: "Design", where: Path) -> None:
    """Raise `InvalidInputError` if a design would wait for a person, who could not answer here."""
    names = [part.arguments.get("name", "human") for part in design.model_parts() if part.type == "HumanModel"]
    require(
        not names,
        f"{where} asks {', '.join(names)} (HumanModel), who can only answer in a notebook. Run it there.",
    )


def _announce(builder: "ExperimentBuilder", folder: Path) -> None:
    """Say what begins: until the models are loaded, which may take minutes, there is no progress to show."""
    conditions = len(builder.design.levels())
    total = count(conditions * builder.design.discussions, "discussion")
    print(f"{folder}: {total} in {count(conditions, 'condition')}. Models load first.", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _progress(folder: Path) -> Iterator[None]:
    """Show the progress of a run on stderr: the bar on a terminal, a line a minute elsewhere."""
    if sys.stderr.isatty():
        yield
        return
    from syndisco_nb.cli.following import progress_in_lines
    from syndisco_nb.running.scheduler import without_bar

    with without_bar(), progress_in_lines(folder):
        yield


def _told(folder: Path, *, labels_count: bool = True) -> ExitCode:
    """Print the status of a folder; return its exit code, that of the discussions alone unless labels count."""
    from syndisco_nb.cli.status_text import status_lines
    from syndisco_nb.runs.folder_status import folder_status

    status = folder_status(folder)
    print(*status_lines(status), sep="\n")
    return code_of_status((status if labels_count else replace(status, labels=())).status)
