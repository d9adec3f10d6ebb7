import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
import time

import pandas as pd
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from support.hand_made_studies import labelled, labels_of

import syndisco_nb as snb
from syndisco_nb import records
from syndisco_nb.analysis.figures.forest import draw_forest
from syndisco_nb.analysis.figures.picture import Picture
from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.backend.model.cluster.worker_model import WorkerModel
from syndisco_nb.builder.design import Design
from syndisco_nb.loop import Call
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.shown_tables import CostFigures, FailureRows, OrderRows
from syndisco_nb.shown import Exported, Shown, Viewed
from syndisco_nb.widgets.forms import form_of

NAMES = [
    "ActorType",
    "AfterPhrase",
    "AfterSilences",
    "Annotation",
    "AnnotationExperiment",
    "AnnotationForm",
    "AnnotationSet",
    "BatchModel",
    "CachedModel",
    "ChatMessage",
    "Choice",
    "ClusterModel",
    "CommentSample",
    "Completion",
    "Corpus",
    "Cost",
    "Discussion",
    "DiscussionExperiment",
    "DiscussionForm",
    "Estimate",
    "ExperimentBuilder",
    "ExperimentForm",
    "Flag",
    "FreeText",
    "Hosted",
    "HumanModel",
    "LLMActor",
    "LLMPersona",
    "Label",
    "Labelling",
    "Likert",
    "Message",
    "Model",
    "ModelForm",
    "OpenAIModel",
    "OpenVINOModel",
    "People",
    "PeopleForm",
    "PersonaForm",
    "PromptTemplate",
    "RandomOther",
    "Replicas",
    "Request",
    "RespondWithProbability",
    "RoundRobbin",
    "RoundRobin",
    "Run",
    "Sample",
    "Sampling",
    "Scale",
    "ScriptedModel",
    "StopCondition",
    "Study",
    "SyndiscoError",
    "Transcript",
    "TransformersModel",
    "TurnManager",
    "Weighted",
    "__version__",
    "adjudicate",
    "agreement",
    "analysis",
    "annotated",
    "bundled_model",
    "compare",
    "from_dataframe",
    "load",
    "load_labels",
    "load_personas",
    "log_to",
    "models",
    "options",
    "sample_comments",
    "sample_people",
    "watch",
]
PLAIN_FUNCTIONS = [
    "alternative_annotator_test",
    "distinct_n",
    "diversity",
    "gwet_ac1",
    "gwet_ac2",
    "jensen_shannon",
    "jensen_shannon_kde",
    "krippendorff_alpha",
    "ndfu",
    "ppi_difference",
    "ppi_mean",
]
HEAVY = {"torch", "transformers", "pandas", "numpy", "ipywidgets", "IPython"}
LIMIT_S = 0.25


def test_the_public_names_are_these():
    assert sorted(snb.__all__) == NAMES
    assert dir(snb) == sorted(snb.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_can_be_imported(name):
    namespace = {}
    exec(f"from syndisco_nb import {name}", namespace)  # noqa: S102
    assert namespace[name] is getattr(snb, name)


def test_the_plain_functions_of_analysis_are_these():
    from syndisco_nb import analysis

    assert sorted(analysis.__all__) == PLAIN_FUNCTIONS == dir(analysis)
    for name in PLAIN_FUNCTIONS:
        assert ">>> " in inspect.getdoc(getattr(analysis, name))
        assert "Parameters\n---" in inspect.getdoc(getattr(analysis, name))
    assert not modules_after("import syndisco_nb.analysis") & HEAVY


def test_a_wrong_name_says_what_there_is():
    with pytest.raises(AttributeError, match=r"syndisco_nb has no 'LLMAktor'\. Did you mean 'LLMActor'\?"):
        snb.LLMAktor  # noqa: B018
    with pytest.raises(AttributeError, match=r"syndisco_nb has no 'zzz'. It has: .*LLMActor, LLMPersona"):
        snb.zzz  # noqa: B018
    with pytest.raises(ImportError, match="LLMAktor"):
        exec("from syndisco_nb import LLMAktor")  # noqa: S102


def modules_after(code):
    command = [sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(list(sys.modules)))"]
    return set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


@pytest.mark.seconds
def test_importing_the_package_takes_no_time():
    seconds = []
    for _ in range(3):
        command = [sys.executable, "-X", "importtime", "-c", "import syndisco_nb"]
        report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        (line,) = [line for line in report.splitlines() if line.endswith("| syndisco_nb")]
        seconds.append(int(line.split("|")[1]) / 1e6)
    assert min(seconds) < LIMIT_S


def test_importing_the_package_brings_in_nothing_heavy():
    assert not modules_after("import syndisco_nb") & (HEAVY | {"pydantic", "asyncio", "tqdm"})


@pytest.mark.parametrize(
    "module", ["experiments", "backend.model", "backend.actors", "backend.persona", "runs", "builder"]
)
def test_importing_the_guides_modules_brings_in_nothing_heavy(module):
    assert not modules_after(f"import syndisco_nb.{module}") & HEAVY


def test_holding_a_discussion_brings_in_nothing_heavy(tmp_path):
    code = (
        "import syndisco_nb as snb\n"
        "users = [snb.LLMActor(model=snb.ScriptedModel('a'), name=name) for name in ('Ana', 'Ben')]\n"
        f"snb.DiscussionExperiment(topics=['Tax'], users=users).begin({str(tmp_path)!r})"
    )
    assert not modules_after(code) & HEAVY


# Reprs


def classes_that_users_hold():
    """Return the public classes, and all others that show themselves in a notebook."""
    for info in pkgutil.walk_packages(snb.__path__, "syndisco_nb."):
        importlib.import_module(info.name)
    found, waiting = set(), [Shown]
    while waiting:
        kinds = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("syndisco_nb.")]
        found |= {kind for kind in kinds if not kind.__name__.startswith("_")}
        waiting += kinds
    public = {getattr(snb, name) for name in snb.__all__ if inspect.isclass(getattr(snb, name))}
    bases = {Exported, Viewed, Picture, CostFigures, FailureRows, OrderRows}
    # A data frame has the repr of pandas, of several lines.
    return {kind for kind in found | public if not issubclass(kind, Exception | pd.DataFrame)} - bases


