"""The forward pass of a Hugging Face model, and the kind of cache that its layers keep."""

import inspect
import logging
from typing import Any

import torch
from transformers.cache_utils import (
    Cache,
    CacheLayerMixin,
    DummyLayer,
    DynamicCache,
    DynamicLayer,
    DynamicSlidingWindowLayer,
    LinearAttentionAndFullAttentionLayer,
    LinearAttentionAndSlidingWindowAttentionLayer,
    LinearAttentionCacheLayerMixin,
    LinearAttentionLayer,
)

logger = logging.getLogger(__name__)

_ATTENTION = {DynamicLayer, DynamicSlidingWindowLayer, DummyLayer}  # a dummy reads the cache of another layer
_STATES = {
    LinearAttentionLayer,
    LinearAttentionAndFullAttentionLayer,
    LinearAttentionAndSlidingWindowAttentionLayer,
}


class ForwardPass:
    """A model's forward pass, for rows that all end at the last column.

    Parameters
    ----------
    model : transformers.PreTrainedModel

    Attributes
    ----------
    has_only_attention : bool
        Whether every layer is an attention layer, full or with a window. Such layers cache keys and values per token,
        so rows and columns can be cut out. Other layers (linear attention, convolutions, state spaces) cache a
        running state.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self._parameters = set(inspect.signature(model.forward).parameters)
        self._cache_name = next((name for name in ("past_key_values", "cache_params") if name in self._parameters), "")
        layers = self.new_cache().layers if self._cache_name else []
        kinds = {type(layer) for layer in layers}
        self.has_only_attention = self._cache_name == "past_key_values" and kinds <= _ATTENTION
        # A model that takes `cache_params` but has attention layers only, by its configuration, has a cache class of
        # its own. An unlisted layer class may break under padding without an error, as DeepSeek-V4's does.
        self._is_known = self.has_only_attention or (bool(kinds - _ATTENTION) and kinds <= _ATTENTION | _STATES)
        self._has_attention = any(isinstance(layer, CacheLayerMixin) for layer in layers)

    @property
    def device(self) -> torch.device:
        """The device that tokens go to."""
        return torch.device(self.model.device)

    def new_cache(self) -> Cache:
        """Return an empty cache with the layers that the model's configuration asks for."""
        return DynamicCache(config=self.model.config.get_text_config(decoder=True))

    @torch.inference_mode()
    def fills_cache(self) -> bool:
        """Feed one token, and return whether the model keeps it in the cache that it was given.

        Some models take no cache, refuse this one, or keep their states to themselves.
        """
        if not self._is_known:
            return False
        cache, token = self.new_cache(), torch.ones(1, 1, dtype=torch.int64, device=self.device)
        try:
            self(token, token.bool(), token - 1, cache)
        except Exception as error:  # of any kind, from a model that expects another cache
            logger.info("%s cannot use a cache of ours: %s", type(self.model).__name__, error)
            return False
        states = [layer for layer in cache.layers if isinstance(layer, LinearAttentionCacheLayerMixin)]
        keys = [layer.keys for layer in cache.layers if getattr(layer, "keys", None) is not None]
        return all(map(_has_state, states)) and (
            not self.has_only_attention or [part.shape[2] for part in keys[:1]] == [1]
        )

    def __call__(
        self, ids: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor, cache: Cache, keep: int = 1
    ) -> torch.Tensor:
        """Append tokens to the rows of a cache, and return logits.

        Parameters
        ----------
        ids, positions : torch.Tensor, shape (rows, new columns)
        mask : torch.Tensor of bool, shape (rows, columns)
            False where a column, cached or new, is padding.
        cache : Cache
        keep : int
            The number of last columns whose logits are returned.

        Returns
        -------
        torch.Tensor, shape (rows, keep, vocabulary)
        """
        if not self._has_attention:
            mask = mask[:, -ids.shape[1] :]
        return self._logits(ids, keep, attention_mask=mask, position_ids=positions, use_cache=True, cache=cache)

    def whole(self, ids: torch.Tensor, keep: int) -> torch.Tensor:
        """Return logits of rows of equal length, fed from their beginning and without a cache.

        Parameters
        ----------
        ids : torch.Tensor, shape (rows, columns)
        keep : int
            The number of last columns whose logits are returned.

        Returns
        -------
        torch.Tensor, shape (rows, keep, vocabulary)
        """
        return self._logits(ids, keep, use_cache=False)

    def _logits(self, ids: torch.Tensor, keep: int, *, cache: Cache | None = None, **options: Any) -> torch.Tensor:
        options |= {"logits_to_keep": keep} | ({} if cache is None else {self._cache_name: cache})
        accepted = {name: value for name, value in options.items() if name in self._parameters}
        logits: torch.Tensor = self.model(input_ids=ids, **accepted).logits[:, -keep:]
        return logits


def _has_state(layer: LinearAttentionCacheLayerMixin) -> bool:
    return any(state is not None for state in (*layer.conv_states.values(), *layer.recurrent_states.values()))
