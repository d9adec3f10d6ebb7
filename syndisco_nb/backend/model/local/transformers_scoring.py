"""Label probabilities by a Hugging Face model: what a plain forward pass over each prompt and label gives."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers.cache_utils import DynamicCache

from syndisco_nb.backend.model.local.feeding import Forward, Tokens
from syndisco_nb.backend.model.local.scoring import PrefixScorer, Question, Scorer, Scores


def transformers_scorer(model: Any) -> Scorer:
    """Return the fastest scorer that is right for a model.

    Parameters
    ----------
    model : transformers.PreTrainedModel

    Raises
    ------
    ModelError
        If the model keeps what it was fed in a way of its own.
    """
    forward = Forward(model)
    return TransformersScorer(forward) if forward.attends and not _minds_length(model) else WholeScorer(forward)


class TransformersScorer(PrefixScorer):
    """A model whose layers are all of attention, with the keys and values of what it was fed.

    All rows end at the last column, without a gap: windows, chunks and distances of attention, which count columns,
    are right for every row. A row with a shorter piece than others is fed its own last tokens once more instead of
    padding, which costs the same.
    """

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._reset()

    def _reset(self) -> None:
        self._fed: list[Tokens] = [()]
        self._cache = DynamicCache()

    @torch.inference_mode()
    def _extend(self, pieces: Sequence[Sequence[int]], rows: Sequence[int], keep: int = 1) -> Sequence[Any]:
        self._fed = [(*self._fed[row], *piece) for row, piece in zip(rows, pieces, strict=True)]
        device, width = self._forward.device, max(map(len, pieces))
        again = torch.tensor([width - len(piece) for piece in pieces], device=device)[:, None]
        lengths = torch.tensor([len(tokens) for tokens in self._fed], device=device)[:, None]
        before = max(0, int(lengths.max()) - width)
        self._take(torch.tensor(rows, device=device)[:, None], again, before)
        # A row that is shorter is padded by its own first token, so that no row depends on a token of another.
        ids = [(*tokens[:1] * (width - len(tokens)), *tokens[-width:]) for tokens in self._fed]
        places = torch.arange(-before - width, 0, device=device) + lengths
        logits = self._forward(
            torch.tensor(ids, device=device), places >= 0, places[:, before:].clamp_min(0), self._cache, keep
        )
        found = logits.float().log_softmax(dim=-1).cpu()
        return [row[-len(piece) :] if piece else row for row, piece in zip(found, pieces, strict=True)]

    def _take(self, rows: torch.Tensor, again: torch.Tensor, before: int) -> None:
        """Keep `before` columns of these rows, but for those that are fed again (both rows × 1)."""
        for layer in self._cache.layers:
            if layer.is_initialized:
                columns = torch.arange(-before, 0, device=rows.device) + layer.keys.shape[2] - again
                place = rows.to(layer.keys.device), columns.clamp_min(0).to(layer.keys.device)
                layer.keys, layer.values = (
                    part[place[0], :, place[1]].transpose(1, 2) for part in (layer.keys, layer.values)
                )


class WholeScorer(Scorer):
    """Any model: each prompt is fed with each of its branches from the beginning, rows of equal length together."""

    def __init__(self, forward: Forward) -> None:
        self._forward = forward

    @torch.inference_mode()
    def _score(self, questions: Mapping[int, Question]) -> dict[int, Scores]:
        keep = 1 + max(len(branch) for one in questions.values() for branch in _rows(one))
        rows = dict.fromkeys(one.prompt + branch for one in questions.values() for branch in _rows(one))
        found: dict[Tokens, torch.Tensor] = {}
        for length in sorted({len(row) for row in rows}):
            alike = [row for row in rows if len(row) == length]
            logits = self._forward.whole(torch.tensor(alike, device=self._forward.device), keep)
            found |= zip(alike, logits.float().log_softmax(dim=-1).cpu(), strict=True)
        return {number: _scores(one, found) for number, one in questions.items()}


def _rows(question: Question) -> Sequence[Tokens]:
    """Return what is fed behind the prompt: its branches, or nothing if there is none."""
    return question.labels.branches or [()]


def _scores(question: Question, found: Mapping[Tokens, torch.Tensor]) -> Scores:
    after = [found[question.prompt + branch][-len(branch) - 1 :] for branch in _rows(question)]
    return question.labels.scores(after[0][0], [one[1:] for one in after if len(one) > 1])


def _minds_length(model: Any) -> bool:
    """Return whether the longest row decides all states: some models rotate in two ways, for short and long texts."""
    given = getattr(model.config.get_text_config(decoder=True), "rope_parameters", None) or {}
    return "longrope" in [one.get("rope_type") for one in (given, *given.values()) if isinstance(one, Mapping)]
