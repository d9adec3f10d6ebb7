import math

from syndisco_nb.analysis.figures.share_plot import draw_shares


def test_speakers_stand_by_their_share_with_a_dot_for_each_condition():
    ax = draw_shares(["Ana", "Ben"], {"none": [0.25, 0.75], "host": [0.5, math.nan]}, 0.5)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["Ben", "Ana"]
    assert list(ax.lines[1].get_xdata()) == [75, 25]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["none", "host"]
    assert ax.alt.endswith("equal share, 50%. Ben: none 75%. Ana: none 25%, host 50%.")
    assert ax.png()


def test_the_mark_of_the_greatest_share_is_not_cut_off():
    assert draw_shares(["Ana", "Ben", "Eve"], {"": [0.36, 0.32, 0.32]}).get_xlim()[1] > 37


def test_one_condition_has_no_legend_and_no_line_unless_asked():
    ax = draw_shares(["Ana"], {"": [1.0]})
    assert ax.get_legend() is None
    assert len(ax.lines) == 1
    assert ax.alt.endswith("Ana: 100%.")


def test_many_speakers_are_cut_with_a_note():
    ax = draw_shares([f"P{n}" for n in range(30)], {"": [n / 435 for n in range(30)]})
    assert len(ax.get_yticklabels()) == 24
    assert "6 more with smaller shares." in ax.caption
