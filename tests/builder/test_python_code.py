"""The Python that makes an equal builder: only what differs from the defaults, in the order in which it must stand."""

import pytest
from support.designs import PEOPLE, rater, small_builder

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, ScriptedModel


def made_by(code):
    namespace = {}
    exec(code, namespace)  # noqa: S102
    return namespace["study"]


def test_defaults_are_left_out():
    assert ExperimentBuilder().to_code() == "import syndisco_nb as snb\n\nstudy = (\n    snb.ExperimentBuilder()\n)\n"
    assert ".turns(" not in ExperimentBuilder().turns(10).to_code()
    assert "ExperimentBuilder(seed=7)" in small_builder().to_code()


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (lambda b: b.turns(3), ".turns(3)"),
        (lambda b: b.window(5, counts="all"), ".window(5, counts='all')"),
        (lambda b: b.participants(PEOPLE[:2], per_discussion=1), "per_discussion=1)"),
        (lambda b: b.moderator("Be kind.", name="Mo"), ".moderator(instructions='Be kind.', name='Mo')"),
        (lambda b: b.moderator(""), ".moderator(instructions='')"),
        (lambda b: b.turn_taking(snb.RespondWithProbability(0.25)), ".turn_taking(snb.RespondWithProbability(p=0.25))"),
        (
            lambda b: b.topics([["Tax", {"name": "Ana", "text": "Yes."}]]),
            ".topics([['Tax', {'name': 'Ana', 'text': 'Yes.'}]])",
        ),
        (lambda b: b.vary(window={"short": 1, "long": 5}), ".vary(window={'short': 1, 'long': 5})"),
        (lambda b: b.annotators(rater(), [snb.Flag("rude")], window=1), "scales=[snb.Flag(name='rude'"),
    ],
)
def test_a_setting_is_the_call_that_makes_it(step, line):
    builder = step(ExperimentBuilder())
    assert line in builder.to_code()
    assert made_by(builder.to_code()) == builder


def test_names_come_before_the_models_of_some():
    builder = small_builder().model(ScriptedModel("No.", name="other"), of=["Ben"])
    code = builder.to_code()
    assert code.index(".participants(") < code.index("of=['Ben']")
    assert made_by(code) == builder
