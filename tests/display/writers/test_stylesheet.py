import re

from syndisco_nb.display.colours import DARK, LIGHT
from syndisco_nb.display.writers.stylesheet import sheet, style


def test_comments_and_indents_are_left_out():
    assert "/*" not in sheet()
    assert "*/" not in sheet()
    assert not re.search(r"^\s|\n\n", sheet())


def test_all_files_and_the_colours_of_all_speakers_are_in_it():
    for rule in (".snb-title", ".snb-talk", ".snb-wide"):
        assert rule in sheet()
    assert f".snb-c7{{--snb-c:light-dark({LIGHT[7]},{DARK[7]});" in sheet()


def test_braces_match():
    assert sheet().count("{") == sheet().count("}")


def test_it_is_one_element():
    assert style() == f"<style>{sheet()}</style>"
