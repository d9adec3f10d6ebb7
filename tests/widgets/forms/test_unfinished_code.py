"""Code of unfinished forms: valid Python, with comments on the rest."""

import ast

import syndisco_nb as snb
from syndisco_nb.widgets.forms.unfinished_code import as_far_as_it_goes, comment, comments, without


def test_a_comment_is_one_line_of_python_whatever_it_says():
    text = comment("a\nb\0c\ud800\u2028d")
    assert text.count("\n") == 1
    assert not ast.parse(text).body


def test_only_the_items_with_a_fault_are_left_out():
    assert without({"a": (1, 2, 3), "b": 4}, ["a.0.x", "a.2", "c"]) == {"a": [2], "b": 4}
    assert without({"a": (1, 2)}, ["a.0", "a"]) == {}


def test_faults_that_show_only_then_are_left_out_as_well():
    def check(given):
        faults = {"a": "Odd."} if "a" in given else {"b.1": "Odd, too."} if len(given.get("b", ())) > 1 else {}
        return (None, faults) if faults else (given, {})

    assert as_far_as_it_goes(check, {"a": 1, "b": [1, 2]})[0] == {"b": [1]}
    assert as_far_as_it_goes(lambda given: (None, {"": "No."}), {"a": 1}) == (None, {"a": 1})


def test_missing_and_wrong_are_told_apart():
    text = comments({"": "No.", "topics": "None yet.", "stop.0.phrase": "Empty."}, {"stop": [{"phrase": " x"}]})
    assert text.splitlines() == [
        "# Left out: Form (No.)",
        "# Missing: Topics (None yet.)",
        "# Left out: End early 1: Phrase (Empty.)",
    ]


def test_every_empty_form_gives_valid_python():
    for make in (snb.ExperimentForm, snb.DiscussionForm, snb.AnnotationForm, snb.PersonaForm, snb.PeopleForm):
        assert ast.parse(make().code()).body
    form = snb.ModelForm()
    form["type"].value = "OpenAIModel"
    assert form.code().startswith("# Missing: Model name (")
    assert form.code().endswith("model = snb.OpenAIModel()\n")
