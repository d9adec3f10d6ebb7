"""Data frames that are shown as pages; whatever pandas makes of them is a plain data frame."""

from collections.abc import Sequence

import pandas as pd

from syndisco_nb.runs.order_of_work import WorkSpan
from syndisco_nb.runs.shown_tables import CostFigures, FailureRows, OrderRows


class CostFrame(CostFigures, pd.DataFrame):
    """The data frame of `Run.costs`."""


class FailureFrame(FailureRows, pd.DataFrame):
    """The data frame of `Run.failures`."""


class OrderFrame(OrderRows, pd.DataFrame):
    """The data frame of `Run.order`."""

    @classmethod
    def of(cls, spans: Sequence[WorkSpan]) -> "OrderFrame":
        """Return the times in which units were worked on, sorted by time."""
        table = pd.DataFrame(spans, columns=list(WorkSpan._fields))
        for name in ("began", "ended"):
            table[name] = pd.to_datetime(table[name], utc=True).astype("datetime64[ms, UTC]")
        return cls(table.sort_values(["began", "unit"], kind="stable", ignore_index=True))
