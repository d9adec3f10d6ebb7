"""The attention cache of a running batch: rows join and leave without the others being copied.

A cache of transformers is copied whole for every new token and every removed row. This one is a buffer with spare
rows and columns, in which all rows end at the same column. A row that leaves is overwritten by the last one; a row that
joins is copied below the others.
"""

from collections.abc import Sequence

import torch
from transformers.cache_utils import Cache, CacheLayerMixin, DynamicCache, DynamicLayer

from syndisco_nb.backend.model.local.engine_versions import check_engine

_SPARE_COLUMNS = 64  # the buffer is copied once per this many tokens


class RunningCache(Cache):  # type: ignore[misc]
    """Keys and values of all rows, layer by layer."""

    def __init__(self) -> None:
        super().__init__(layer_class_to_replicate=_LayerBuffer)

    def join(
        self, source: Cache, rows: Sequence[int], first: Sequence[int], lengths: Sequence[int], shape: tuple[int, int]
    ) -> None:
        """Append rows of another cache.

        Parameters
        ----------
        source : Cache
        rows, first, lengths : sequence of int
            For each row, its number in the source, its first column there, and its number of columns.
        shape : tuple of int
            The numbers of rows and columns once everything that joins at this step has joined.
        """
        width = max(lengths)
        ends = torch.tensor([[begin + length] for begin, length in zip(first, lengths, strict=True)])
        columns, places = (ends - width + torch.arange(width)).clamp_min(0), torch.tensor(rows)[:, None]
        for number, layer in enumerate(source.layers):
            if number == len(self.layers):
                self.layers.append(_LayerBuffer())
            if layer.is_initialized:
                columns, places = columns.to(layer.keys.device), places.to(layer.keys.device)
                self.layers[number].join(layer, places, columns, shape)

    def keep(self, order: Sequence[int], width: int) -> None:
        """Keep some rows and the last columns.

        Parameters
        ----------
        order : sequence of int
            The row that moves into each place. A row that is overwritten must have moved before.
        width : int
            The number of columns.
        """
        for layer in self.layers:
            if layer.is_initialized:
                layer.keep(order, width)


class _LayerBuffer(DynamicLayer):  # type: ignore[misc]
    """Keys and values of one layer, rows × heads × columns × size; `keys` and `values` are views of the part in use."""

    def _begin(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        self.dtype, self.device = keys.dtype, keys.device
        self._buffers = [part.new_zeros(*part.shape[:2], 0, part.shape[3]) for part in (keys, values)]
        self._rows, self._start, self._end = keys.shape[0], 0, 0
        self.is_initialized = True
        self._set_views()

    def update(
        self, keys: torch.Tensor, values: torch.Tensor, *_: object, **__: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Append columns to all rows, and return all keys and values."""
        if not self.is_initialized:
            self._begin(keys, values)
        end = self._end + keys.shape[2]
        if end > self._buffers[0].shape[2]:
            self._reallocate(self._rows, self._end - self._start, keys.shape[2])
            end = self._end + keys.shape[2]
        for buffer, part in zip(self._buffers, (keys, values), strict=True):
            buffer[: self._rows, :, self._end : end] = part
        self._end = end
        self._set_views()
        return self.keys, self.values

    def join(self, source: CacheLayerMixin, rows: torch.Tensor, columns: torch.Tensor, shape: tuple[int, int]) -> None:
        if not self.is_initialized:
            self._begin(source.keys[:0], source.values[:0])
        end, width = self._rows + columns.shape[0], columns.shape[1]
        if end > self._buffers[0].shape[0] or shape[1] > self._end:
            self._reallocate(max(shape[0], end), max(shape[1], self._end - self._start), 0)
        for buffer, part in zip(self._buffers, (source.keys, source.values), strict=True):
            # Masked columns are still multiplied by a weight of 0: a NaN left behind by another row would spread.
            buffer[self._rows : end, :, : self._end - width] = 0
            buffer[self._rows : end, :, self._end - width : self._end] = part[rows, :, columns].transpose(1, 2)
        self._rows, self._start = end, min(self._start, self._end - width)
        self._set_views()

    def keep(self, order: Sequence[int], width: int) -> None:
        for buffer in self._buffers:
            for place, row in enumerate(order):
                if place != row:
                    buffer[place] = buffer[row]
        self._rows, self._start = len(order), self._end - width
        self._set_views()

    def _reallocate(self, rows: int, width: int, more: int) -> None:
        """Move the part in use to the end of the first `width` columns of a larger buffer."""
        used = self._end - self._start
        for number, part in enumerate((self.keys, self.values)):
            # Zeros, because masked columns are multiplied by 0 as well.
            buffer = part.new_zeros(rows, part.shape[1], width + more + _SPARE_COLUMNS, part.shape[3])
            buffer[: self._rows, :, width - used : width] = part
            self._buffers[number] = buffer
        self._start, self._end = width - used, width

    def _set_views(self) -> None:
        self.keys, self.values = (buffer[: self._rows, :, self._start : self._end] for buffer in self._buffers)


def check_cache_classes() -> None:
    """Fill caches by hand, and check all that this package relies on in the cache classes of transformers.

    Raises
    ------
    ModelError
        If they work in another way, in the installed version.
    """
    keys = torch.arange(12.0).reshape(2, 1, 3, 2)  # rows × heads × columns × size
    try:
        source = DynamicCache()
        source.update(keys, -keys, 0)
        (layer,) = source.layers
        check_engine("transformers", layer.is_initialized, "a cache layer that was updated is initialized")
        is_whole = torch.equal(layer.keys, keys) and torch.equal(layer.values, -keys)
        check_engine("transformers", is_whole, "a cache layer has keys and values: rows × heads × columns × size")
        cache = RunningCache()
        cache.join(source, [1, 0], [0, 1], [3, 2], (2, 3))
        cache.update(keys[:, :, :1], -keys[:, :, :1], 0)
        check_engine("transformers", cache.get_seq_length() == 4, "a cache asks its layers for their length")
        sizes = tuple(cache.get_mask_sizes(1, 0))
        check_engine("transformers", sizes == (5, 0), "a mask has a column for each cached and each new token")
        source.reorder_cache(torch.tensor([1]))
        check_engine("transformers", torch.equal(source.layers[0].keys, keys[1:]), "a cache can be cut to some rows")
    except (AttributeError, TypeError, ValueError) as error:
        check_engine("transformers", False, f"its cache classes have another interface: {error}")  # noqa: FBT003
