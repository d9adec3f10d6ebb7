"""Files that hold designs: broken, hostile or absurd ones end with a message, at once."""

import itertools
import json

import pytest

from syndisco_nb import ExperimentBuilder
from syndisco_nb.builder import documents as files
from syndisco_nb.errors import InvalidInputError, RecordError, TrustError

NAMES = "abcdefghijklmnop"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n" for before, after in itertools.pairwise(NAMES)
)
VARIED = {name: {f"level {number}": number for number in range(1, 500)} for name in ("window", "turns")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "its aliases (*) stand for more than 100,000 values. Write them out."),
        ("topics: &a [*a]", "the alias *a stands for something that it is in itself"),
        (f"topics: {'[' * 10_000}{']' * 10_000}", "it is nested more than 100 deep"),
        ("- " * 10_000, "it is nested more than 100 deep"),
        (f"p: &p {{username: Ana}}\nparticipants: [{'*p, ' * 1_000_000}]", "its aliases (*) stand for more than"),
        (f"topics: [{'a, ' * 400_000}]", "it holds more than 80,000 values. Give people and topics by files"),
        (f"turns: 1{'0' * 400}", "it holds a number of 401 characters"),
        (f"turns: 1{':10' * 100_000}", "it holds a number of 300,001 characters"),
        (f"turns: 1{'0' * 300}", "turns is 1000"),
        ("turns: 3\nturns: 4", "'turns' stands twice in one mapping, line 2"),
        ("vary: {window: {a: 1, a: 2}}", "'a' stands twice in one mapping, line 1"),
        (f"context: {'a' * 2_000_000}", "context has 2,000,000 characters, but may have up to 1,000,000. Shorten it."),
        (f"topics: [{'a' * 2_000_000}]", "A topic has 2,000,000 characters, but may have up to 1,000,000."),
        (f"context: {'a' * 2**24}", "has 16 MiB, but may have 16"),
        ("discussions: 1000000000", "discussions is 1000000000, but may be 1,000,000 at most. Lower it."),
        (f"vary: {json.dumps(VARIED)}", "vary makes 249001 conditions, but a study has up to 1,000. Vary less."),
        ("scales: [{type: Likert, name: a, high: 1000000000}]", "high is 1000000000, but may be 1,000 at most"),
        ("model: {type: a\nturns: 4", "while parsing a flow mapping at line 1, column 8 did not find"),
        ("turns: .inf", "turns is inf, but must be a whole number of 1 or more"),
        ("turns: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
    ],
    ids=range(20),
)
def test_an_absurd_design_in_yaml_ends_with_a_message(text, said):
    with pytest.raises((RecordError, InvalidInputError)) as caught:
        ExperimentBuilder.from_yaml(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{{"topics": {"[" * 10_000}{"]" * 10_000}}}', "recursion limit exceeded"),
        (f'{{"turns": 1{"0" * 400}}}', "turns is 1000"),
        (f'{{"turns": 1{"0" * 5000}}}', "number out of range"),
        ('{"discussions": 1e9}', "discussions is 1000000000.0, but must be a whole number"),
        (f'{{"moderator": ["{"a" * 2_000_000}"]}}', "moderator is ['aaa"),
        (f'{{"context": "{"a" * 2**26}"}}', "has 64 MiB, but may have 64"),
    ],
    ids=range(6),
)
def test_and_in_json(text, said):
    with pytest.raises((RecordError, InvalidInputError)) as caught:
        ExperimentBuilder.from_json(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_long_path_is_shortened():
    with pytest.raises(TrustError) as caught:
        ExperimentBuilder.from_json(json.dumps({"topics": "a" * 2_000_000}))
    assert len(str(caught.value)) < 500


def test_what_stands_for_little_may_be_written_once():
    study = ExperimentBuilder.from_yaml("""
vary: {turns: &numbers {few: 1, many: 9}, window: *numbers}
""")
    assert study.design.vary == {"turns": {"few": 1, "many": 9}, "window": {"few": 1, "many": 9}}


@pytest.mark.parametrize("name", ["study.yaml", "study.json"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_damage(tmp_path, name, encoding):
    study = ExperimentBuilder(seed=3).topics(["Größe?"]).turns(4)
    text = study.save(tmp_path / name).read_text("utf-8")
    (tmp_path / name).write_text(text, encoding)
    assert ExperimentBuilder.load(tmp_path / name) == study


def test_a_large_design_that_was_saved_can_be_loaded(tmp_path):
    study = ExperimentBuilder().participants([{"username": f"Person {number}", "age": 30} for number in range(3000)])
    assert len(ExperimentBuilder.load(study.save(tmp_path / "study.json")).design.participants) == 3000
    assert len(files.parse_yaml(study.to_yaml(), "it")["participants"]) == 3000


def test_saving_makes_the_folders_that_it_needs(tmp_path):
    study = ExperimentBuilder(seed=3)
    assert ExperimentBuilder.load(study.save(tmp_path / "new" / "one" / "study.yaml")) == study
    assert study.to_html(tmp_path / "pages" / "study.html").exists()


@pytest.mark.parametrize("tagged", ["!!int ''", "!!int '-'", "!!float ''", "!!bool xyz", "!!timestamp xyz"])
def test_a_value_that_does_not_fit_its_tag_is_a_fault_of_the_file(tagged):
    with pytest.raises(RecordError, match="cannot be read"):
        ExperimentBuilder.from_yaml(f"turns: {tagged}")


@pytest.mark.parametrize(
    "document",
    [
        {"topics": ["Tax?"] * 90_000},
        {"participants": [{"username": "A"}] * 50_000},
        dict.fromkeys(map(str, range(90_000))),
    ],
    ids=["topics", "people", "settings"],
)
def test_json_of_any_number_of_values_is_refused_before_it_is_made_anything_of(document):
    with pytest.raises(RecordError, match="more than 80,000 values"):
        ExperimentBuilder.from_json(json.dumps(document))


def test_thousands_of_unknown_settings_are_one_error_about_the_first():
    with pytest.raises(InvalidInputError, match="There is no setting 'a0'"):
        ExperimentBuilder.from_json(json.dumps({f"a{number}": 1 for number in range(70_000)}))
