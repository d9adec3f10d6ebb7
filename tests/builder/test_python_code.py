"""Python that makes a study, and the expressions in it."""

import pytest
from support.forms import a_study

import syndisco_nb as snb
from syndisco_nb.builder.design import Moderator
from syndisco_nb.builder.python_code import PythonExpression, call, expression, study_code


def evaluated(code):
    return eval(code, {"snb": snb})  # noqa: S307


@pytest.mark.parametrize(
    "value",
    ["it's", 3, None, [1, "a"], {"a": [1, 2]}, snb.LLMPersona(username="Ana", age=30, languages=["el", "en"])],
)
def test_an_expression_makes_an_equal_value(value):
    assert evaluated(expression(value)) == value


def test_long_collections_have_a_line_for_each_item():
    value = {"first": ["x" * 50, "y" * 50], "second": 2}
    assert expression(value).splitlines()[1:3] == ["    'first': [", f"        '{'x' * 50}',"]
    assert evaluated(expression(value)) == value


def test_python_stands_as_it_is_and_text_in_quotes():
    assert expression([PythonExpression("1 + 1"), "1 + 1"]) == "[1 + 1, '1 + 1']"
    assert call("f", PythonExpression("x"), "x", n=[1]) == "f(x, 'x', n=[1])"
    assert expression(call("f")) == "f()"


def test_instructions_alone_are_a_moderator():
    assert expression(Moderator(instructions="Be kind.")) == "'Be kind.'"
    assert expression(Moderator(name="Mo")) == "{'instructions': '', 'name': 'Mo'}"


def test_a_study_is_made_by_its_code():
    study = a_study().annotators([{"name": "judge"}], snb.Flag("rude"), window=4).window(5, counts="all")
    study = study.participants(a_study().design.participants, per_discussion=1)
    study = study.model(snb.ScriptedModel(["No."]), of=["Ben"])
    namespace = {}
    exec(study_code(study.design), namespace)  # noqa: S102
    assert namespace["study"] == study
    assert study_code(snb.ExperimentBuilder().design) == (
        "import syndisco_nb as snb\n\nstudy = (\n    snb.ExperimentBuilder()\n)\n"
    )
