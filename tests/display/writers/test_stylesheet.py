import re
from pathlib import Path

import syndisco_nb
from syndisco_nb.display.colours import DARK, LIGHT
from syndisco_nb.display.writers import stylesheet
from syndisco_nb.display.writers.safe_html import Html
from syndisco_nb.display.writers.stylesheet import minified, sheet, style


def test_a_style_sheet_means_the_same_when_minified():
    css = """/* one:
    two */
    .snb a > b + c, .snb d:hover { color: red;  margin: -1px calc(1px + 2px);
      content: attr(data-i) / ""; }
    @media (max-width: 640px) { .snb { font: 1px "Segoe UI", sans-serif } }"""
    assert minified(css) == (
        '.snb a>b + c,.snb d:hover{color:red;margin:-1px calc(1px + 2px);content:attr(data-i) / ""}'
        '@media (max-width:640px){.snb{font:1px "Segoe UI",sans-serif}}'
    )


def test_texts_in_our_files_are_unchanged():
    for file in Path(stylesheet.__file__).parent.glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r'"[^"]*"', minified(css)) == re.findall(r'"[^"]*"', css), file


def test_the_sheet_is_small():
    assert not re.search(r"/\*|\n|  |; |;}", sheet())
    assert len(sheet()) < 25_000


def test_all_files_and_the_colours_of_all_speakers_are_in_it():
    for rule in (".snb-title", ".snb-talk", ".snb-wide"):
        assert rule in sheet()
    assert f".snb-c7{{--snb-c:light-dark({LIGHT[7]},{DARK[7]});" in sheet()


def test_braces_match():
    assert sheet().count("{") == sheet().count("}")


def test_an_output_has_the_rules_that_it_needs():
    css = (
        ".snb{a:b}.snb .snb-x,.snb .snb-y .snb-z{c:d}.snb .snb-y:not(.snb-z){e:f}"
        "@media print{.snb .snb-x{g:h}.snb .snb-y{i:j}}@media screen{.snb .snb-x{k:l}}"
    )
    rules = stylesheet._rules(css)
    used = "".join(rule.used({"snb", "snb-y"}) for rule in rules)
    assert used == ".snb{a:b}.snb .snb-y:not(.snb-z){e:f}@media print{.snb .snb-y{i:j}}"
    assert "".join(rule.used({"snb", "snb-x", "snb-y"}) for rule in rules) == css
    assert ":is(" not in sheet()  # whose commas part no selectors


def test_it_is_one_element_and_smaller_than_the_sheet():
    element = style(Html('<div class="snb"><p class="snb-note">'))
    assert element.startswith("<style>.snb{color-scheme:light;")
    assert ".snb .snb-note{" in element
    assert ".snb-talk" not in element
    assert len(element) < len(sheet()) / 2


def test_every_class_that_has_a_rule_is_given_to_something():
    package = Path(syndisco_nb.__file__).parent
    files = [file for ending in ("*.py", "*.js") for file in package.rglob(ending)]
    given = {name for file in files for name in re.findall(r"snb-[\w-]+", file.read_text(encoding="utf-8"))}
    composed = {f"snb-{kind}{number}" for kind in "clp" for number in range(11)}
    composed |= {"snb-guest", "snb-moderator", "snb-opening"}
    assert set(re.findall(r"\.(snb-[\w-]+)", sheet())) <= given | composed
