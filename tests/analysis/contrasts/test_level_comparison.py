import math

from syndisco_nb.analysis.contrasts.level_comparison import EffectSize, LevelComparison, LevelMean, interval_text


def test_the_parts_of_a_contrast_say_themselves_in_a_line():
    size = EffectSize("g_z", -0.58, -0.31)
    found = LevelComparison(
        "facilitator", "none", -0.31, (-0.52, -0.10), 0.004, 0.004, -3.1, 29, 0.005, 30, size, paired=True
    )
    assert found.name == "facilitator − none"
    assert found.text == "−0.31 [−0.52, −0.10], g_z −0.58, p .004, 30 pairs"
    assert repr(size) == "<EffectSize g_z −0.58, Cliff's delta −0.31>"
    assert repr(LevelMean("none", 2, (1.5, 2.5), 0.4, 30, 300, 2.1)) == "<LevelMean none: 2.00 [1.50, 2.50], n 30>"


def test_independent_groups_are_discussions():
    size = EffectSize("g", math.nan, 0)
    found = LevelComparison(
        "a", "b", 1, (math.nan, math.nan), math.nan, math.nan, 0, 0, math.nan, 12, size, paired=False
    )
    assert found.text == "1.00 [not defined, not defined], g not defined, p not defined, 12 discussions"


def test_an_interval_stands_in_brackets():
    assert interval_text((-1, 0.025)) == "[−1.00, 0.025]"
