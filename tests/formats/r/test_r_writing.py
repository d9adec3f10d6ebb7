"""Tables and a script for R."""

import io
import random
import re
import shutil
import subprocess

import pandas as pd
import pytest
from support.hand_made_studies import labelled, labels_of, of_conditions, talk

import syndisco_nb as snb
from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.r.r_writing import SCRIPT, write_r
from syndisco_nb.records import Records

MADE_THERE = {"level", "talk", "turn_centred", "ordered_label"}  # columns that the script itself adds
SHIFTS = {"none": 1.0, "host": 0.0, "strict": 0.5}


def a_study(*, paired=True, conditions=tuple(SHIFTS), sizes=("few", "many")):
    """Return discussions and labels of all conditions, unbalanced: two annotators, two scales, scored labels."""
    draw = random.Random(3)
    levels = {f"{name} {size}": {"moderator": name, "size": size} for name in conditions for size in sizes}
    talks, labels = {}, {}
    for name, level in levels.items():
        number = 6 - (name == "host few")
        topics = {} if paired else {"topic": name}
        talks[name] = [talk(i, name, turns=3 + i % 3, text="“Well”,\nNA {turn}", **topics) for i in range(number)]
        labels[name] = [
            labels_of(i, [scored(draw, SHIFTS[level["moderator"]]) for _ in range(3 + i % 3)], name, place, f"j{place}")
            for i in range(number)
            for place in (0, 1)
        ]
        jokes = [[draw.random() < 0.5 for _ in range(3)] for _ in range(number)]
        labels[name] += [labels_of(i, row, name, scale=snb.Flag("joke")) for i, row in enumerate(jokes)]
    return of_conditions(talks, levels), of_conditions(labels, levels)


def scored(draw, shift):
    weights = [max(0.01, 5 - abs(label - 2 - shift) * 2 + draw.random()) for label in range(1, 6)]
    return {str(label): weight / sum(weights) for label, weight in zip(range(1, 6), weights, strict=True)}


