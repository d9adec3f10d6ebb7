"""Specs that ask for more of the same are merged; those that change finished work are named."""

import pytest

from syndisco_nb.runs.growth import difference, grown

RUN = {"topics": ["Tax"], "num_discussions": 6, "seed": 7}
ANA, BEN, CEM = ({"name": name} for name in ("Ana", "Ben", "Cem"))
TONE = {"name": "tone", "labels": ["1", "2"]}
WIT = {"name": "wit", "labels": ["yes", "no"]}
LABELS = {"discussions": "../talks", "annotators": [ANA, BEN], "scales": [TONE], "models": [{"name": "m"}], "window": 3}


@pytest.mark.parametrize(
    ("asked", "merged"),
    [
        ({"num_discussions": 30}, {"num_discussions": 30}),
        ({"num_discussions": 2}, {}),
        ({}, {}),
    ],
)
def test_a_run_gets_more_discussions_and_never_fewer(asked, merged):
    assert grown("discussions", RUN, RUN | asked) == (RUN | merged, "")


@pytest.mark.parametrize(
    ("asked", "merged"),
    [
        ({"annotators": [ANA, BEN, CEM]}, {"annotators": [ANA, BEN, CEM]}),
        ({"annotators": [ANA]}, {}),
        ({"scales": [WIT, TONE]}, {"scales": [TONE, WIT]}),
        ({"scales": [WIT]}, {"scales": [TONE, WIT]}),
        ({"models": [{"name": "n"}]}, {"models": [{"name": "m"}, {"name": "n"}]}),
    ],
)
def test_labels_get_more_annotators_scales_and_models_after_those_on_file(asked, merged):
    assert grown("annotations", LABELS, LABELS | asked) == (LABELS | merged, "")


def test_labels_of_listed_discussions_get_more_of_them():
    spec, changes = grown("annotations", LABELS | {"discussions": ["a", "b"]}, LABELS | {"discussions": ["c", "b"]})
    assert (spec["discussions"], changes) == (["a", "b", "c"], "")


@pytest.mark.parametrize(
    ("kind", "asked", "named"),
    [
        ("discussions", {"seed": 8}, "seed: 7 → 8"),
        ("discussions", {"topics": ["Tax", "Toll"]}, "topics: 1 → 2"),
        ("discussions", {"stop": [{"type": "AfterSilences"}]}, "stop: None → [{'type': 'AfterSilences'}]"),
        ("annotations", {"annotators": [BEN, ANA]}, "annotators[0].name: 'Ana' → 'Ben'; annotators[1].name: …"),
        ("annotations", {"annotators": [BEN]}, "annotators[0].name: 'Ana' → 'Ben'"),
        ("annotations", {"annotators": [CEM, ANA, BEN]}, "annotators[0].name: 'Ana' → 'Cem'; annotators[1].name: …"),
        ("annotations", {"scales": [TONE | {"labels": ["1", "3"]}, WIT]}, "scales[0].labels[1]: '2' → '3'"),
        ("annotations", {"scales": []}, "scales: 1 → 0"),
        ("annotations", {"window": 2}, "window: 3 → 2"),
        ("annotations", {"discussions": "../others"}, "discussions: '../talks' → '../others'"),
        ("annotations", {"discussions": ["a"]}, "discussions: '../talks' → ['a']"),
    ],
)  # fmt: skip
def test_a_change_of_finished_work_is_named(kind, asked, named):
    held = RUN if kind == "discussions" else LABELS
    assert grown(kind, held, held | asked)[1].startswith(named.rstrip("…"))


def test_what_only_the_folder_has_is_named():
    assert grown("discussions", RUN | {"stop": [1]}, RUN)[1] == "stop: [1] → None"


@pytest.mark.parametrize("broken", [{"num_discussions": "6"}, {"num_discussions": None}])
def test_a_broken_number_on_file_is_a_difference(broken):
    assert grown("discussions", RUN | broken, RUN)[1] == f"num_discussions: {broken['num_discussions']!r} → 6"


@pytest.mark.parametrize("broken", [{"annotators": "Ana"}, {"scales": "tone"}, {"scales": [1]}, {"models": 3}])
def test_a_broken_list_on_file_is_a_difference(broken):
    assert grown("annotations", LABELS | broken, LABELS)[1]


def test_specs_differ_by_path_and_length():
    assert difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == "a[1].b: 2 → 3"
    assert difference({"a": [1]}, {"a": []}) == "a: 1 → 0"
    assert difference({"a": 1}, {"a": 1}) == ""
