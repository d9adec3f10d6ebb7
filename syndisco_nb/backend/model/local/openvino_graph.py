"""A bare OpenVINO graph, fed piece by piece: openvino-genai keeps a model's probabilities to itself.

Its attention is paged: keys and values lie in blocks of a few tokens each, of which several prompts may use the
same, and pieces of different prompts are fed behind one another without padding.
"""

import hashlib
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from syndisco_nb.backend.model.local.weights import fingerprint
from syndisco_nb.errors import ModelError

logger = logging.getLogger(__name__)

_FED = {
    "input_ids",
    "position_ids",
    "past_lens",
    "subsequence_begins",
    "block_indices",
    "block_indices_begins",
    "max_context_len",
    "places",
}


class Piece(NamedTuple):
    """A part of a prompt or reply.

    Attributes
    ----------
    tokens : sequence of int
        At least one.
    past : int
        How many tokens of the same row were fed before.
    blocks : sequence of int
        Where the row's keys and values lie, those of this piece among them.
    keep : int
        After how many of its last tokens the logits are wanted.
    """

    tokens: Sequence[int]
    past: int
    blocks: Sequence[int]
    keep: int = 1


class Graph:
    """A compiled model; all its memories share the weights.

    Parameters
    ----------
    folder : Path
        Holds an openvino_model.xml.
    properties : mapping
        Settings of OpenVINO's CPU plugin, such as a precision.

    Raises
    ------
    ModelError
        If the model takes other inputs than the tokens of a text.
    """

    def __init__(self, folder: Path, properties: Mapping[str, Any]) -> None:
        import openvino
        from openvino import opset13 as ops
        from openvino._offline_transformations import paged_attention_transformation

        core = openvino.Core()
        model = core.read_model(folder / "openvino_model.xml")
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
        self._compiled = core.compile_model(model, "CPU", dict(properties))
        named = {port.get_any_name(): port for port in self._compiled.inputs}
        self.caches = {
            name: (port.get_element_type(), tuple(size.get_length() for size in list(port.get_partial_shape())[1:]))
            for name, port in named.items()
            if "cache." in name
        }
        self.takes = named.keys() - self.caches.keys()
        if not self.caches or self.takes - _FED:
            raise ModelError(
                f"The model takes {', '.join(sorted(self.takes - _FED)) or 'no attention cache'}, unlike a model of "
                "text with attention. Run it with TransformersModel, or take another."
            )
        # The blocks of quantised keys have rows for the scales, too; those of the values have one for each token.
        self.block = int(next(shape for name, (_, shape) in self.caches.items() if "value" in name)[1])

    @property
    def block_bytes(self) -> int:
        """How much memory a block takes, over all layers."""
        return int(sum(kind.size * np.prod(shape) for kind, shape in self.caches.values()))

    def memory(self, most: int | None = None) -> "Memory":
        """Return a new attention cache, of at most so many blocks."""
        return Memory(self, self._compiled.create_infer_request(), most)


class Memory:
    """The attention cache of some rows, which grows with them."""

    def __init__(self, graph: Graph, request: Any, most: int | None) -> None:
        self._graph = graph
        self._most = most
        self._request = request
        self._tensors: dict[str, Any] = {}
        self._size = 0

    def grow(self, blocks: int) -> None:
        """Have at least so many blocks, with what they hold."""
        import openvino

        if blocks <= self._size:
            return
        self._size = min(blocks + blocks // 2, self._most or 2 * blocks)
        for name, (kind, shape) in self._graph.caches.items():
            tensor = openvino.Tensor(kind, [self._size, *shape])
            tensor.data[:] = 0
            if old := self._tensors.get(name):
                tensor.data[: old.shape[0]] = old.data
            self._tensors[name] = tensor
            self._request.set_tensor(name, tensor)

    def copy(self, sources: Mapping[int, int]) -> None:
        """Fill blocks, by number, with what others hold."""
        for tensor in self._tensors.values() if sources else ():
            data = tensor.data
            data[list(sources)] = data[list(sources.values())]

    def feed(self, pieces: Sequence[Piece]) -> list[npt.NDArray[np.float32]]:
        """Return the logits after the last `keep` tokens of each piece, shape (`keep`, vocabulary)."""
        lengths = np.array([len(piece.tokens) for piece in pieces])
        kept = np.minimum(lengths, [piece.keep for piece in pieces])
        past = np.array([piece.past for piece in pieces], np.int32)
        ends = lengths.cumsum()
        places = np.concatenate([np.arange(end - some, end) for end, some in zip(ends, kept, strict=True)])
        inputs = {
            "input_ids": np.concatenate([np.array(piece.tokens, np.int64) for piece in pieces]),
            "position_ids": np.concatenate([np.arange(size) for size in lengths]) + past.repeat(lengths),
            "past_lens": past,
            "subsequence_begins": np.array([0, *ends], np.int32),
            "block_indices": np.array([block for piece in pieces for block in piece.blocks], np.int32),
            "block_indices_begins": np.array([0, *np.cumsum([len(piece.blocks) for piece in pieces])], np.int32),
            "max_context_len": np.array(max(past + lengths), np.int32),
            "places": places if len(places) else ends[:1] - 1,
        }
        self._request.infer({name: value for name, value in inputs.items() if name in self._graph.takes})
        logits = self._request.get_output_tensor(0).data.astype(np.float32)[:, 0]
        return np.split(logits[: len(places)], kept.cumsum()[:-1])


def graph_folder(source: Path) -> Path:
    """Return the folder with a model's graph and tokenizer; that of a GGUF file is made once, in the user's cache."""
    if source.is_dir():
        return source
    import openvino_genai
    import platformdirs

    digest = hashlib.blake2b(fingerprint(source).encode(), digest_size=8).hexdigest()
    folder = Path(platformdirs.user_cache_dir("syndisco_nb"), "openvino-graphs", digest)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    logger.info("building the graph of %s in %s", source, folder)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="building-") as work:
        link = Path(work, "made", source.name)
        link.parent.mkdir()
        link.symlink_to(source.resolve())
        openvino_genai.LLMPipeline(str(link), "CPU", enable_save_ov_model=True)  # saves beside the file
        link.unlink()
        try:
            link.parent.rename(folder)
        except OSError:
            if not folder.exists():  # otherwise another process was faster
                raise
    return folder


def end_tokens(folder: Path) -> list[int]:
    """Return the tokens that end a reply, as the model's own files name them; none if they do not."""
    for name in ("generation_config.json", "config.json"):
        try:
            found = json.loads((folder / name).read_text(encoding="utf-8")).get("eos_token_id")
        except FileNotFoundError:
            continue
        if found is not None:
            return [int(token) for token in (found if isinstance(found, list) else [found])]
    return []
