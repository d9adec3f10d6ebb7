import io
import re

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from syndisco_nb.analysis.figures.figure_axes import (
    Described,
    FigureAxes,
    add_legend,
    count_along,
    label_axes,
    mark,
    name_ticks,
    on_axes,
    write_beside,
)
from syndisco_nb.errors import InvalidInputError


def a_line(ax):
    ax.plot([0, 1], label="$x$ & <y>")
    label_axes(ax, "turn", "cost ($)")
    add_legend(ax)
    return Described("A line", "A line.", "A line from 0 to 1, in Δ.")


def test_a_figure_is_an_image_on_an_opaque_white_ground():
    ax = on_axes(a_line, None, 2.0)
    image = Image.open(io.BytesIO(ax.png()))
    assert image.size == (1200, 384)
    assert image.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
    assert isinstance(ax, Axes)
    assert isinstance(ax, FigureAxes)
    assert repr(ax) == "<FigureAxes: A line>"
    assert str(ax) == ax.alt


@pytest.mark.parametrize(("ending", "begin"), [("png", b"\x89PNG"), ("SVG", b"<?xml"), ("pdf", b"%PDF")])
def test_it_is_saved_by_its_ending_with_its_words_and_equal_bytes(tmp_path, ending, begin):
    file = on_axes(a_line, None).save(tmp_path / "new" / f"a.{ending}")
    again = on_axes(a_line, None).save(tmp_path / f"b.{ending}")
    assert file.read_bytes() == again.read_bytes()
    assert file.read_bytes().startswith(begin)
    if ending == "SVG":
        assert "<dc:description>A line from 0 to 1, in Δ.</dc:description>" in file.read_text("utf-8")
    else:
        assert b"Description" in file.read_bytes() or b"Subject" in file.read_bytes()


def test_another_ending_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(InvalidInputError, match=r"must end in \.png, \.svg, \.pdf"):
        on_axes(a_line, None).save(tmp_path / "a.gif")


def test_axes_that_are_given_are_drawn_on_and_returned():
    ax = Figure().add_subplot()
    assert on_axes(a_line, ax) is ax
    assert len(ax.lines) == 1
    with pytest.raises(InvalidInputError, match=r"ax is 'x', but must be matplotlib Axes"):
        on_axes(a_line, "x")


def test_the_settings_of_the_notebook_neither_matter_nor_change():
    plain = on_axes(a_line, None).png()
    dark = {"text.color": "red", "axes.facecolor": "black", "font.family": ["serif"], "savefig.facecolor": "black"}
    with mpl.rc_context(dark):
        before = dict(mpl.rcParams)
        assert on_axes(a_line, None).png() == plain
        assert dict(mpl.rcParams) == before


def test_a_dollar_sign_begins_no_formula_and_a_strange_script_no_warning():
    def named(ax):
        name_ticks(ax, "y", ["$x^2$ \\frac", "王芳", "ᚠ"])
        write_beside(ax, "$", 1)
        return Described("", "", "")

    ax = on_axes(named, None)
    assert not any(text.get_parse_math() for text in [*ax.get_yticklabels(), *ax.texts])
    assert ax.png()


def test_conditions_look_different_without_colour_too_and_are_seen_on_white():
    looks = [mark(number) for number in range(7)]
    assert len({look.colour for look in looks}) == len({look.marker for look in looks}) == 7
    assert len({look.line for look in looks}) == 7
    assert mark(7) == mark(0)
    for look in looks[:4]:
        red, green, blue = (c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(look.colour))
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) > 3


def test_no_text_is_smaller_than_nine_points():
    ax = on_axes(a_line, None)
    ax.png()
    texts = [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label, *ax.get_legend().get_texts()]
    assert min(text.get_fontsize() for text in texts) >= 9
    assert ax.get_legend().get_texts()[0].get_text() == "$x$ & <y>"


def test_turns_are_whole_numbers():
    def short(ax):
        ax.plot([1, 2], [0, 1])
        count_along(ax)
        return Described("", "", "")

    assert all(tick == int(tick) for tick in on_axes(short, None).get_xticks())


def test_a_long_name_is_cut():
    ax = on_axes(lambda ax: (name_ticks(ax, "x", ["a" * 90]), Described("", "", ""))[1], None)
    assert re.fullmatch("a{27}…", ax.get_xticklabels()[0].get_text())
