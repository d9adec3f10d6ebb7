"""Label probabilities by OpenVINO: openvino-genai tells those of generated tokens alone, so the model is run bare.

Its attention is paged, as in the engine: pieces of prompts lie behind one another without padding, and keys
and values in blocks, of which several prompts may use the same.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syndisco_nb.backend.model.scoring import PrefixScorer

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Row:
    """What was fed so far: how many tokens, and in which blocks their keys and values are."""

    length: int = 0
    blocks: tuple[int, ...] = ()


class OpenVINOScorer(PrefixScorer):
    """A bare OpenVINO model, with the attention cache of what it was fed.

    Parameters
    ----------
    source : Path
        A .gguf file, or a folder with an openvino_model.xml.
    """

    def __init__(self, source: Path) -> None:
        import openvino
        from openvino import opset13 as ops
        from openvino._offline_transformations import paged_attention_transformation

        core = openvino.Core()
        model = core.read_model(_model_xml(source))
        paged_attention_transformation(model)
        # Few positions are looked at: leave the others out before the vocabulary is multiplied in.
        places = ops.parameter([-1], np.int64)
        places.output(0).get_tensor().set_names({"places"})
        head = model.get_results()[0].input_value(0).get_node()
        while head.get_type_name() != "MatMul":
            head = head.input_value(0).get_node()
        hidden = head.input(0)
        axis = ops.constant(np.array(0, np.int64))
        hidden.replace_source_output(ops.gather(hidden.get_source_output(), places, axis).output(0))
        model.add_parameters([places])
        model.validate_nodes_and_infer_types()
        compiled = core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
        self._caches = {
            port.get_any_name(): (port.get_element_type(), list(port.get_partial_shape())[1:])
            for port in compiled.inputs
            if "cache." in port.get_any_name()
        }
        self._block = int(next(iter(self._caches.values()))[1][1].get_length())
        self._request = compiled.create_infer_request()
        self._tensors: dict[str, Any] = {}
        self._size = 0
        self._reset()

    def _reset(self) -> None:
        self._used = 0
        self._rows = [_Row()]

    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        before = [self._rows[row] for row in rows]
        copied: dict[int, int] = {}
        self._rows = [self._grown(row, len(piece), copied) for row, piece in zip(before, pieces, strict=True)]
        self._make_room()
        for tensor in self._tensors.values():
            data = tensor.data
            data[list(copied)] = data[list(copied.values())]
        fed = [number for number, piece in enumerate(pieces) if piece]
        lengths = np.array([len(pieces[number]) for number in fed])
        ends = lengths.cumsum()
        kept = np.minimum(lengths, keep)
        past = np.array([before[number].length for number in fed], np.int32)
        blocks = [self._rows[number].blocks for number in fed]
        self._request.infer(
            {
                "input_ids": np.concatenate([np.array(pieces[number], np.int64) for number in fed]),
                "position_ids": np.concatenate([np.arange(size) for size in lengths]) + past.repeat(lengths),
                "past_lens": past,
                "subsequence_begins": np.array([0, *ends], np.int32),
                "block_indices": np.array([block for some in blocks for block in some], np.int32),
                "block_indices_begins": np.array([0, *np.cumsum([len(some) for some in blocks])], np.int32),
                "max_context_len": np.array(max(past + lengths), np.int32),
                "places": np.concatenate([np.arange(end - some, end) for end, some in zip(ends, kept, strict=True)]),
            }
        )
        logits = self._request.get_output_tensor(0).data.astype(np.float32)[:, 0]
        logits -= logits.max(axis=-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        found = dict(zip(fed, np.split(logits, kept.cumsum()[:-1]), strict=True))
        return [found.get(number, logits[:0]) for number in range(len(pieces))]

    def _grown(self, row: _Row, more: int, copied: dict[int, int]) -> _Row:
        """Return a row with blocks for more tokens; a block begun by it may have several heirs, so it is copied."""
        if not more:
            return row
        whole, begun = divmod(row.length, self._block)
        new = range(self._used, self._used + -(-(begun + more) // self._block))
        self._used = new.stop
        if begun:
            copied[new[0]] = row.blocks[whole]
        return _Row(row.length + more, (*row.blocks[:whole], *new))

    def _make_room(self) -> None:
        """Have at least as many blocks as are used, with what they hold."""
        import openvino

        if self._used <= self._size:
            return
        self._size = self._used + self._used // 2
        for name, (kind, shape) in self._caches.items():
            tensor = openvino.Tensor(kind, [self._size, *(one.get_length() for one in shape)])
            tensor.data[:] = 0
            if old := self._tensors.get(name):
                tensor.data[: old.shape[0]] = old.data
            self._tensors[name] = tensor
            self._request.set_tensor(name, tensor)


def _model_xml(source: Path) -> Path:
    """Return the model's graph; a GGUF file's is built once, in the user's cache folder."""
    if source.is_dir():
        return source / "openvino_model.xml"
    import openvino_genai
    import platformdirs

    stat = source.stat()
    known = f"{source.resolve()} {stat.st_size} {stat.st_mtime_ns}"
    folder = Path(platformdirs.user_cache_dir("syndisco_nb")) / "openvino-graphs" / _digest(known)
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / source.name
        link.unlink(missing_ok=True)
        link.symlink_to(source.resolve())
        logger.info("building the graph of %s in %s", source, folder)
        openvino_genai.LLMPipeline(str(link), "CPU", enable_save_ov_model=True)  # saves beside the file
        (folder / "whole").touch()
    return folder / "openvino_model.xml"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
