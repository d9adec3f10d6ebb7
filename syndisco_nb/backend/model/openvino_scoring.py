"""Label probabilities by OpenVINO: openvino-genai tells those of generated tokens alone, so the model is run bare."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from syndisco_nb.backend.model.scoring import LabelTree

logger = logging.getLogger(__name__)


class OpenVINOScorer:
    """A model that only says how probable labels are.

    Parameters
    ----------
    source : Path
        A .gguf file, or a folder with an openvino_model.xml.
    """

    def __init__(self, source: Path) -> None:
        import openvino
        from openvino import opset13 as ops

        core = openvino.Core()
        model = core.read_model(_model_xml(source))
        # Only the last positions are looked at: cut the rest off before the vocabulary is multiplied in.
        keep = ops.parameter([1], np.int64)
        keep.output(0).get_tensor().set_names({"keep"})
        head = model.get_results()[0].input_value(0).get_node()
        hidden = head.input(0)
        end, one = (ops.constant(np.array([number], np.int64)) for number in (2**31 - 1, 1))
        hidden.replace_source_output(ops.slice(hidden.get_source_output(), keep, end, one, one).output(0))
        model.add_parameters([keep])
        model.validate_nodes_and_infer_types()
        self._request = core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY"}).create_infer_request()

    def score(self, prompts: Sequence[Sequence[int]], tree: LabelTree, pad: int) -> list[list[float]]:
        """Return each label's probability after each prompt: one pass over the prompts, one over longer labels."""
        width = max(map(len, prompts))
        ids = np.array([[pad] * (width - len(prompt)) + list(prompt) for prompt in prompts], np.int64)
        mask = np.array([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], np.int64)
        rows = np.arange(len(prompts))
        self._request.reset_state()
        first = self._infer(ids, mask, np.maximum(mask.cumsum(axis=1) - 1, 0), rows, keep=1)[:, 0]
        branches = [label[:-1] for label in tree.tokens]
        depth = max(map(len, branches))
        if depth == 0:
            return [tree.probabilities(row[None]) for row in first]
        labels = np.tile(np.arange(len(branches)), len(prompts))
        rows = rows.repeat(len(branches))
        tail = np.array([[*branch, *[pad] * (depth - len(branch))] for branch in branches], np.int64)[labels]
        told = np.array([[1] * len(branch) + [0] * (depth - len(branch)) for branch in branches], np.int64)[labels]
        lengths = mask.sum(axis=1)[rows]
        positions = lengths[:, None] + np.arange(depth)
        later = self._infer(tail, np.concatenate([mask[rows], told], axis=1), positions, rows, keep=depth)
        later = later.reshape(len(prompts), len(branches), depth, -1)
        return [
            tree.probabilities(
                np.concatenate([row[None], *(after[n, : len(branch)] for n, branch in enumerate(branches))])
            )
            for row, after in zip(first, later, strict=True)
        ]

    def _infer(self, ids: Any, mask: Any, positions: Any, rows: Any, keep: int) -> Any:
        """Return log-probabilities, shape (rows, keep, vocabulary), of the tokens after the last ones."""
        self._request.infer(
            {
                "input_ids": ids,
                "attention_mask": mask,
                "position_ids": positions.astype(np.int64),
                "beam_idx": rows.astype(np.int32),
                "keep": np.array([-keep], np.int64),
            }
        )
        logits = self._request.get_output_tensor(0).data.astype(np.float32)
        logits -= logits.max(axis=-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


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