@pytest.fixture
def things(users, annotator, tmp_path):
    """One object of every class that a user can hold."""
    run = snb.DiscussionExperiment(topics=["Tax\ntoll"], users=users, num_turns=3, seed=1).begin(tmp_path / "talks")
    labels = snb.AnnotationExperiment(annotators=[annotator]).begin(run, tmp_path / "labels")
    message = run[0].comments[-1]
    personas = [snb.LLMPersona(username="Ana", special_instructions="a\nb")]
    log = snb.log_to(tmp_path)
    form = form_of(Design)
    varied = snb.ExperimentForm()["vary"]
    asked = snb.LLMActor(snb.ScriptedModel("1"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    builder = (
        snb.ExperimentBuilder()
        .model(snb.ScriptedModel("Yes.\nNo."))
        .participants(snb.sample_people(pd.DataFrame({"age": [30, 40]}), 2, quotas={"age": {30: 0.5, 40: 0.5}}))
        .topics(["Tax\ntoll", ["Tax", {"name": "Ana", "text": "No.\nYes."}]])
        .moderator("Be\nkind.")
        .annotators(asked)
    )
    study = builder.run(tmp_path / "study")
    dana = snb.HumanModel("Dana")
    call = Call(dana.complete(snb.Request((), 1)))
    while not dana.waiting:
        time.sleep(0.01)
    judges = [
        snb.LLMActor(snb.ScriptedModel(one), name, actor_type=snb.ActorType.ANNOTATOR) for one, name in ("1A", "2B")
    ]
    sets = [snb.Annotation(judge, run[0], snb.Likert("a"), seed=1).run() for judge in judges]
    differing = snb.adjudicate(*sets, run, annotator="Eva", folder=tmp_path / "eva")
    by_hand = snb.Labelling(run, snb.Likert("a"), "Dana", tmp_path / "dana")
    scored = [snb.LLMActor(snb.ScriptedModel("1"), name, actor_type=snb.ActorType.ANNOTATOR) for name in ("A", "B")]
    ratings = snb.AnnotationExperiment(scored, snb.Likert("a")).begin(run, tmp_path / "rated")
    rated = ratings.agreement()
    for _ in range(3):
        by_hand.label(1)
    validated = ratings.validate(by_hand)
    people = [labels_of(0, [1, 2], "people")]
    effect = labelled({"none": [[1, 2], [2, 4]], "host": [[2, 2], [3, 5]]}).contrast("toxicity", human=people)
    planned = labelled({"none": [[1], [2], [4]], "host": [[2], [2], [5]]}).plan("toxicity", 2, draws=100)
    guard = snb.ExperimentBuilder.from_yaml("{model: {type: OpenAIModel, model_name: gpt}}").models.guard
    yield [
        *(run, run[0], message, message.generation, message.generation.prompt[0], run[0].users[0]),
        *(labels, labels[0], labels[0].labels[0]),
        *(users[0], annotator, annotator.actor_type, users[0].model, users[0].prompt_format),
        *(personas[0], snb.People(personas), snb.PromptTemplate("a\n{name}", "b")),
        *(builder.design.participants, builder.design.participants.quotas[0]),
        *(
            snb.RoundRobin(),
            snb.RoundRobbin(),
            snb.RandomOther(),
            snb.RespondWithProbability(),
            snb.Weighted({"Ana": 2}),
            snb.Hosted(2),
            snb.AfterSilences(2),
            snb.AfterPhrase("we\nagree"),
        ),
        *(
            snb.TransformersModel("org/name"),
            snb.bundled_model(engine="openvino"),
            snb.OpenAIModel("org/name"),
            snb.Sampling(),
            snb.Request((), 1),
            snb.Completion("a\nb"),
            snb.Cost(1, 2, 3, 4.0, 5),
            snb.Estimate(1, 2, 3, 4.0, 5),
        ),
        *(dana, dana.waiting[0], by_hand, by_hand.current, run.sample(2), differing, rated, rated.rows[0]),
        *(validated, validated.rows[0], validated.rows[0].classes[0]),
        *(effect, effect["host"], effect.effect_size, effect.levels[0], effect.human[0]),
        *(run.report(), effect.assumptions[0], effect.models[0], planned),
        *(dana.seat(), by_hand.widget()),
        snb.CachedModel(users[0].model, tmp_path / "answers.jsonl"),
        *(snb.ClusterModel(users[0].model, "tcp://127.0.0.1:9"), WorkerModel("a", "tcp://127.0.0.1:9", print)),
        snb.BatchModel(snb.OpenAIModel("org/name")),
        *(snb.Likert("a"), snb.Choice("a", ["b", "c"]), snb.Flag("a"), snb.FreeText("a")),
        *(snb.Discussion(users), snb.Annotation(annotator, run[0])),
        *(snb.DiscussionExperiment(topics=["Tax"], users=users), snb.AnnotationExperiment(annotators=[annotator])),
        *(
            snb.annotated(run[0], labels),
            snb.annotated(run, labels),
            snb.compare(run[0], run[1]),
            run[:2],
            snb.Corpus(run),
            snb.options,
            run.view(),
        ),
        snb.watch(tmp_path / "talks"),
        draw_forest(["a"], [1.0], [(0.0, 2.0)], "Effect", "difference", "3 pairs."),
        snb.Discussion(users, topic="Tax").fork(0).parent,
        *(Failure("a", "b", "c\nd", 1, 1), Skipped("a", "b\nc")),
        run.skipped,
        *(run.verify(), run.replay(0), run.checks(), run.checks()[0], log),
        *(form, form["turns"], form["model"], form["models"], form["moderator"], form_of(snb.LLMPersona)),
        *(
            snb.PersonaForm(),
            snb.PeopleForm(),
            snb.ModelForm(),
            snb.DiscussionForm(),
            snb.AnnotationForm(),
            snb.ExperimentForm(),
        ),
        *(varied, varied.add()),
        *(builder, builder.design, builder.design.model, builder.design.moderator, builder.design.annotators[0]),
        builder.design.topics[1][1],
        *(guard, guard.refused[0], snb.ExperimentForm().permission),
        *(builder.preview(), study, study.annotate(), snb.sample_people(pd.DataFrame({"age": [30]}), 1)),
    ]
    log.stop()
    call.cancel()


def test_what_a_user_can_hold_has_a_one_line_repr_without_address(things):
    for thing in things:
        if not inspect.isfunction(thing):
            assert "\n" not in repr(thing), type(thing)
            assert not re.search(r"\bat 0x[0-9a-f]+|object at", repr(thing)), type(thing)


def test_tab_offers_what_every_thing_has(things):
    for thing in [snb, *({type(thing): thing for thing in things}.values())]:
        completer = IPCompleter(namespace={"thing": thing}, use_jedi=True)
        with provisionalcompleter():
            offered = {one.text for one in completer.completions("thing.", len("thing."))}
        missing = {name for name in dir(thing) if not name.startswith("_")} - offered
        assert not missing, type(thing)


def test_no_class_that_users_hold_is_missing_above(things):
    held = {kind.__name__ for thing in things for kind in type(thing).__mro__}
    kinds = {kind.__name__ for kind in kinds_of(Kind).values()}  # each has a test of its own
    others = {kind.__name__ for kind in classes_that_users_hold()} - held - kinds
    assert {name for name in others if not name.startswith("Recorded")} == set()  # those are parts of a verification


def test_the_errors_are_one_tree():
    from syndisco_nb import errors

    own = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]
    assert all(issubclass(error, errors.SyndiscoError) for error in own)
    assert all(error.__name__ in errors.__doc__ for error in own)


def test_records_are_immutable():
    message = records.Message(0, 0, "Ana", "Hello.", "m")
    with pytest.raises(AttributeError):
        message.text = "Bye."
