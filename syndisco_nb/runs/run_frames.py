"""Data frames that are shown as pages; whatever pandas makes of them is a plain data frame."""

import pandas as pd

from syndisco_nb.runs.shown_tables import CostFigures, FailureRows


class CostFrame(CostFigures, pd.DataFrame):
    """The data frame of `Run.costs`."""


class FailureFrame(FailureRows, pd.DataFrame):
    """The data frame of `Run.failures`."""
