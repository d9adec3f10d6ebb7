import numpy as np
import pytest

from syndisco_nb.analysis.figures.heat_map import draw_heat_map


def heat_map(table, **more):
    names = [str(number) for number in range(len(table))]
    return draw_heat_map(table, names, names, ("Dana", "judge"), "Confusion", "20 comments.", **more)


def test_each_number_stands_in_its_cell():
    ax = heat_map([[8, 2], [1, 9]], text="{:.0f}".format)
    assert {text.get_position(): text.get_text() for text in ax.texts} == {
        (0, 0): "8",
        (1, 0): "2",
        (0, 1): "1",
        (1, 1): "9",
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("judge", "Dana")
    assert ax.alt.endswith("0: 0 8, 1 2. 1: 0 1, 1 9.")


def test_numbers_are_white_where_the_cell_is_dark():
    ax = heat_map([[0, 10], [5, 10]])
    assert [text.get_color() == "white" for text in ax.texts] == [False, True, False, True]


@pytest.mark.parametrize("table", [[[np.nan, 0.5], [0.5, np.nan]], [[np.nan]], [[3.0]]])
def test_cells_without_a_number_stay_empty(table):
    ax = heat_map(table)
    assert len(ax.texts) == np.count_nonzero(~np.isnan(table))
    assert ax.png()


def test_the_limits_of_the_colours():
    assert heat_map([[0.5]], limits=(0.0, 1.0)).images[0].get_clim() == (0.0, 1.0)
