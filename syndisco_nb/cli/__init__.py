"""The command line: the words of the methods, in a shell; see ``docs/command_line.md``."""

import sys


def main() -> None:
    """Run the command line on the arguments of this process; exit with the code of its outcome."""
    from syndisco_nb.cli.command_line import run_command_line

    sys.exit(run_command_line(sys.argv[1:]))
