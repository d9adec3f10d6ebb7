"""The command line as a whole: its commands, its errors, its exit codes.

Commands import inside their functions whatever reads folders, so that help is there at once.
"""

import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter
from cyclopts.help import DefaultFormatter, PanelSpec, TableSpec
from rich.box import SIMPLE

from syndisco_nb._version import __version__
from syndisco_nb.cli.doctor import doctor
from syndisco_nb.cli.exit_codes import ExitCode, code_of_error
from syndisco_nb.cli.lab_command import lab
from syndisco_nb.cli.looking_commands import status, verify, watch
from syndisco_nb.cli.running_commands import annotate, retry, run
from syndisco_nb.cli.writing_commands import export, report
from syndisco_nb.errors import SyndiscoError, said

_EPILOGUE = """\
Exit codes: 0 finished, 1 error of the program, 2 error in the command or design, 3 some units failed (retry), \
4 verify or doctor found problems, 5 folder missing, broken, in use or of something else, 6 model, server or disk \
failed (fix it, run again), 75 not finished (run again to continue), 130 stopped at once.
"""
_PLAIN = DefaultFormatter(
    panel_spec=PanelSpec(box=SIMPLE, padding=(0, 0), border_style="none"),
    table_spec=TableSpec(show_header=False, padding=(0, 2, 0, 2)),
)

app = App(
    name="syndisco-nb",
    version=__version__,
    help="Synthetic discussions between LLM agents: run a study, watch it, label it, report and export it.",
    help_epilogue=_EPILOGUE,
    help_format="markdown",
    help_formatter=_PLAIN,
    default_parameter=Parameter(negative=(), show_default=False),
    print_error=False,
    exit_on_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
_COMMANDS: tuple[Callable[..., ExitCode], ...] = (
    run,
    status,
    watch,
    retry,
    annotate,
    report,
    export,
    verify,
    lab,
    doctor,
)
_USAGES = {status: "status [OPTIONS] FOLDER...", lab: "lab [FOLDER] [OPTIONS]"}
"""The usage of commands that take any number of arguments, which would be called ARGS."""
for place, command in enumerate(_COMMANDS):
    usage = f"Usage: {app.name[0]} {_USAGES[command]}" if command in _USAGES else None
    app.command(command, sort_key=place, help_epilogue="", usage=usage)
app.meta.suppress_keyboard_interrupt = False


@app.meta.default
def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    debug: Annotated[bool, Parameter(help="Show the traceback of an error, as SYNDISCO_NB_DEBUG=1 does.")] = False,
) -> Any:
    if debug:
        os.environ["SYNDISCO_NB_DEBUG"] = "1"
    return app(tokens)


def run_command_line(tokens: Sequence[str]) -> int:
    """Run a command; return its exit code.

    Parameters
    ----------
    tokens : sequence of str
        The arguments, without the name of the program.
    """
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: print(f"Warning: {message}", file=sys.stderr)
        warnings.simplefilter("default", UserWarning)
        try:
            return int(app.meta(tokens) or ExitCode.FINISHED)
        except CycloptsError as error:
            _say(f"{error} See: syndisco-nb {' '.join((*(error.command_chain or ()), '--help'))}")
            return ExitCode.INPUT
        except SyndiscoError as error:
            _say(said(error))
            return code_of_error(error)
        except SystemExit as stopped:
            return int(stopped.code or 0)
        except KeyboardInterrupt:
            return ExitCode.KILLED
        except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.FINISHED
        except Exception as error:
            _say(f"{type(error).__name__}: {said(error)}\nThis is an error of syndisco_nb, or of a package below it.")
            return ExitCode.BUG


def _say(text: str) -> None:
    """Tell the user of the error at hand: in a line, or with its traceback if that is asked for."""
    if os.environ.get("SYNDISCO_NB_DEBUG"):
        traceback.print_exc()
    print(f"Error: {text}", file=sys.stderr)
