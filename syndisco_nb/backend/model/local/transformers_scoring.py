"""Label probabilities by a Hugging Face model, equal to those of a plain forward pass over each prompt and label."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers.cache_utils import DynamicCache

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.prefill import Tokens
from syndisco_nb.backend.model.local.scoring import PrefixScorer, Question, Scorer
from syndisco_nb.backend.model.request import LabelShares


def transformers_scorer(model: Any) -> Scorer:
    """Return the fastest scorer that is exact for a model.

    Parameters
    ----------
    model : transformers.PreTrainedModel
    """
    forward = ForwardPass(model)
    if forward.has_only_attention and not _depends_on_longest_row(model):
        return TransformersScorer(forward)
    return WholeScorer(forward)


class TransformersScorer(PrefixScorer):
    """Scores labels with a model whose layers are all attention layers, from a cache of what was fed.

    In a cache, all rows end at the last column, without padding among their tokens. A row with fewer new tokens than
    others is fed its own last tokens again in place of padding, which costs the same.

    Parameters
    ----------
    forward : ForwardPass
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward
        self._reset()

    def _reset(self) -> None:
        self._fed: list[Tokens] = [()]
        self._cache = DynamicCache()

    @torch.inference_mode()
    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        self._fed = [(*self._fed[row], *piece) for row, piece in zip(rows, pieces, strict=True)]
        device, width = self._forward.device, max(map(len, pieces))
        repeated = torch.tensor([width - len(piece) for piece in pieces], device=device)[:, None]
        lengths = torch.tensor([len(tokens) for tokens in self._fed], device=device)[:, None]
        before = max(0, int(lengths.max()) - width)
        self._select(torch.tensor(rows, device=device)[:, None], repeated, before)
        # A row shorter than `width` is padded by its own first token, so that it depends on no token of another row.
        ids = [(*tokens[:1] * (width - len(tokens)), *tokens[-width:]) for tokens in self._fed]
        positions = torch.arange(-before - width, 0, device=device) + lengths
        logits = self._forward(
            torch.tensor(ids, device=device), positions >= 0, positions[:, before:].clamp_min(0), self._cache, keep
        )
        scores = logits.float().log_softmax(dim=-1).cpu()
        return [row[-len(piece) :] if piece else row for row, piece in zip(scores, pieces, strict=True)]

    def _select(self, rows: torch.Tensor, repeated: torch.Tensor, before: int) -> None:
        """Make the cache one of these rows, each cut to the `before` columns ahead of its `repeated` last ones."""
        for layer in self._cache.layers:
            if layer.is_initialized:
                columns = torch.arange(-before, 0, device=rows.device) + layer.keys.shape[2] - repeated
                place = rows.to(layer.keys.device), columns.clamp_min(0).to(layer.keys.device)
                layer.keys, layer.values = (
                    part[place[0], :, place[1]].transpose(1, 2) for part in (layer.keys, layer.values)
                )


class WholeScorer(Scorer):
    """Scores labels with any model, by a whole forward pass over each prompt and branch; equal lengths share a batch.

    Parameters
    ----------
    forward : ForwardPass
    """

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward

    @torch.inference_mode()
    def _score(self, questions: Mapping[int, Question]) -> dict[int, LabelShares]:
        keep = 1 + max(len(branch) for question in questions.values() for branch in _branches(question))
        rows = dict.fromkeys(
            question.prompt + branch for question in questions.values() for branch in _branches(question)
        )
        after: dict[Tokens, torch.Tensor] = {}
        for length in sorted({len(row) for row in rows}):
            alike = [row for row in rows if len(row) == length]
            logits = self._forward.whole(torch.tensor(alike, device=self._forward.device), keep)
            after |= zip(alike, logits.float().log_softmax(dim=-1).cpu(), strict=True)
        return {number: _scores(question, after) for number, question in questions.items()}


def _branches(question: Question) -> Sequence[Tokens]:
    """Return the branches after the prompt, or an empty one if there is none."""
    return question.labels.branches or [()]


def _scores(question: Question, after: Mapping[Tokens, torch.Tensor]) -> LabelShares:
    found = [after[question.prompt + branch][-len(branch) - 1 :] for branch in _branches(question)]
    return question.labels.scores(found[0][0], [scores[1:] for scores in found if len(scores) > 1])


def _depends_on_longest_row(model: Any) -> bool:
    """Return whether positions are encoded in another way once the longest row is long, as by LongRoPE (Phi-3)."""
    settings = getattr(model.config.get_text_config(decoder=True), "rope_parameters", None) or {}
    return "longrope" in [one.get("rope_type") for one in (settings, *settings.values()) if isinstance(one, Mapping)]
