import sys
import types

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from syndisco_nb.backend.model.local import openvino_graph
from syndisco_nb.backend.model.local.bundled import converted_gguf
from syndisco_nb.backend.model.local.openvino_graph import Chunk, OpenVINOGraph, end_tokens, graph_folder
from syndisco_nb.errors import ModelError

TOKENS = [1, 4093, 198, 2683, 359, 20001, 30, 2, 198, 1, 520, 9531, 198, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] * 4
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}


@pytest.fixture(scope="module")
def graph():
    return OpenVINOGraph(graph_folder(converted_gguf()), EXACT)


def fed(graph, *counts, blocks=(0, 1, 2), keep=1):
    """Return the logits after the last tokens, which are fed in pieces."""
    cache, past = graph.new_cache(), 0
    cache.grow(max(blocks) + 1)
    for count in counts:
        (logits,) = cache.feed([Chunk(TOKENS[past : past + count], past, blocks, keep)])
        past += count
    return logits


near = {"atol": 2e-3, "rtol": 1e-3}


@pytest.mark.model
def test_a_row_is_the_same_in_one_piece_in_several_and_in_other_blocks(graph):
    whole = fed(graph, 80)
    assert whole.shape == (1, 49152)
    np.testing.assert_allclose(fed(graph, 30, 50), whole, **near)
    np.testing.assert_allclose(fed(graph, 80, blocks=(5, 2, 7)), whole, **near)


@pytest.mark.model
def test_only_the_logits_that_are_kept_come_back(graph):
    three, last = fed(graph, 40, keep=3), fed(graph, 40)
    assert three.shape[0] == 3
    np.testing.assert_allclose(three[-1:], last, **near)
    assert fed(graph, 40, keep=0).shape[0] == 0


@pytest.mark.model
def test_rows_share_blocks_and_branch_from_copies(graph):
    cache = graph.new_cache()
    cache.grow(4)
    cache.feed([Chunk(TOKENS[:40], 0, (0, 1))])
    cache.copy({2: 1})
    one, other = cache.feed([Chunk(TOKENS[40:50], 40, (0, 1)), Chunk([9, 9], 40, (0, 2))])
    np.testing.assert_allclose(one, fed(graph, 50), **near)
    assert not np.allclose(one, other, atol=0.1)


@pytest.mark.model
def test_a_cache_that_grows_keeps_what_it_holds(graph):
    cache = graph.new_cache(9)
    cache.grow(2)
    cache.feed([Chunk(TOKENS[:40], 0, (0, 1))])
    cache.grow(8)
    (logits,) = cache.feed([Chunk(TOKENS[40:80], 40, (0, 1, 7))])
    np.testing.assert_allclose(logits, fed(graph, 80), **near)


# What is assumed of OpenVINO


@pytest.mark.model
def test_paged_attention_under_another_name_is_an_error_with_the_version(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino._offline_transformations", types.ModuleType("empty"))
    with pytest.raises(ModelError, match=r"openvino .* does not work as expected .*page the attention.* pip install"):
        OpenVINOGraph(graph_folder(converted_gguf()), {})


@pytest.mark.model
def test_paged_attention_without_an_input_is_an_error_with_the_version(monkeypatch):
    monkeypatch.setattr(openvino_graph, "_NEEDED", openvino_graph._NEEDED | {"block_sizes"})
    with pytest.raises(ModelError, match=r"does not work as expected \(paged attention takes block_sizes\)"):
        OpenVINOGraph(graph_folder(converted_gguf()), {})


@pytest.mark.model
def test_a_model_that_takes_something_else_is_refused(monkeypatch):
    monkeypatch.setattr(openvino_graph, "_FED", openvino_graph._FED - {"position_ids"})
    with pytest.raises(ModelError, match="The model takes position_ids, unlike a model of text with attention"):
        OpenVINOGraph(graph_folder(converted_gguf()), {})


def test_logits_that_come_from_no_product_are_an_error_with_the_version():
    given = ops.parameter([1, 2], np.float32)
    with pytest.raises(ModelError, match="logits are the result of a MatMul"):
        openvino_graph._keep_few_logits(openvino.Model([ops.relu(given)], [given]))


def test_a_graph_that_is_not_saved_is_an_error_with_the_version(tmp_path, monkeypatch):
    import openvino_genai
    import platformdirs

    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    monkeypatch.setattr(openvino_genai, "LLMPipeline", lambda *_, **__: None)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    with pytest.raises(ModelError, match="enable_save_ov_model saves the graph beside the GGUF file"):
        graph_folder(file)
    assert [path.name for path in (tmp_path / "cache" / "openvino-graphs").iterdir()] == []


def test_the_ends_of_a_reply_are_those_of_the_models_files(tmp_path):
    assert end_tokens(tmp_path) == []
    (tmp_path / "config.json").write_text('{"eos_token_id": 2}')
    assert end_tokens(tmp_path) == [2]
    (tmp_path / "generation_config.json").write_text('{"eos_token_id": [7, 9]}')
    assert end_tokens(tmp_path) == [7, 9]
