"""Commands that write results: `report`, `export`. They also take what other tools wrote."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from syndisco_nb.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from syndisco_nb.runs.condition_runs import ConditionRuns
    from syndisco_nb.runs.corpus import Corpus
    from syndisco_nb.runs.run import Run


def report(folder: Path, /, *, out: Path | None = None, question: str = "") -> ExitCode:
    """Put everything on one page: claim and doubts, design, checks, labels, effects, examples, methods.

    Parameters
    ----------
    folder : Path
        The folder of a run or study, or a file or folder that another tool wrote.
    out : Path
        The file, .html or .md; by default FOLDER.html, beside the folder. Replaced if it exists.
    question : str
        The question of the study, which becomes the title.
    """
    path = out or _beside(folder, ".html")
    _held(folder).report(path, question=question)
    print(path)
    return ExitCode.FINISHED


def export(folder: Path, /, *, to: Path, format_: Annotated[str | None, Parameter(name="--format")] = None) -> ExitCode:
    """Write discussions and labels for another tool.

    The ending of the file decides: .csv, .xlsx and .parquet (a table of comments), .html, .md, .jsonl (chats as of
    OpenAI), .json (ShareGPT), .txt (ChatML), .eval (Inspect), .qdpx (QDA programs such as MAXQDA). Formats that need a
    name: labels, discussions and participants (other tables), convokit, syndisco, label-studio and r (folders).

    Parameters
    ----------
    folder : Path
        The folder of a run or study, or a file or folder that another tool wrote.
    to : Path
        The file or folder to write.
    format_ : str
        The name of the format.
    """
    from syndisco_nb.formats.export_files import export as write

    print(write(_held(folder), to, format_))
    return ExitCode.FINISHED


def _held(path: Path) -> "Run[Any] | ConditionRuns[Any] | Corpus":
    from syndisco_nb.formats.load_files import load

    return load(path)


def _beside(folder: Path, ending: str) -> Path:
    """Return the path beside a folder with its name and an ending."""
    whole = folder.resolve()
    return folder.parent / f"{whole.name}{ending}" if folder.name else whole.with_name(f"{whole.name}{ending}")