def test_the_tables_have_all_labels_and_messages(tmp_path):
    folder = write_r(a_study(), tmp_path / "r")
    names = ["analysis.R", "codebook.csv", "codebook.md", "comparisons.csv", "labels.csv", "messages.csv"]
    assert sorted(path.name for path in folder.iterdir()) == names
    labels = pd.read_csv(folder / "labels.csv", keep_default_na=False, na_values=[""])
    assert len(labels) == sum(len(one.labels) for records in a_study()[1].values() for one in records)
    assert set(labels.label[labels.scale == "joke"]) == {"no", "yes"}
    assert labels.counted.all()
    assert labels.text[0] == "Well, 1."
    codebook = pd.read_csv(folder / "codebook.csv")
    for name in ("labels.csv", "messages.csv", "comparisons.csv"):
        assert list(pd.read_csv(folder / name)) == list(codebook.column[codebook.file == name])
    again = {path.name: path.read_bytes() for path in write_r(a_study(), tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_labels_that_a_contrast_leaves_out_are_marked(tmp_path):
    sets = [labels_of(0, [2, 4]), labels_of(0, [5], role="moderator", annotator=1), labels_of(0, [None], role="")]
    labels = pd.read_csv(Records(sets).to_r(tmp_path) / "labels.csv")
    assert labels.counted.tolist() == [True, True, False, True]
    assert labels.label.tolist()[:3] == [2, 4, 5]
    assert labels.label.isna().tolist() == [False, False, False, True]


def test_the_labels_of_a_flag_are_yes_and_no(tmp_path):
    labels = Records([labels_of(0, [True, False], scale=snb.Flag("joke"))]).to_r(tmp_path) / "labels.csv"
    assert pd.read_csv(labels).label.tolist() == ["yes", "no"]


def test_without_conditions_or_labels_the_rest_is_there(tmp_path):
    alone = talk(0).to_r(tmp_path / "a")
    assert sorted(path.name for path in alone.iterdir()) == ["codebook.csv", "codebook.md", "messages.csv"]
    assert "no analysis.R, since there are no labels" in (alone / "codebook.md").read_text()
    single = Records([talk(0), labels_of(0, [1, 2])]).to_r(tmp_path / "b")
    assert "no analysis.R: it compares conditions" in (single / "codebook.md").read_text()
    with pytest.raises(InvalidInputError, match="no discussions and no labels"):
        Records().to_r(tmp_path / "c")


def test_the_script_reads_columns_that_are_there(tmp_path):
    folder = write_r(a_study(), tmp_path)
    script = SCRIPT.read_text()
    columns = {name: set(pd.read_csv(folder / name)) for name in ("labels.csv", "comparisons.csv", "codebook.csv")}
    read = set(re.findall(r"(?:labels|rows|units)\$(\w+)", script)) - MADE_THERE
    named = {
        word
        for call in re.findall(r"place <- c\((.*?)\)|c\(place, (.*?)\)", script)
        for word in re.findall(r'"(\w+)"', "".join(call))
    }
    assert {"scale", "counted", "value", "label", "turn"} <= read <= columns["labels.csv"]
    assert named == {"condition", "discussion_index", "unit", "index", "name", "turn"}
    assert named <= columns["labels.csv"]
    assert set(re.findall(r"(?:part|comparisons)\$(\w+)", script)) <= columns["comparisons.csv"]
    assert set(re.findall(r"(?:codebook|columns)\$(\w+)", script)) == {"file", "type", "column"}
    assert set(re.findall(r'read_table\("(.*?)"\)|read\.csv\("(.*?)"', script)) == {
        ("labels.csv", ""),
        ("comparisons.csv", ""),
        ("", "codebook.csv"),
    }


needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: apt-get install r-base-core")


def results_in_r(folder):
    """Return the results of the script, and its messages."""
    code = 'sink(stderr()); source("analysis.R"); sink(); write.csv(results, row.names = FALSE)'
    run = subprocess.run(["Rscript", "-e", code], cwd=folder, capture_output=True, text=True, check=True)
    return pd.read_csv(io.StringIO(run.stdout)), run.stderr


def same_tests(found, ours, scale, setting):
    """Assert that the t-tests of a contrast are those of R; return the other rows."""
    rows = found[(found.scale == scale) & (found.setting == setting)]
    tests = rows[rows.model.str.endswith("t-test")]
    for one, row in zip(ours.comparisons, tests.itertuples(), strict=True):
        assert row.model == ("paired t-test" if one.paired else "Welch's t-test")
        assert (row.term, row.n) == (f"{one.level} - {one.baseline}", one.n)
        assert (row.estimate, row.p, row.p_holm) == pytest.approx((one.difference, one.p_alone, one.p))
    return rows[~rows.model.str.endswith("t-test")]


@needs_r
def test_r_finds_the_difference_that_the_contrast_finds(tmp_path):
    study = labelled({"none": [[1], [2], [4]], "host": [[1], [1], [2]], "strict": [[5], [2], [4]]})
    found, _ = results_in_r(write_r(study, tmp_path))
    assert not len(same_tests(found, contrast(study, "toxicity"), "toxicity", "moderator"))


@needs_r
def test_r_pairs_discussions_within_the_other_settings(tmp_path):
    levels = {name: {"moderator": name[0], "size": name[1]} for name in ("ax", "ay", "bx", "by")}
    values = {"ax": [[1], [3], [2]], "ay": [[5], [4], [5]], "bx": [[2], [5], [2]], "by": [[1], [2]]}
    study = labelled(values, levels)
    found, _ = results_in_r(write_r(study, tmp_path))
    same_tests(found, contrast(study, "toxicity", "moderator"), "toxicity", "moderator")
    same_tests(found, contrast(study, "toxicity", "size"), "toxicity", "size")


@needs_r
@pytest.mark.long
@pytest.mark.parametrize("paired", [True, False])
def test_r_fits_the_models_of_the_contrast(tmp_path, paired):
    study = a_study(paired=paired)
    found, said = results_in_r(write_r(study, tmp_path))
    for scale, setting in (("toxicity", "moderator"), ("joke", "moderator"), ("toxicity", "size")):
        ours = contrast(study, scale, setting)
        rows = same_tests(found, ours, scale, setting)
        mixed = rows[(rows.model == "mixed model") & (rows.term != "(Intercept)")]
        assert len(mixed) or "lme4 is not installed" in said
        models = [one for one in ours.models if one.model == "mixed model"]
        for one, row in zip(models, mixed.itertuples(), strict=bool(len(mixed))):
            seen = (one.estimate, *one.interval, one.p)
            assert (row.estimate, row.low, row.high, row.p) == pytest.approx(seen, rel=1e-4)
