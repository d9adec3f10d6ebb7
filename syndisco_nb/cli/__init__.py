"""The command line: the words of the methods, in a shell."""

from syndisco_nb._version import __version__


def main() -> None:
    """Run the command line."""
    from cyclopts import App

    App(name="syndisco-nb", version=__version__)()
