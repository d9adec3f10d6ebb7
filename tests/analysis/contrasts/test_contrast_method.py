from support.hand_made_studies import labelled, labels_of, of_conditions, talks

from syndisco_nb.analysis.contrasts.contrasting import contrast

ROWS = {"none": [[1, 2], [2, 4], [3, 3]], "host": [[2, 2], [3, 5], [3, 4]]}


def test_the_method_names_every_step():
    effect = contrast([talks({"none": 3, "host": 3}), labelled(ROWS)], "toxicity", draws=300, seed=4, level=0.9)
    assert effect.method == (
        "Toxicity (label) was averaged over the 12 comments of 6 discussions, by discussion, then over discussions. "
        "The levels “host” and “none” of moderator were compared in 3 pairs of discussions: the same topic and people "
        "in every pair. Intervals (90%) are from 300 bootstrap resamples of pairs of discussions (expanded percentile "
        "method, seed 4), p-values from two-sided paired t-tests."
    )


def test_annotators_other_settings_and_corrections_are_named():
    levels = {f"{m}+{t}": {"moderator": m, "topics": t} for m in ("a", "b", "c") for t in ("x", "y")}
    sets = {
        name: [labels_of(0, [1 + place, None], name), labels_of(0, [3], name, annotator=1, name="other")]
        for place, name in enumerate(["a+x", "a+y", "b+x", "b+y"])
    }
    sets |= {"c+x": [labels_of(0, [2], "c+x")], "c+y": [labels_of(0, [5], "c+y")]}
    method = contrast(of_conditions(sets, levels), "toxicity", by="moderator").method
    assert "averaged over 2 annotators, then over" in method
    assert "Discussions of one number were averaged over topics." in method
    assert "Left out: 4 answers without a label." in method
    assert method.endswith("two-sided paired t-tests, corrected by Holm's method.")


def test_levels_that_were_compared_alike_are_told_together():
    method = contrast(labelled(ROWS | {"bot": ROWS["host"]}), "toxicity", draws=100).method
    assert method.count("in 3 pairs") == 1
    assert "The levels “host”, “bot” of moderator were each compared with “none” in 3 pairs of discussions:" in method
    fewer = contrast(labelled(ROWS | {"bot": ROWS["host"][:2]}), "toxicity", draws=100).method
    assert "The levels “host” and “none” of moderator were compared in 3 pairs" in fewer
    assert "The levels “bot” and “none” of moderator were compared in 2 pairs" in fewer


def test_a_human_corpus_is_told():
    effect = contrast(talks({"none": 3, "host": 3}), "length", human=talks({"": 3}), draws=100)
    assert "human corpus by Jensen–Shannon divergence (base 2)" in effect.method


def test_measures_of_talk_are_named_in_words():
    method = contrast(talks({"none": 3, "host": 3}), "length_characters").method
    assert method.startswith("Length characters (characters) was averaged over")
