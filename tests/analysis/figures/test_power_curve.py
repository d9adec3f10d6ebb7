import pytest

from syndisco_nb.analysis.figures.power_curve import draw_power


def test_the_power_by_number_of_discussions_with_its_error():
    ax = draw_power([10, 20], [0.42, 0.99], [0.02, 0.01], 0.8, "To find 0.5.")
    assert list(ax.lines[1].get_ydata()) == [42, 99]
    assert list(ax.lines[0].get_ydata()) == [80, 80]
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((42 - 3.92, 100))
    assert ax.alt.endswith(
        "To find 0.5. 10 discussions: 42%. 20 discussions: 99%. The dashed line is the wanted power, 80%."
    )
    assert ax.png()
