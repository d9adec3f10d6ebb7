"""The form of a model: what is installed, and what it answers, without a browser."""

import threading

import pytest

import syndisco_nb as snb
from syndisco_nb.backend import kinds
from syndisco_nb.errors import InvalidInputError


def answered(form):
    return "".join(one.value for one in form.stage.shown)


def test_only_what_is_installed_can_be_chosen_and_the_rest_says_how_to_install_it(monkeypatch):
    find = kinds.importlib.util.find_spec
    monkeypatch.setattr(
        kinds.importlib.util, "find_spec", lambda name: None if name == "openvino_genai" else find(name)
    )
    options = {value: (label, off) for value, label, off in snb.ModelForm()["type"].options}
    assert "OpenVINOModel" not in options
    (off,) = [label for label, off in options.values() if off]
    assert off.endswith('(not installed: pip install "syndisco-nb[cpu]")')
    assert options["OpenAIModel"] == ("Model on a server (OpenAI, vLLM, Ollama …)", False)


def test_it_is_filled_in_and_is_a_model():
    form = snb.ModelForm()
    form["type"].value = "OpenAIModel"
    form["model_name"].text = "gpt"
    form["timeout_s"].text = "soon"
    assert form.errors == {"timeout_s": "timeout_s is 'soon', but must be a number above 0."}
    form["timeout_s"].text = "60"
    assert form.value.patience["timeout_s"] == 60
    namespace = {}
    exec(form.code(), namespace)  # noqa: S102
    assert namespace["model"].settings() == form.value.settings()


def test_a_limit_and_thinking_may_be_left_to_the_server():
    form = snb.ModelForm(snb.OpenAIModel("gpt", base_url="http://h/v1", max_out_tokens=None, thinking=1000))
    assert (form.value.sampling.max_tokens, form.value.thinking) == (None, 1000)
    form["timeout_s"].text = "60"  # now it is made of what stands in the form
    assert (form.value.sampling.max_tokens, form.value.thinking) == (None, 1000)
    form["max_out_tokens"].text = "2000"
    for typed, thinking in (("false", False), ("yes", True), ("", None), ("1500", 1500)):
        form["thinking"].text = typed
        assert form.value.thinking is thinking or form.value.thinking == thinking == 1500
    form["thinking"].text = "much"
    assert "thinking is 'much'" in form.errors["thinking"]


def test_settings_that_are_rarely_changed_are_folded_away():
    form = snb.ModelForm()
    form["type"].value = "OpenAIModel"
    sections = {one.title: one for one in form._body.children if hasattr(one, "head")}
    assert list(sections) == ["More settings", "Try it out"]
    assert sections["More settings"].head.text == ""


def test_its_answer_is_shown_as_text():
    form = snb.ModelForm(snb.ScriptedModel(["<b>Good morning.</b>"]))
    form.try_it()
    assert form.stage.wait(60).text == "<b>Good morning.</b>"
    assert "&lt;b&gt;Good morning.&lt;/b&gt;" in answered(form)


def test_what_is_missing_is_said_in_the_form(tmp_path):
    form = snb.ModelForm()
    form["type"].value = "OpenVINOModel"
    form["model_path"].text = str(tmp_path / "no.gguf")
    form.try_it()
    assert "no.gguf" in form["model_path"].message
    assert form["model_path"].focused
    form["type"].value = "TransformersModel"
    (tmp_path / "empty").mkdir()
    form["model_path"].text = str(tmp_path / "empty")
    form.try_it()
    with pytest.raises(snb.SyndiscoError):
        form.stage.wait(120)
    assert "empty" in form.stage.said
    form["type"].value = "OpenAIModel"
    form["model_name"].text, form["base_url"].text = "gpt", "http://127.0.0.1:9/v1"
    form["patience_s"].text = "0.2"
    form.try_it()
    with pytest.raises(snb.SyndiscoError):
        form.stage.wait(60)
    assert "no connection" in form.stage.said


def test_a_person_is_not_asked_for_a_trial():
    form = snb.ModelForm(snb.HumanModel("Dana"))
    form.try_it()
    assert "A person answers, once a discussion asks for it." in form.stage.said


def test_batches_are_not_tried():
    form = snb.ModelForm(snb.BatchModel(snb.OpenAIModel("gpt", "http://127.0.0.1:9/v1")))
    assert form.value.model.model_name == "gpt"
    form.try_it()
    assert "Try its model without batches." in form.stage.said


def test_it_can_be_stopped(monkeypatch):
    asked = threading.Event()

    async def never(self, request):
        import asyncio

        asked.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(snb.ScriptedModel, "complete", never)
    form = snb.ModelForm(snb.ScriptedModel(["a"]))
    form.try_it()
    assert asked.wait(60)
    form.stage.stop_button.press()
    form.stage.wait(60)
    assert "Stopped" in form.stage.said
    assert not form.stage.busy


def test_none_may_be_chosen_where_that_is_allowed():
    form = snb.ModelForm(optional=True)
    assert form.value is None
    form.try_it()
    assert "Choose a model first." in form.stage.said
    with pytest.raises(InvalidInputError):
        _ = snb.ModelForm(snb.OpenAIModel("")).value


@pytest.mark.model
def test_the_bundled_model_answers():
    form = snb.ModelForm(snb.bundled_model(max_out_tokens=8))
    form.try_it()
    assert form.stage.wait(120).completion_tokens > 0
    assert "tokens" in answered(form)


def test_replicas_are_filled_in_as_a_list_of_models():
    servers = [snb.OpenAIModel("gpt", f"http://{host}/v1", max_out_tokens=9) for host in "ab"]
    form = snb.ModelForm(snb.Replicas(servers))
    assert form.value.models == tuple(servers)
    added = form["models"].add()
    added["type"].value = "OpenAIModel"
    added["model_name"].text = "gpt"
    added["base_url"].text = "http://c/v1"
    assert form.errors == {
        "models.2": "'max_tokens' is 9 in the first and 500 in the third model. Replicas must answer alike, so that it "
        "does not matter which one is asked: make them equal, or use them as different models."
    }
    added["max_out_tokens"].text = "9"
    assert [model.base_url for model in form.value.models] == ["http://a/v1", "http://b/v1", "http://c/v1"]
    assert form["models"].title == "Models"
    namespace = {}
    exec(form.code(), namespace)  # noqa: S102
    assert namespace["model"].settings() == form.value.settings()
