from support.hand_made_studies import labelled

from syndisco_nb.analysis.contrasts.contrast_rows import DTYPES, contrast_rows, printed_rows
from syndisco_nb.analysis.contrasts.contrasting import contrast

EFFECT = contrast(labelled({"none": [[1, 2], [2, 4], [3, 3]], "host": [[2, 2], [3, 5], [3, 4]]}), "toxicity")


def test_every_figure_has_a_row():
    frame = EFFECT.to_dataframe()
    assert frame.dtypes.astype(str).to_dict() == DTYPES
    assert frame["row"].value_counts().to_dict() == {"level": 2, "comparison": 1, "mixed model": 3, "ordinal GEE": 3}
    levels = frame[frame["row"] == "level"]
    assert levels.name.tolist() == ["none", "host"]
    assert levels.comments.tolist() == [6, 6]
    (difference,) = frame[frame["row"] == "comparison"].itertuples()
    assert difference.estimate == EFFECT.difference
    assert (difference.low, difference.high) == EFFECT.interval
    assert (difference.effect_size_name, difference.n, difference.note) == ("g_z", 3, "pairs")


def test_a_table_of_nothing_has_its_columns():
    assert contrast_rows((), (), (), ()).dtypes.astype(str).to_dict() == DTYPES


def test_a_table_for_a_paper_is_text():
    printed = printed_rows(EFFECT.levels, EFFECT.comparisons)
    assert printed.index.tolist() == ["none", "host", "host − none"]
    assert printed.loc["host − none", "n"] == "3 pairs"
    assert printed.loc["none", "Estimate"] == "2.50"
