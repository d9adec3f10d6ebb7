"""`plot`: one line from labels or discussions to a figure."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from syndisco_nb.analysis.contrasts.level_table import CONDITION, PREFIX
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.measuring import MeasureLike, Roles, measured_values
from syndisco_nb.analysis.frames.participant_frame import participant_frame
from syndisco_nb.errors import InvalidInputError, require, short_repr, suggestion
from syndisco_nb.runs.sources import Material, gather

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes

SPEAKERS = "speakers"


def plot(
    source: Any,
    measure: MeasureLike | None = None,
    kind: str | None = None,
    by: str | None = None,
    label: bool | int | str | None = None,
    roles: Roles = None,
    seed: int = 0,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw a figure; see `Analysed.plot`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    measure, kind, by, label, roles, seed, ax
        As in `Analysed.plot`.
    """
    require(
        kind is None or kind in (*_KINDS, SPEAKERS),
        f"kind is {short_repr(kind)}.{suggestion(str(kind), [*_KINDS, SPEAKERS])} There are: "
        f"{', '.join([*_KINDS, SPEAKERS])}.",
        "kind",
    )
    material = gather(source)
    if kind == SPEAKERS or (kind is None and measure is None):
        return plot_speakers(material, by, roles, ax)
    if measure is None:
        raise InvalidInputError(
            'measure is missing. Give the name of a scale or measure, as in plot("toxicity").', field="measure"
        )
    values = measured_values(material, measure, label, roles)
    usual = "turns" if values.annotators and values.rows["turn"].notna().any() else "discussions"
    return _KINDS[kind or usual](values, by, seed, ax)


def plot_turns(values: MeasuredValues, by: str | None = None, seed: int = 0, ax: "Axes | None" = None) -> "FigureAxes":
    """Draw the mean of a measure by turn, a line for each level, with bootstrap intervals over discussions.

    Parameters
    ----------
    values : MeasuredValues
    by : str, optional
    seed : int
    ax : Axes, optional
        All as in `Analysed.plot`.
    """
    import pandas as pd

    from syndisco_nb.analysis.figures.turn_curves import draw_turn_curves
    from syndisco_nb.analysis.statistics.bootstrap import mean_interval

    units = values.units[values.units["turn"].notna()]
    require(
        len(units),
        f'{values.name} has one value for each discussion, without turns. Choose kind="discussions".',
        "kind",
    )
    level = _level_column(units, by)
    of_turn = units.groupby([level, "turn", CONDITION, "discussion_index"], sort=False)["value"].mean()
    rows = []
    for place, some in of_turn.groupby(level=[0, 1], sort=False):
        name, turn = cast("tuple[str, float]", place)
        low, high = mean_interval(some.to_numpy(), seed=seed)
        rows.append((str(name), int(turn), float(some.mean()), low, high))
    curves = pd.DataFrame(rows, columns=["level", "turn", "mean", "low", "high"])
    discussions = values.discussions.groupby(level, sort=False).size()
    return draw_turn_curves(curves, {str(name): int(n) for name, n in discussions.items()}, axis_name(values), ax)


def plot_discussions(
    values: MeasuredValues, by: str | None = None, seed: int = 0, ax: "Axes | None" = None
) -> "FigureAxes":
    """Draw a measure of each discussion, and the mean of each level with its interval.

    Parameters
    ----------
    values, by, seed, ax
        As in `plot_turns`.
    """
    from syndisco_nb.analysis.figures.dot_plot import draw_dots
    from syndisco_nb.analysis.statistics.bootstrap import mean_interval

    discussions = values.discussions
    groups = discussions.groupby(_level_column(discussions, by), sort=False)["value"]
    of_levels = {str(level): some.to_numpy() for level, some in groups}
    intervals = {level: mean_interval(some, seed=seed) for level, some in of_levels.items()}
    return draw_dots({level: some.tolist() for level, some in of_levels.items()}, intervals, axis_name(values), ax)


def plot_speakers(
    material: Material, by: str | None = None, roles: Roles = None, ax: "Axes | None" = None
) -> "FigureAxes":
    """Draw the share of the comments that each speaker wrote, a dot for each level.

    Parameters
    ----------
    material : Material
    by, roles, ax
        As in `Analysed.plot`.
    """
    from syndisco_nb.analysis.figures.share_plot import draw_shares

    frame = participant_frame(material, roles)
    require(len(frame), "There are no discussions here whose speakers could be counted. Give the study.", "kind")
    if CONDITION not in frame:
        frame = frame.assign(condition="")
    table = frame.pivot_table("share", "name", _level_column(frame, by), "mean", sort=False)
    sizes = frame.groupby("discussion_id").size()
    expected = 1 / float(sizes.iloc[0]) if sizes.nunique() == 1 else None
    shares = {str(level): table[level].astype(float).tolist() for level in table.columns}
    return draw_shares([str(name) for name in table.index], shares, expected, ax)


def axis_name(values: MeasuredValues) -> str:
    """Return the name of a measure with the kind of value and its range, as in "toxicity (expected value, 1 to 5)"."""
    if values.quantity.startswith(("share", "probability")):
        limits = "0 to 1"
    else:
        limits = f"{values.limits[0]:g} to {values.limits[1]:g}" if values.limits else ""
    inside = ", ".join(part for part in (values.quantity.removeprefix("in "), limits) if part)
    return f"{values.name} ({inside})" if inside else values.name


def _level_column(frame: "pd.DataFrame", by: str | None) -> str:
    """Return the column that holds the levels: of the setting, of the only one that is varied, or of the condition."""
    settings = [str(column).removeprefix(PREFIX) for column in frame if str(column).startswith(PREFIX)]
    if by is None:
        return PREFIX + settings[0] if len(settings) == 1 else CONDITION
    require(
        by == CONDITION or by in settings,
        f"by is {short_repr(by)}, but must be a setting that is varied.{suggestion(str(by), settings)} There are: "
        f"{', '.join(map(repr, [*settings, CONDITION]))}.",
        "by",
    )
    return CONDITION if by == CONDITION else PREFIX + by


_KINDS: dict[str, Callable[[MeasuredValues, str | None, int, Any], "FigureAxes"]] = {
    "turns": plot_turns,
    "discussions": plot_discussions,
}
