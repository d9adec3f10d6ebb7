import matplotlib.pyplot as plt
import pytest
from support.hand_made_studies import labelled

from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.errors import InvalidInputError, UnknownItemError

TWO = {"none": [[1, 2], [2, 4], [3, 3]], "host": [[2, 2], [3, 5], [3, 4]]}


def test_a_contrast_says_its_result_in_a_line():
    effect = contrast(labelled(TWO), "toxicity")
    assert repr(effect).startswith("<Contrast of toxicity by moderator: host − none 0.67 [0.50, ")
    assert repr(effect).endswith("], g_z 1.32, p .057, 3 pairs>")
    assert repr(effect["host"]).startswith("<LevelComparison host − none: 0.67 [")


def test_one_of_several_comparisons_must_be_chosen():
    three = contrast(labelled(TWO | {"bot": [[1, 2], [2, 4], [3, 2]]}), "toxicity")
    with pytest.raises(InvalidInputError, match=r"2 levels are compared with 'none'\. Choose one: effect\['host'\]"):
        three.difference  # noqa: B018
    two = contrast(labelled(TWO), "toxicity")
    assert (two.difference, two.p, two.n) == (two["host"].difference, two["host"].p, 3)
    assert two.baseline == "none"


def test_an_unknown_level_is_refused_by_name():
    effect = contrast(labelled(TWO), "toxicity")
    with pytest.raises(UnknownItemError, match=r"There is no comparison of 'hots' with 'none'\. Did you mean 'host'"):
        effect["hots"]
    assert effect._ipython_key_completions_() == ["host"]


def test_models_wait_until_they_are_asked_for():
    effect = contrast(labelled(TWO), "toxicity")
    assert "models" not in vars(effect)
    assert effect.models is effect.models


def test_the_figure_is_drawn_on_axes():
    effect = contrast(labelled(TWO), "toxicity")
    assert effect.plot().alt.startswith("Forest plot. Differences of toxicity between levels of moderator")
    ax = plt.figure().subplots()
    assert effect.plot(ax) is ax
    plt.close("all")


def test_warnings_are_the_assumptions_that_do_not_hold():
    effect = contrast(labelled(TWO), "toxicity")
    assert effect.warnings == ("At least 20 discussions a level: 3 discussions, so the intervals are too short.",)


def test_the_table_is_written(tmp_path):
    text = contrast(labelled(TWO), "toxicity").table(tmp_path / "effect.tex").read_text("utf-8")
    assert "Toxicity by moderator." in text
    assert r"host $-$ none & 0.67 & [" in text
