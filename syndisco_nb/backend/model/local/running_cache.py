"""The attention cache of a running batch: rows join and leave it without the others being copied.

A cache of transformers is copied whole at every token that is added, and at every row that is removed. This
one is a buffer with room for more. All rows end at the same column, so that what is padded lies before
them: attention over a sliding window counts columns, and is right for every row. A row that leaves is
replaced by the last one; a row that joins is copied behind the others.
"""

from collections.abc import Sequence

import torch
from transformers.cache_utils import Cache, CacheLayerMixin, DynamicLayer

_ROOM = 64  # columns: as often as that many tokens are added, the buffer is copied


class RunningCache(Cache):  # type: ignore[misc]
    """Keys and values of all rows, layer by layer."""

    def __init__(self) -> None:
        super().__init__(layer_class_to_replicate=_Buffer)

    def join(
        self, fed: Cache, rows: Sequence[int], first: Sequence[int], lengths: Sequence[int], room: tuple[int, int]
    ) -> None:
        """Copy rows of another cache behind those that are here.

        Parameters
        ----------
        fed : Cache
        rows, first, lengths : sequence of int
            In which rows they are, in which column each begins, and how many it has.
        room : tuple of int
            How many rows, and how many columns, there will be once all that join have joined.
        """
        width = max(lengths)
        ends = torch.tensor([[begin + length] for begin, length in zip(first, lengths, strict=True)])
        columns, places = (ends - width + torch.arange(width)).clamp_min(0), torch.tensor(rows)[:, None]
        for number, layer in enumerate(fed.layers):
            if number == len(self.layers):
                self.layers.append(_Buffer())
            if layer.is_initialized:
                columns, places = columns.to(layer.keys.device), places.to(layer.keys.device)
                self.layers[number].join(layer, places, columns, room)

    def keep(self, order: Sequence[int], width: int) -> None:
        """Keep these rows, in this order, and so many columns. No row may be overwritten before it is copied."""
        for layer in self.layers:
            if layer.is_initialized:
                layer.keep(order, width)


class _Buffer(DynamicLayer):  # type: ignore[misc]
    """Keys and values of one layer, rows × heads × columns × size; `keys` and `values` are what is in use."""

    def _begin(self, keys: torch.Tensor, values: torch.Tensor) -> None:
        self.dtype, self.device = keys.dtype, keys.device
        self._buffers = [part.new_zeros(*part.shape[:2], 0, part.shape[3]) for part in (keys, values)]
        self._rows, self._start, self._end = keys.shape[0], 0, 0
        self.is_initialized = True
        self._show()

    def update(
        self, keys: torch.Tensor, values: torch.Tensor, *_: object, **__: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Add columns to all rows, and return what is in use."""
        if not self.is_initialized:
            self._begin(keys, values)
        end = self._end + keys.shape[2]
        if end > self._buffers[0].shape[2]:
            self._make_room(self._rows, self._end - self._start, keys.shape[2])
            end = self._end + keys.shape[2]
        for buffer, part in zip(self._buffers, (keys, values), strict=True):
            buffer[: self._rows, :, self._end : end] = part
        self._end = end
        self._show()
        return self.keys, self.values

    def join(self, fed: CacheLayerMixin, rows: torch.Tensor, columns: torch.Tensor, room: tuple[int, int]) -> None:
        if not self.is_initialized:
            self._begin(fed.keys[:0], fed.values[:0])
        end, width = self._rows + columns.shape[0], columns.shape[1]
        if end > self._buffers[0].shape[0] or room[1] > self._end:
            self._make_room(max(room[0], end), max(room[1], self._end - self._start), 0)
        for buffer, part in zip(self._buffers, (fed.keys, fed.values), strict=True):
            # Of the row that was here before, no number may remain: it may be none, and is read with no weight.
            buffer[self._rows : end, :, : self._end - width] = 0
            buffer[self._rows : end, :, self._end - width : self._end] = part[rows, :, columns].transpose(1, 2)
        self._rows, self._start = end, min(self._start, self._end - width)
        self._show()

    def keep(self, order: Sequence[int], width: int) -> None:
        for buffer in self._buffers:
            for place, row in enumerate(order):
                if place != row:
                    buffer[place] = buffer[row]
        self._rows, self._start = len(order), self._end - width
        self._show()

    def _make_room(self, rows: int, width: int, more: int) -> None:
        """Copy what is in use to the end of `width` columns of a larger buffer."""
        used = self._end - self._start
        for number, part in enumerate((self.keys, self.values)):
            # What is never written is read all the same, with no weight: it must be a number.
            buffer = part.new_zeros(rows, part.shape[1], width + more + _ROOM, part.shape[3])
            buffer[: self._rows, :, width - used : width] = part
            self._buffers[number] = buffer
        self._start, self._end = width - used, width

    def _show(self) -> None:
        self.keys, self.values = (buffer[: self._rows, :, self._start : self._end] for buffer in self._buffers)
