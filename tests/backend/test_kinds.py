"""Kinds: one file is enough for a new one, and nothing else lists it."""

import inspect
import json
import subprocess
import sys
import types

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.kinds import Kind, Requirement, design_parameters, inner_kinds, kinds_of, load_modules

BASES = (snb.Model, snb.TurnManager, snb.StopCondition, snb.Scale)

SHY = '''
from syndisco_nb.backend.turn_manager.turn_manager import TurnManager


class Shy(TurnManager):
    """Some speak only every few turns.

    Parameters
    ----------
    who : str
        The shy one.
    pause : int
        How many turns they wait.
    """

    form_label = "Everybody, but one seldom"

    def __init__(self, who: str, pause: int = 3) -> None:
        self.who, self.pause = who, pause
        super().__init__()

    def choose(self, names, history, rng):
        recent = [message.name for message in history[-self.pause:]]
        return rng.choice([name for name in names if name != self.who or self.who not in recent])

    def settings(self):
        return {**super().settings(), "who": self.who, "pause": self.pause}
'''
STARS = '''
from dataclasses import dataclass

from syndisco_nb.backend.scale.scale import Scale


@dataclass(frozen=True)
class Stars(Scale):
    """One to five stars."""

    form_label = "Stars"
    level = "ordinal"
    value_type = int

    @property
    def labels(self):
        return ("1", "2", "3", "4", "5")

    @property
    def asks(self):
        return self.question or f"How many stars for {self.name}?"

    def instruction(self):
        return f"{self.asks} Answer with a number from 1 to 5."

    def value(self, label):
        return int(label)
'''
AFTER_COMMENTS = '''
from syndisco_nb.backend.stop_condition.stop_condition import StopCondition


class AfterComments(StopCondition):
    """So many comments were made."""

    form_label = "After so many comments"

    def __init__(self, comments: int) -> None:
        self.comments = comments

    def holds(self, history):
        return sum(not message.silent for message in history) >= self.comments

    def settings(self):
        return {**super().settings(), "comments": self.comments}
'''
USE = """
import json, sys
from pathlib import Path
import syndisco_nb as snb
from syndisco_nb.backend import scale, stop_condition, turn_manager
from syndisco_nb.backend.kinds import kinds_of, load_modules

folder = Path(sys.argv[1])
for room in (turn_manager, scale, stop_condition):
    room.__path__.append(str(folder / room.__name__.rpartition(".")[2]))
    load_modules(room.__name__, room.__path__)
for base in (snb.TurnManager, snb.Scale, snb.StopCondition):
    for name, kind in kinds_of(base).items():
        setattr(snb, name, kind)  # the public names

people = [snb.LLMPersona(username=name) for name in ("Ana", "Ben", "Cem")]
judge = {"name": "J", "instructions": "Judge."}
builder = (
    snb.ExperimentBuilder(seed=1).model(snb.ScriptedModel(["3"])).participants(people, per_discussion=3).topics(["Tax"])
    .turn_taking(snb.Shy("Ana")).stop(snb.AfterComments(5)).turns(30).discussions(1)
    .annotators([judge], scales=[snb.Stars("tone")])
)
builder.save(folder / "design.yaml")
namespace = {}
exec(builder.to_code(), namespace)
read = snb.ExperimentBuilder.load(folder / "design.yaml")
assert read.to_json() == builder.to_json() == namespace["study"].to_json()
study = read.run(folder / "study")
form = snb.ExperimentForm()
form["turn_taking"]["type"].value = "Shy"
form["turn_taking"]["who"].text = "Ana"
run = study["all"]
print(json.dumps({
    "spec": json.loads(Path(run.folder, "run.json").read_text())["spec"],
    "ended": run[0].ended,
    "problems": run.verify().problems,
    "labels": [label.value for label in study.annotate()["all"][0].labels],
    "choice": [list(option) for option in form["turn_taking"]["type"].options],
    "part": form["turn_taking"].given.plain(),
}))
"""


