"""Feed prompts to a Hugging Face model before anything is drawn; what several begin with is fed once.

Discussions repeat themselves: all prompts of a person begin with the same instructions. What at least two
prompts have in common is kept for those to come.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from transformers.cache_utils import Cache, CacheLayerMixin, DynamicCache, LinearAttentionCacheLayerMixin

from syndisco_nb.backend.model.local.scoring import Node, grow
from syndisco_nb.errors import ModelError

_FED_TOKENS = 8192  # at once, so that what is computed on the way stays small
_ATTENTION = {"DynamicLayer", "DynamicSlidingWindowLayer", "DummyLayer"}  # the last shares what another layer keeps

Tokens: TypeAlias = tuple[int, ...]
States: TypeAlias = dict[int, tuple[torch.Tensor, torch.Tensor]]
"""Keys and values, heads × tokens × size, of each layer that has some."""

_NOTHING: States = {}


class Forward:
    """A model's forward pass, for rows that all end at the last column.

    Parameters
    ----------
    model : transformers.PreTrainedModel

    Attributes
    ----------
    attends : bool
        Whether all of the model's layers are of attention, over everything or over a window. Then it keeps keys and
        values of every token, from which rows and columns can be taken; other layers (linear attention, convolutions,
        state spaces) keep a sum of all that they were fed.

    Raises
    ------
    ModelError
        If the model keeps what it was fed in a way of its own.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._takes = set(inspect.signature(model.forward).parameters)
        self._cache = next((name for name in ("past_key_values", "cache_params") if name in self._takes), "")
        layers = self.new_cache().layers if self._cache else []
        self.attends = {type(layer).__name__ for layer in layers} <= _ATTENTION
        # A cache for states, but no such layer in a cache of transformers: the model has a class of its own for it.
        if not self._cache or (self._cache == "cache_params" and self.attends):
            raise self._unfit()
        self._looks_back = any(isinstance(layer, CacheLayerMixin) for layer in layers)

    def _unfit(self) -> ModelError:
        name = type(self._model).__name__
        return ModelError(f"{name} has no cache of a kind that can be used here. Take another model.")

    @torch.inference_mode()
    def try_out(self) -> None:
        """Feed a token, and see that what comes of it is kept in the cache.

        Raises
        ------
        ModelError
            If it is kept in the model itself, or the model takes no such cache.
        """
        cache, one = self.new_cache(), torch.ones(1, 1, dtype=torch.int64, device=self.device)
        try:
            self(one, one.bool(), one - 1, cache)
        except (ValueError, TypeError, AttributeError) as error:
            raise self._unfit() from error
        for layer in cache.layers:
            if isinstance(layer, LinearAttentionCacheLayerMixin):
                states = (*layer.conv_states.values(), *layer.recurrent_states.values())
                if all(one is None for one in states):
                    raise self._unfit()

    @property
    def device(self) -> torch.device:
        """Where tokens go."""
        return torch.device(self._model.device)

    def new_cache(self) -> Cache:
        """Return an empty cache of the model's own kind."""
        return DynamicCache(config=self._model.config.get_text_config(decoder=True))

    def __call__(
        self, ids: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor, cache: Cache, keep: int = 1
    ) -> torch.Tensor:
        """Feed tokens (rows × columns), and return the logits after the last `keep` (rows × `keep` × vocabulary)."""
        if not self._looks_back:
            mask = mask[:, -ids.shape[1] :]
        return self._logits(ids, keep, attention_mask=mask, position_ids=positions, use_cache=True, cache=cache)

    def whole(self, ids: torch.Tensor, keep: int) -> torch.Tensor:
        """Feed rows of equal length from their beginning, and keep nothing; return logits as a call does."""
        return self._logits(ids, keep, use_cache=False)

    def _logits(self, ids: torch.Tensor, keep: int, *, cache: Cache | None = None, **given: Any) -> torch.Tensor:
        given |= {"logits_to_keep": keep} | ({} if cache is None else {self._cache: cache})
        taken = {name: value for name, value in given.items() if name in self._takes}
        logits: torch.Tensor = self._model(input_ids=ids, **taken).logits[:, -keep:]
        return logits


@dataclass(frozen=True, slots=True)
class Fed:
    """Prompts that were fed together.

    Attributes
    ----------
    numbers : list of int
        Which prompts.
    rows, first : list of int
        In which row of the cache each is, and at which of its columns it begins.
    cache : Cache
    """

    numbers: list[int]
    rows: list[int]
    first: list[int]
    cache: Cache


