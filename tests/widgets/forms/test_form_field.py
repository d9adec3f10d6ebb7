"""Faults by the dotted paths of fields."""

from syndisco_nb.widgets.forms.form_field import faults_in_words, faults_within, joined


def test_paths_are_joined_by_dots():
    assert (joined("a", ""), joined("a", "b.c")) == ("a", "a.b.c")


def test_the_faults_of_a_field_are_those_at_it_and_below_it():
    faults = {"a": "1", "a.b": "2", "ab": "3", "c.a": "4"}
    assert faults_within("a", faults) == {"": "1", "b": "2"}
    assert faults_within("c", faults) == {"a": "4"}
    assert faults_within("d", faults) == {}


def test_one_fault_names_its_field_once_and_several_are_numbered():
    assert faults_in_words({"turns": "turns is 0."}) == "turns is 0."
    assert faults_in_words({"a.low": "low is 0."}) == "a.low: low is 0."
    assert faults_in_words({"": "It is wrong."}) == "It is wrong."
    assert faults_in_words({"a": "A.", "": "B."}) == "(1) a: A. (2) all: B."
