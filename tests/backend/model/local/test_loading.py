import sys
import threading

import pytest
import transformers
from support import tiny
from transformers import modeling_gguf_pytorch_utils as gguf

from syndisco_nb import TransformersModel
from syndisco_nb.backend.model.local import loading
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError
from syndisco_nb.loop import run_sync


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["./qwen", "~/no/such", "/no/where", "a/b/c", "models/qwen", "C:\\qwen", "a b", "x?y"])
def test_a_local_path_that_is_not_there_is_refused_at_once(here, path):
    (here / "models").mkdir()
    with pytest.raises(InvalidInputError, match=r"there is no such folder\. Give a folder that"):
        TransformersModel(path)


def test_a_gguf_file_has_a_model_of_its_own(here):
    (here / "m.gguf").touch()
    with pytest.raises(InvalidInputError, match="A GGUF file runs in an OpenVINOModel"):
        TransformersModel(here / "m.gguf")


@pytest.mark.parametrize("path", ["gpt2", "Qwen/Qwen3-4B", "org_1/model-v1.5"])
def test_a_hub_id_may_be_anything_that_is_no_path(here, path):
    assert TransformersModel(path).model_path == path


def test_a_folder_is_taken_even_if_it_looks_like_a_hub_id(here):
    (here / "org" / "name").mkdir(parents=True)
    assert TransformersModel("org/name").model_path == "org/name"


def test_the_hub_is_not_tried_again_and_again_while_it_is_out_of_reach(monkeypatch):
    tried = []

    class Unreachable:
        def head(self, url, timeout):
            tried.append(timeout)
            raise ConnectionError("no route")

    monkeypatch.setattr("huggingface_hub.get_session", Unreachable)
    asked = []
    load = transformers.AutoTokenizer.from_pretrained
    monkeypatch.setattr(
        "transformers.AutoTokenizer.from_pretrained", lambda *given, **more: asked.append(more) or load(*given, **more)
    )
    with pytest.raises(ModelError, match=r"'org/name' cannot be loaded: .*or a hub id, with the hub in reach"):
        run_sync(TransformersModel("org/name").load())
    assert asked == [{"local_files_only": True}]
    assert len(tried) == 1
    assert tried[0] <= 10


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (["torch"], "needs torch, which is missing. Run: pip install torch$"),
        (["torch", "transformers"], "needs torch and transformers, .* Run: pip install torch transformers$"),
    ],
)
def test_a_missing_library_is_named_with_the_command(tmp_path, monkeypatch, missing, message):
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingDependencyError, match=message):
        run_sync(TransformersModel(tmp_path).load())


@pytest.mark.parametrize(
    ("error", "command"),
    [
        (ImportError("Using a `device_map` requires `accelerate`. Run `pip install 'accelerate>=1.1'`"), "accelerate"),
        (ImportError("Loading this needs gguf. Please: pip install -U gguf"), "gguf"),
        (ModuleNotFoundError("No module named 'sentencepiece.x'", name="sentencepiece.x"), "sentencepiece"),
    ],
)
def test_so_is_what_a_model_needs_beside_them(tmp_path, monkeypatch, error, command):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", fail)
    with pytest.raises(MissingDependencyError, match=rf"Run: pip install {command}$"):
        run_sync(TransformersModel(tmp_path).load())


def test_several_templates_without_a_default_are_refused(tmp_path):
    tokenizer = tiny.word_tokenizer(template={"rag": tiny.CHATML, "tool_use": tiny.CHATML})
    folder = tiny.chain(tmp_path, tokenizer, "assistant I <|im_end|>")
    with pytest.raises(ModelError, match=r"several chat templates \(rag, tool_use\), none of which is the default"):
        run_sync(TransformersModel(folder, device="cpu").load())
    run_sync(TransformersModel(folder, device="cpu", tokenizer_kwargs={"chat_template": tiny.CHATML}).load())


def test_two_threads_that_load_at_once_leave_everything_as_it_was():
    bar, shown = gguf.tqdm, transformers.utils.logging.is_progress_bar_enabled()
    first_inside, second_waits = threading.Event(), threading.Event()
    order = []

    def first():
        with loading.quiet_transformers():
            order.append("first in")
            first_inside.set()
            second_waits.wait(60)
            order.append("first out")

    def second():
        first_inside.wait(60)
        second_waits.set()
        with loading.quiet_transformers():
            order.append("second in")

    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert order == ["first in", "first out", "second in"]
    assert gguf.tqdm is bar
    assert transformers.utils.logging.is_progress_bar_enabled() == shown


def test_a_bar_comes_back_after_an_error():
    bar, quiet = gguf.tqdm, []
    with pytest.raises(ZeroDivisionError), loading.quiet_transformers():
        quiet.append(gguf.tqdm is not bar) or 1 / 0
    assert quiet == [True]
    assert gguf.tqdm is bar