class Feeder:
    """Feeds prompts, and keeps what they share.

    Parameters
    ----------
    forward : Forward
    """

    def __init__(self, forward: Forward) -> None:
        self._forward = forward
        self._known: dict[Tokens, States] = {}  # the last used at the end

    def forget(self) -> None:
        """Free what is kept."""
        self._known.clear()

    def feed(self, prompts: Mapping[int, Tokens], kept: int) -> Iterator[Fed]:
        """Feed numbered prompts, part by part.

        Parameters
        ----------
        prompts : mapping of int to tuple of int
        kept : int
            How many tokens of shared beginnings to keep.
        """
        groups: dict[Tokens, dict[int, Tokens]] = {}
        for number, prompt in prompts.items():
            groups.setdefault(self._begun(prompt), {})[number] = prompt
        level = [
            (node, known, self._known.get(known, _NOTHING))
            for known, group in groups.items()
            for node in grow(group, len(known))
        ]
        while level:
            following = []
            for part in _parts(level):
                cache, width = self._extend(part)
                ends = [(number, row) for row, (node, *_) in enumerate(part) for number in node.ends]
                first = [width - len(before) for _, before, _ in part]
                yield Fed(
                    [number for number, _ in ends], [row for _, row in ends], [first[row] for _, row in ends], cache
                )
                for row, (node, before, _) in enumerate(part):
                    if node.children:
                        states = _states(cache, row, first[row], len(before) + len(node.piece))
                        self._keep(before + node.piece, states, kept)
                        following += [(child, before + node.piece, states) for child in node.children]
            level = following

    def _begun(self, prompt: Tokens) -> Tokens:
        """Return the longest beginning of the prompt that is known."""
        begun = max((known for known in self._known if prompt[: len(known)] == known), key=len, default=())
        if begun:
            self._known[begun] = self._known.pop(begun)
        return begun

    def _keep(self, tokens: Tokens, states: States, most: int) -> None:
        self._known[tokens] = states
        while sum(map(len, self._known)) > most:
            del self._known[next(iter(self._known))]

    def _extend(self, part: Sequence[tuple[Node, Tokens, States]]) -> tuple[Cache, int]:
        """Feed pieces behind what goes before them; return their cache, and in which of its columns they begin.

        What goes before stands to the left of that column, and the piece to the right, without a gap: a window
        of attention, which counts columns, is right.
        """
        before = max(len(tokens) for _, tokens, _ in part)
        width = max(len(node.piece) for node, *_ in part)
        cache = _joined([states for *_, states in part], before)
        if width:
            device = self._forward.device
            begun = torch.tensor([len(tokens) for _, tokens, _ in part], device=device)[:, None]
            given = torch.tensor([len(node.piece) for node, *_ in part], device=device)[:, None]
            places = torch.arange(before + width, device=device) - before
            self._forward(
                torch.tensor([[*node.piece, *[0] * (width - len(node.piece))] for node, *_ in part], device=device),
                (places >= -begun) & (places < given),
                (begun + places[before:]).minimum(begun + given - 1).clamp_min(0),
                cache,
            )
        return cache, before


def _parts(level: list[tuple[Node, Tokens, States]]) -> Iterator[list[tuple[Node, Tokens, States]]]:
    """Divide what is to be fed, the longest first, so that little is padded."""
    part: list[tuple[Node, Tokens, States]] = []
    longest = 0
    for one in sorted(level, key=lambda one: -len(one[0].piece)):
        longest = max(longest, len(one[1]) + len(one[0].piece))
        if part and (len(part) + 1) * longest > _FED_TOKENS:
            yield part
            part, longest = [], len(one[1]) + len(one[0].piece)
        part.append(one)
    yield part


def _states(cache: Cache, row: int, first: int, length: int) -> States:
    """Return a copy of a row."""
    end = first + length
    return {
        number: (layer.keys[row, :, first:end].clone(), layer.values[row, :, first:end].clone())
        for number, layer in enumerate(cache.layers)
        if layer.is_initialized
    }


def _joined(rows: Sequence[States], width: int) -> Cache:
    """Return a cache of these rows, all ending at its last column."""
    distinct = list({id(states): states for states in rows}.values())
    places = [next(place for place, one in enumerate(distinct) if one is states) for states in rows]
    cache = DynamicCache()
    for number, kinds in next(filter(None, distinct), _NOTHING).items():
        made = []
        for kind, like in enumerate(kinds):
            room = like.new_zeros(len(distinct), like.shape[0], width, like.shape[2])
            for place, states in enumerate(distinct):
                if states:
                    room[place, :, width - states[number][kind].shape[1] :] = states[number][kind]
            made.append(room[places])
        cache.update(*made, number)
    return cache
