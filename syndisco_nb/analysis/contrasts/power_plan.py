"""`Plan`: the number of discussions that a difference needs to be found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.shown import Exported
from syndisco_nb.wording import decimal, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes
    from syndisco_nb.analysis.statistics.power import Power


@dataclass(frozen=True, slots=True)
class Plan(Exported):
    """The number of discussions that a difference needs to be found; see `Study.plan`.

    Attributes
    ----------
    measure, by : str
    difference : float
        The difference to be found.
    power : float
        The wanted probability to find it.
    discussions : int or None
        The least number of discussions of each condition with that power; None where 20,000 are not enough.
    rows : tuple of Power
        The power at each simulated number of discussions, with its Monte Carlo error.
    pilot : str
        The pilot in words.
    likely : tuple of int or None
        The number if the true standard deviation is at the lower, and at the upper, end of its 80% interval, which is
        wide for a small pilot.
    warnings : tuple of str
    method : str
        Sentences for the methods section of a paper.
    left_out : LeftOut
        What does not count in the pilot, and how many.
    """

    measure: str
    by: str
    difference: float
    power: float
    discussions: int | None
    rows: tuple["Power", ...]
    pilot: str
    likely: tuple[int, int] | None
    warnings: tuple[str, ...]
    method: str
    left_out: LeftOut

    @property
    def title(self) -> str:
        """The result in words."""
        if self.discussions is None:
            return f"more than {self.rows[-1].discussions:,} discussions per condition"
        return f"{self.discussions:,} discussions per condition"

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row per simulated size: ``discussions`` of each condition, ``power``, and its ``error``."""
        import pandas as pd

        rows = [(row.discussions, row.power, row.error) for row in self.rows]
        return pd.DataFrame(rows, columns=["discussions", "power", "error"])

    def plot(self, ax: "Axes | None" = None) -> "FigureAxes":
        """Draw the power by number of discussions.

        Parameters
        ----------
        ax : Axes, optional
            Axes to draw on, instead of a new figure.
        """
        from syndisco_nb.analysis.figures.power_curve import draw_power

        return draw_power(
            [row.discussions for row in self.rows],
            [row.power for row in self.rows],
            [row.error for row in self.rows],
            self.power,
            f"Power to find a difference of {decimal(self.difference)} in {self.measure} between levels of {self.by}, "
            f"simulated from {self.pilot}.",
            ax=ax,
        )

    def __repr__(self) -> str:
        wanted = f"{percent(self.power)} power for a difference of {decimal(self.difference)}"
        return f"<Plan of {self.measure} by {self.by}: {self.title}, {wanted}>"
