"""The methods of a builder: what unsets, what is completed, and what a misspelt name is answered with."""

import inspect

import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, ScriptedModel
from syndisco_nb.builder.design import Design
from syndisco_nb.errors import InvalidInputError, UnknownNameError

PEOPLE = [snb.LLMPersona(username=name) for name in ("Ana", "Ben", "Cem")]
JUDGE = snb.LLMActor(ScriptedModel("yes"), "judge", actor_type=snb.ActorType.ANNOTATOR)
GIVEN = {
    "model": ScriptedModel("Yes."),
    "participants": PEOPLE,
    "context": "A forum.",
    "instructions": "Be brief.",
    "topics": ["Tax"],
    "moderator": "Be kind.",
    "turn_taking": snb.RandomOther(),
    "window": 7,
    "turns": 8,
    "stop": snb.AfterSilences(2),
    "discussions": 9,
    "seed": 11,
    "annotators": [JUDGE],
}


@pytest.mark.parametrize("step", GIVEN)
def test_none_sets_the_default_again(step):
    changed = getattr(ExperimentBuilder(), step)(GIVEN[step])
    assert changed != ExperimentBuilder()
    assert getattr(changed, step)(None) == ExperimentBuilder()


def test_none_of_several_settings_unsets_that_one_alone():
    study = ExperimentBuilder().participants(PEOPLE, per_discussion=3)
    assert study.participants(per_discussion=None).design.per_discussion == 2
    assert study.participants(per_discussion=None).design.participants == tuple(PEOPLE)
    study = study.annotators([JUDGE], [snb.Flag("sarcasm")], window=5)
    without = study.annotators(scales=None)
    assert (without.design.scales, len(without.design.annotators), without.design.annotation_window) == ((), 1, 5)
    study = study.model(ScriptedModel("a")).model(ScriptedModel("b", name="b"), of=["Ana", "Ben"])
    assert list(study.model(None, of=["Ana"]).design.models) == ["Ben"]
    study = study.vary(window={"short": 1, "long": 5}, turns={"few": 1, "many": 5})
    assert list(study.vary(window=None).design.vary) == ["turns"]


def test_a_context_and_instructions_are_told_by_default():
    study = ExperimentBuilder(seed=1).model(ScriptedModel("Yes.")).participants(PEOPLE).topics(["Tax"])
    prompt = str(study.preview())
    assert "You are taking part in an online discussion." in prompt
    assert "Say what you think" in prompt
    none = str(study.context("").instructions("").preview())
    assert "online discussion" not in none
    assert "Say what you think" not in none


@pytest.mark.parametrize(
    ("name", "meant"),
    [("participant", "participants"), ("topic", "topics"), ("moderater", "moderator"), ("annotator", "annotators")],
)
def test_a_misspelt_method_is_answered_with_the_right_one(name, meant):
    with pytest.raises(UnknownNameError, match=f"ExperimentBuilder has no '{name}'. Did you mean '{meant}'"):
        getattr(ExperimentBuilder(), name)
    assert not hasattr(ExperimentBuilder(), "_repr_latex_")


@pytest.mark.parametrize(("name", "meant"), [("Likret", "Likert"), ("LLMPersonas", "LLMPersona"), ("Strudy", "Study")])
def test_a_misspelt_name_of_the_package_too(name, meant):
    with pytest.raises(UnknownNameError, match=f"syndisco_nb has no '{name}'. Did you mean '{meant}'"):
        getattr(snb, name)


def test_vary_lists_what_can_be_varied():
    names = list(inspect.signature(ExperimentBuilder().vary).parameters)
    assert names == list(Design.VARIABLE)


@pytest.mark.parametrize("use_jedi", [True, False])
def test_a_notebook_completes_the_settings_and_the_conditions(tmp_path, use_jedi):
    study = ExperimentBuilder(seed=1).model(ScriptedModel("Yes.")).participants(PEOPLE).topics(["Tax"]).turns(1)
    study = study.discussions(1).vary(moderator={"none": None, "facilitator": "Be kind."})
    done = study.run(tmp_path / "run")
    names = {"snb": snb, "model": ScriptedModel("Yes."), "builder": study, "done": done, "run": done["none"]}
    shell = InteractiveShell(user_ns=names)
    completer = IPCompleter(shell=shell, use_jedi=use_jedi, namespace=names)

    def offered(text):
        with provisionalcompleter():
            return " ".join(completion.text for completion in completer.completions(text, len(text)))

    chain = "snb.ExperimentBuilder(seed=7).model(model)"
    if use_jedi:  # which IPython uses where it is installed; without, it evaluates nothing that has a __getattr__
        assert "turn_taking=" in offered("builder.vary(turn_t")
        assert "moderator=" in offered("builder.vary(")
        for steps in (chain, f"{chain}.participants(people).turns(2)", f"{chain}.vary(window={{}})"):
            assert {"run", "start", "preview", "estimate", "save", "topics"} <= set(offered(f"{steps}.").split())
            assert {f"{name}=" for name in Design.VARIABLE} <= set(offered(f"{steps}.vary(").split())
        assert {"wait", "pause", "stop"} <= set(offered(f"{chain}.start(folder).").split())
        assert {"text", "generation"} <= set(offered("run[0].messages[0].").split())
        assert {"prompt", "raw"} <= set(offered("run[0].messages[0].generation.").split())
    assert "facilitator" in offered('done["')
    assert "participants" in offered("builder.partic")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda b: b.annotators(scales="toxicity"), r"scales is 'toxicity', but must be .*Likert\('toxicity'\)"),
        (lambda b: b.annotators(scales=["toxicity"]), r"A scale is 'toxicity', .*Likert\('toxicity'\)"),
        (lambda b: b.annotators("judge"), "annotators is 'judge', but must be a list of LLMActor"),
        (lambda b: b.topics("Should buses be free?"), "cannot be read as a file: .*Give a list of texts"),
        (lambda b: b.participants([JUDGE]), "must hold personas: the design makes an actor of each"),
        (lambda b: b.vary(window=3), "window is varied over 3, but must map"),
        (lambda b: b.discussions(10**9), "discussions is 1000000000, but may be 1,000,000 at most"),
        (
            lambda b: b.model(ScriptedModel("a")).annotators(
                [
                    {"name": "A", "model": ScriptedModel("yes", name="judge")},
                    {"name": "B", "model": ScriptedModel("no", name="judge")},
                ]
            ),
            "Two different models are both called 'judge'",
        ),
    ],
)
def test_a_mistake_has_its_remedy(mistake, said):
    with pytest.raises(InvalidInputError, match=said):
        mistake(ExperimentBuilder())


def test_a_table_of_people_has_its_remedy():
    table = snb.People(PEOPLE).to_dataframe()
    with pytest.raises(InvalidInputError, match=r"participants is a table, .*sample_people\(table, number\)"):
        ExperimentBuilder().participants(table)
