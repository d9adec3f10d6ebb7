import pickle

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.local.bundled import gguf_path


class Own(snb.Model):
    def __init__(self, **held):
        super().__init__("own")
        self.held = held
        self.api_key = held.get("api_key")

    async def complete(self, request):
        return snb.Completion("Mine.")


def travelled(model):
    return pickle.loads(pickle.dumps(ModelRecipe(model))).make()  # noqa: S301


def test_a_model_of_the_package_arrives_equal_and_without_its_weights(monkeypatch):
    monkeypatch.chdir(gguf_path().parent)
    sampling = snb.Sampling(temperature=0.3, max_tokens=7)
    model = snb.OpenVINOModel(gguf_path().name, name="small", max_out_tokens=7, sampling=sampling)
    with gguf_path().open("rb") as model._graph:  # cannot be pickled, and need not be
        made = travelled(model)
    assert made.path.is_absolute()  # workers have working directories of their own
    assert made.settings() == {**model.settings(), "model_path": str(made.path)}
    assert made.sampling == sampling
    assert travelled(snb.bundled_model()).settings() == snb.bundled_model().settings()


def test_a_script_that_a_notebook_defines_travels_as_code():
    model = snb.ScriptedModel(lambda request: f"Seed {request.seed}.")
    assert travelled(model).script(snb.Request((), seed=7)) == "Seed 7."


def test_a_model_of_ones_own_is_pickled_unless_it_holds_a_key_or_what_cannot_be():
    assert travelled(Own(limit=3)).held == {"limit": 3}
    with pytest.raises(snb.SyndiscoError, match=r"api_key.*environment variable of the workers") as refused:
        ModelRecipe(Own(api_key="sk-4242424242424242"))
    assert "4242" not in str(refused.value)
    with gguf_path().open("rb") as file, pytest.raises(snb.SyndiscoError, match=r"Own cannot be sent.*load\(\)"):
        ModelRecipe(Own(file=file))


def test_a_model_whose_code_is_not_in_the_worker_says_what_to_do():
    recipe = ModelRecipe(snb.ScriptedModel("Yes."))
    recipe._pickled = b"cmissing_module\nThing\n."
    with pytest.raises(snb.SyndiscoError, match=r"missing_module.*upload_file"):
        recipe.make()


def test_a_model_in_use_is_shared_and_one_that_is_not_is_freed():
    recipe = ModelRecipe(snb.ScriptedModel("Shared."))
    first = recipe.shared()
    assert ModelRecipe(snb.ScriptedModel("Shared.")).shared() is first
    first.mark = "old"
    del first
    assert not hasattr(recipe.shared(), "mark")
    assert repr(recipe) == "<ModelRecipe: ScriptedModel>"  # what Dask's logs show