def test_a_new_file_is_a_choice_everywhere(tmp_path):
    files = {"turn_manager/shy": SHY, "scale/stars": STARS, "stop_condition/after_comments": AFTER_COMMENTS}
    for name, source in files.items():
        file = tmp_path / f"{name}.py"
        file.parent.mkdir()
        file.write_text(source)
    done = subprocess.run([sys.executable, "-c", USE, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout.splitlines()[-1])
    assert shown["spec"]["turn_manager"] == {"type": "Shy", "who": "Ana", "pause": 3}
    assert shown["spec"]["stop"] == [{"type": "AfterComments", "comments": 5}]
    assert (shown["ended"], shown["problems"]) == ("AfterComments(comments=5)", [])
    assert shown["labels"] == [3] * 5
    assert ["Shy", "Everybody, but one seldom", False] in shown["choice"]
    assert shown["part"] == {"type": "Shy", "who": "Ana", "pause": 3}


@pytest.mark.parametrize(
    ("base", "first"),
    [
        (snb.Model, ["bundled_model", "TransformersModel", "OpenVINOModel", "OpenAIModel", "ScriptedModel"]),
        (snb.TurnManager, ["RoundRobin", "RandomOther", "RespondWithProbability", "Weighted", "Hosted"]),
        (snb.StopCondition, ["AfterPhrase", "AfterSilences"]),
        (snb.Scale, ["Likert", "Choice", "Flag", "FreeText"]),
    ],
)
def test_the_most_usual_choices_come_first(base, first):
    assert list(kinds_of(base))[: len(first)] == first


@pytest.mark.parametrize("base", BASES)
def test_every_choice_has_a_public_name_words_and_a_description(base):
    for name, kind in kinds_of(base).items():
        assert getattr(snb, name) is kind.constructor()
        assert kind.form_label
        assert inspect.getdoc(kind.constructor())


def test_a_class_of_the_users_own_is_no_choice():
    class Loudest(snb.RandomOther):
        words = "The loudest"

    assert "Loudest" not in kinds_of(snb.TurnManager)
    assert snb.TurnManager.remake(Loudest().settings()) is None


@pytest.mark.parametrize(
    "manager",
    [
        snb.RoundRobin(),
        snb.RespondWithProbability(0.25),
        snb.Weighted({"Ana": 2}),
        snb.Hosted(2, host="Ana", then=snb.Hosted(3, then=snb.Weighted({"Ben": 0.5}))),
    ],
    ids=repr,
)
def test_an_object_is_made_again_from_its_record(manager):
    again = snb.TurnManager.remake(json.loads(json.dumps(manager.settings())))
    assert (type(again), again.settings()) == (type(manager), manager.settings())


@pytest.mark.parametrize(
    "settings",
    [
        None,
        [],
        {},
        {"type": "Shy"},
        {"type": "AfterSilences", "silences": 2},
        {"type": "RespondWithProbability", "p": 2},
        {"type": "RespondWithProbability", "p": 0.5, "q": 1},
        {"type": "Weighted"},
        {"type": "Hosted", "rule": "app.after_ben (12345678)", "host": None, "then": {"type": "RoundRobin"}},
        {"type": "Hosted", "rule": 2, "host": None, "then": {"type": "Shy"}},
    ],
)
def test_a_record_that_cannot_be_followed_makes_nothing(settings):
    assert snb.TurnManager.remake(settings) is None


def test_an_older_record_may_say_less():
    assert snb.TurnManager.remake({"type": "RespondWithProbability"}).p == 0.5


def test_a_kind_says_how_to_install_what_it_needs():
    class Here(Kind):
        requires = Requirement(("json", "sys"), "pip install here")

    class Away(Kind):
        requires = Requirement(("json", "no_such_package"), "pip install away")

    assert (Kind.install_command(), Here.install_command(), Away.install_command()) == (None, None, "pip install away")


def test_the_key_and_what_an_experiment_gives_are_not_kept():
    assert [parameter.name for parameter in design_parameters(snb.Weighted)] == ["weights"]
    assert "api_key" not in [parameter.name for parameter in design_parameters(snb.OpenAIModel)]


def test_parts_within_are_known_by_their_annotation():
    assert inner_kinds(snb.CachedModel) == {"model": snb.Model}
    assert inner_kinds(snb.Hosted) == {"then": snb.TurnManager}
    assert inner_kinds(snb.Weighted) == {}


def test_only_modules_with_the_ending_are_loaded(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    room = tmp_path / "some_room"
    (room / "deeper").mkdir(parents=True)
    for name in ("__init__", "deeper/__init__", "one_model", "deeper/two_model", "other"):
        (room / f"{name}.py").write_text("")
    package = types.ModuleType("some_room")
    package.__path__ = [str(room)]
    for name in ("some_room", "some_room.deeper", "some_room.one_model", "some_room.deeper.two_model"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "some_room", package)
    load_modules("some_room", package.__path__, "_model")
    loaded = {name for name in sys.modules if name.startswith("some_room.")}
    assert loaded == {"some_room.deeper", "some_room.one_model", "some_room.deeper.two_model"}
    for name in loaded:
        del sys.modules[name]


def test_models_are_found_without_their_engines():
    script = "import sys, syndisco_nb.backend.model; print({'torch', 'transformers', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
