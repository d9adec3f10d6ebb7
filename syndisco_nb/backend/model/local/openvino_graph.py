"""A compiled OpenVINO graph with paged attention, which returns the logits that openvino-genai keeps to itself.

Keys and values lie in blocks of a few tokens each. Several rows may use the same block, and chunks of different rows
are fed one behind the other, without padding.
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

from syndisco_nb.backend.model.local.engine_versions import check_engine
from syndisco_nb.backend.model.local.fingerprints import fingerprint
from syndisco_nb.errors import ModelError

logger = logging.getLogger(__name__)

_PLACES = "places"
_NEEDED = {"input_ids", "past_lens", "subsequence_begins", "block_indices", "block_indices_begins", _PLACES}
_FED = _NEEDED | {"position_ids", "max_context_len"}


class Chunk(NamedTuple):
    """Consecutive tokens of one row that are fed together.

    Attributes
    ----------
    tokens : sequence of int
        One at least.
    past : int
        The number of tokens of the row that were fed before.
    blocks : sequence of int
        The blocks of the row's keys and values, those of this chunk among them.
    keep : int
        The number of last tokens whose logits are returned.
    """

    tokens: Sequence[int]
    past: int
    blocks: Sequence[int]
    keep: int = 1


class OpenVINOGraph:
    """A compiled model, whose weights all caches share.

    Parameters
    ----------
    folder : Path
        Holds an openvino_model.xml.
    properties : mapping
        Settings of OpenVINO's CPU plugin, such as a precision.

    Attributes
    ----------
    block : int
        Tokens per block.
    caches : dict
        Element type and shape of one block, by the name of the input.
    inputs : set of str
        The names of all other inputs.

    Raises
    ------
    ModelError
        If the model takes other inputs than the tokens of a text, or OpenVINO lays it out in another way.
    """

    def __init__(self, folder: Path, properties: Mapping[str, Any]) -> None:
        import openvino

        core = openvino.Core()
        model = core.read_model(folder / "openvino_model.xml")
        _use_paged_attention(model)
        _keep_few_logits(model)
        self._compiled = core.compile_model(model, "CPU", dict(properties))
        ports = {port.get_any_name(): port for port in self._compiled.inputs}
        self.caches = {
            name: (port.get_element_type(), tuple(size.get_length() for size in list(port.get_partial_shape())[1:]))
            for name, port in ports.items()
            if "cache." in name
        }
        self.inputs = ports.keys() - self.caches.keys()
        if not self.caches or self.inputs - _FED:
            raise ModelError(
                f"The model takes {', '.join(sorted(self.inputs - _FED)) or 'no attention cache'}, unlike a model of "
                "text with attention. Run it with TransformersModel, or take another."
            )
        missing = ", ".join(sorted(_NEEDED - self.inputs))
        check_engine("openvino", not missing, f"paged attention takes {missing}")
        # Blocks of quantised keys have rows for the scales as well; those of values have one row per token.
        shapes = [shape for name, (_, shape) in self.caches.items() if "value" in name]
        is_paged = bool(shapes) and all(len(shape) == 3 for shape in shapes)
        check_engine("openvino", is_paged, "a block of values is heads × tokens × size")
        self.block = int(shapes[0][1])

    @property
    def block_bytes(self) -> int:
        """The memory of one block, over all layers."""
        return int(sum(kind.size * np.prod(shape) for kind, shape in self.caches.values()))

    def new_cache(self, max_blocks: int | None = None) -> "PagedCache":
        """Return an empty attention cache of at most this many blocks."""
        return PagedCache(self, self._compiled.create_infer_request(), max_blocks)


class PagedCache:
    """An attention cache that grows with its rows.

    Parameters
    ----------
    graph : OpenVINOGraph
    request : openvino.InferRequest
    max_blocks : int, optional
    """

    def __init__(self, graph: OpenVINOGraph, request: Any, max_blocks: int | None) -> None:
        self._graph = graph
        self._max_blocks = max_blocks
        self._request = request
        self._tensors: dict[str, Any] = {}
        self._size = 0

    def grow(self, blocks: int) -> None:
        """Make room for at least this many blocks; those in use keep their contents."""
        import openvino

        if blocks <= self._size:
            return
        self._size = min(blocks + blocks // 2, self._max_blocks or 2 * blocks)
        for name, (kind, shape) in self._graph.caches.items():
            tensor = openvino.Tensor(kind, [self._size, *shape])
            tensor.data[:] = 0
            if old := self._tensors.get(name):
                tensor.data[: old.shape[0]] = old.data
            self._tensors[name] = tensor
            self._request.set_tensor(name, tensor)

    def copy(self, sources: Mapping[int, int]) -> None:
        """Copy blocks: each key receives the contents of its value."""
        for tensor in self._tensors.values() if sources else ():
            data = tensor.data
            data[list(sources)] = data[list(sources.values())]

    def feed(self, chunks: Sequence[Chunk]) -> list[npt.NDArray[np.float32]]:
        """Feed one chunk per row, and return the logits after its last `keep` tokens, shape (`keep`, vocabulary)."""
        lengths = np.array([len(chunk.tokens) for chunk in chunks])
        kept = np.minimum(lengths, [chunk.keep for chunk in chunks])
        past = np.array([chunk.past for chunk in chunks], np.int32)
        ends = lengths.cumsum()
        places = np.concatenate([np.arange(end - count, end) for end, count in zip(ends, kept, strict=True)])
        inputs = {
            "input_ids": np.concatenate([np.array(chunk.tokens, np.int64) for chunk in chunks]),
            "position_ids": np.concatenate([np.arange(length) for length in lengths]) + past.repeat(lengths),
            "past_lens": past,
            "subsequence_begins": np.array([0, *ends], np.int32),
            "block_indices": np.array([block for chunk in chunks for block in chunk.blocks], np.int32),
            "block_indices_begins": np.array([0, *np.cumsum([len(chunk.blocks) for chunk in chunks])], np.int32),
            "max_context_len": np.array(max(past + lengths), np.int32),
            _PLACES: places if len(places) else ends[:1] - 1,  # the graph must return something
        }
        self._request.infer({name: value for name, value in inputs.items() if name in self._graph.inputs})
        logits = self._request.get_output_tensor(0).data.astype(np.float32)[:, 0]
        return np.split(logits[: len(places)], kept.cumsum()[:-1])


def _use_paged_attention(model: Any) -> None:
    """Replace the attention of a graph by paged attention, with an undocumented function of OpenVINO."""
    try:
        from openvino._offline_transformations import paged_attention_transformation
    except ImportError as error:
        check_engine("openvino", False, f"it can page the attention of a graph: {error}")  # noqa: FBT003
    paged_attention_transformation(model)


def _keep_few_logits(model: Any) -> None:
    """Add an input with the places of the wanted logits, so that the vocabulary is multiplied in at these alone."""
    from openvino import opset13 as ops

    places = ops.parameter([-1], np.int64)
    places.output(0).get_tensor().set_names({_PLACES})
    head = model.get_results()[0].input_value(0).get_node()
    while head.get_type_name() != "MatMul":
        check_engine("openvino", bool(head.inputs()), "logits are the result of a MatMul")
        head = head.input_value(0).get_node()
    hidden = head.input(0)
    axis = ops.constant(np.array(0, np.int64))
    hidden.replace_source_output(ops.gather(hidden.get_source_output(), places, axis).output(0))
    model.add_parameters([places])
    model.validate_nodes_and_infer_types()


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
        openvino_genai.LLMPipeline(str(link), "CPU", enable_save_ov_model=True)
        saved = (link.parent / "openvino_model.xml").is_file()
        check_engine("openvino-genai", saved, "enable_save_ov_model saves the graph beside the GGUF file")
        link.unlink()
        try:
            link.parent.rename(folder)
        except OSError:
            if not folder.exists():  # otherwise another process was faster
                raise
    return folder


def end_tokens(folder: Path) -> list[int]:
    """Return the tokens that end a reply according to the model's files; none if they name none."""
    for name in ("generation_config.json", "config.json"):
        try:
            end = json.loads((folder / name).read_text(encoding="utf-8")).get("eos_token_id")
        except FileNotFoundError:
            continue
        if end is not None:
            return [int(token) for token in (end if isinstance(end, list) else [end])]
    return []
