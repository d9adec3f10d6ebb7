"""How probable is each allowed label? Asked of the model itself, in one forward pass.

A label's probability is that of its tokens after the prompt, one given the ones before. Where one label
begins another ("1" and "10"), the end of the reply counts as a token of each, so that they exclude each
other. The probabilities are normalised over the labels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LabelTree:
    """The tokens of all labels, laid out as branches behind one prompt.

    Attributes
    ----------
    tokens : tuple of tuple of int
        One per label.
    """

    tokens: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, labels: Sequence[Sequence[int]], end: int) -> "LabelTree":
        """Lay out labels; `end` is the token that ends a reply."""
        tokens = [tuple(label) for label in labels]
        nested = any(a != b and b[: len(a)] == a for a in tokens for b in tokens)
        return cls(tuple((*label, end) for label in tokens) if nested else tuple(tokens))

    @property
    def branches(self) -> list[int]:
        """What has to be fed behind the prompt: all tokens but each label's last."""
        return [token for label in self.tokens for token in label[:-1]]

    def probabilities(self, log_probabilities: Any) -> list[float]:
        """Return the labels' probabilities.

        Parameters
        ----------
        log_probabilities : array, shape (1 + number of branch tokens, vocabulary)
            After the prompt, and after each branch token.
        """
        sums = []
        place = 0
        for label in self.tokens:
            total = float(log_probabilities[0, label[0]])
            for number, token in enumerate(label[1:], start=1):
                total += float(log_probabilities[place + number, token])
            place += len(label) - 1
            sums.append(total)
        most = max(sums)
        weights = [math.exp(total - most) for total in sums]
        return [weight / sum(weights) for weight in weights]


def score(model: Any, prompts: Sequence[Sequence[int]], tree: LabelTree, pad: int) -> list[list[float]]:
    """Return each label's probability after each prompt, by one forward pass of a Hugging Face model.

    Every branch sees the prompt and itself, never another branch: the attention mask says so.
    """
    import torch

    width = max(map(len, prompts))
    branches = tree.branches
    size = width + len(branches)
    sees = torch.zeros(len(prompts), size, size, dtype=torch.bool)
    sees[:, :width, :width] = torch.ones(width, width, dtype=torch.bool).tril()
    sees[:, width:, :width] = True
    positions = torch.zeros(len(prompts), size, dtype=torch.int64)
    at = width
    for label in tree.tokens:
        length = len(label) - 1
        sees[:, at : at + length, at : at + length] = torch.ones(length, length, dtype=torch.bool).tril()
        at += length
    depths = torch.tensor([depth for label in tree.tokens for depth in range(len(label) - 1)], dtype=torch.int64)
    for row, prompt in enumerate(prompts):
        left = width - len(prompt)
        sees[row, :, :left] = False
        positions[row, left:width] = torch.arange(len(prompt))
        positions[row, width:] = len(prompt) + depths
    ids = torch.tensor([[pad] * (width - len(prompt)) + [*prompt, *branches] for prompt in prompts])
    mask = torch.zeros(sees.shape, dtype=model.dtype).masked_fill_(~sees, torch.finfo(model.dtype).min)
    with torch.inference_mode():
        logits = model(
            input_ids=ids.to(model.device),
            attention_mask=mask[:, None].to(model.device),
            position_ids=positions.to(model.device),
            use_cache=False,
            logits_to_keep=len(branches) + 1,
        ).logits
        log_probabilities = logits.float().log_softmax(dim=-1).cpu()
    return [tree.probabilities(rows) for rows in log_probabilities]
