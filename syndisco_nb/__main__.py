"""``python -m syndisco_nb``: the command line, where the command itself is not on the path."""

from syndisco_nb.cli import main

if __name__ == "__main__":
    main()
