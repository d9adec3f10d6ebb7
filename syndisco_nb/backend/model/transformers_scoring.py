"""Label probabilities by a Hugging Face model: pieces of prompts as padded rows, with their attention cache."""

from collections.abc import Sequence
from typing import Any

import torch

from syndisco_nb.backend.model.scoring import Scorer


class TransformersScorer(Scorer):
    """A Hugging Face model, with the attention cache of what it was fed.

    Parameters
    ----------
    model : transformers.PreTrainedModel
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._reset()

    def _reset(self) -> None:
        self._cache: Any = None
        self._mask = torch.zeros(1, 0, dtype=torch.int64, device=self._model.device)

    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        device = self._model.device
        width = max(map(len, pieces))
        ids = torch.tensor([[*[0] * (width - len(piece)), *piece] for piece in pieces], device=device)
        told = torch.tensor([[0] * (width - len(piece)) + [1] * len(piece) for piece in pieces], device=device)
        places = torch.tensor(rows, device=device)
        before = self._mask[places]
        self._mask = torch.cat([before, told], dim=1)
        if self._cache is not None:
            self._cache.batch_select_indices(places)
        with torch.inference_mode():
            output = self._model(
                input_ids=ids,
                attention_mask=self._mask,
                position_ids=before.sum(dim=1, keepdim=True) + (told.cumsum(dim=1) - 1).clamp_min(0),
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=keep,
            )
        self._cache = output.past_key_values
        found = output.logits.float().log_softmax(dim=-1).cpu()
        return [row[-len(piece) :] if piece else row for row, piece in zip(found, pieces, strict=True)]
