"""The cache of a running batch against tensors that are copied whole at every change."""

import random

import pytest
import torch
from transformers import cache_utils
from transformers.cache_utils import DynamicCache, DynamicLayer

from syndisco_nb.backend.model.local.engine_versions import TRIED
from syndisco_nb.backend.model.local.running_cache import RunningCache, check_cache_classes
from syndisco_nb.errors import ModelError

HEADS, SIZE, LAYERS = 2, 3, 2


def tokens(rows, columns):
    """Return keys of new tokens, none of which is like another."""
    return torch.rand(rows, HEADS, columns, SIZE)


def source_of(rows):
    """Return a cache in which rows stand at different places, and the first column of each."""
    width = max(row.shape[1] for row in rows) + 2
    first = [number % 3 if row.shape[1] + number % 3 <= width else 0 for number, row in enumerate(rows)]
    keys = torch.full((len(rows), HEADS, width, SIZE), torch.nan)
    for number, (row, begin) in enumerate(zip(rows, first, strict=True)):
        keys[number, :, begin : begin + row.shape[1]] = row
    cache = DynamicCache()
    for layer in range(LAYERS):
        cache.update(keys + layer, -keys - layer, layer)
    return cache, first


def check(cache, rows):
    """Each row must end at the last column, in every layer, and hold no NaN of anybody else."""
    for number in range(LAYERS if rows else 0):
        layer = cache.layers[number]
        assert layer.keys.shape[0] == len(rows)
        for place, row in enumerate(rows):
            assert torch.equal(layer.keys[place, :, layer.keys.shape[2] - row.shape[1] :], row + number)
            assert torch.equal(layer.values[place, :, layer.values.shape[2] - row.shape[1] :], -row - number)


@pytest.mark.parametrize("seed", range(5))
def test_rows_join_grow_and_leave_as_if_each_were_alone(seed):
    dice, cache, rows = random.Random(seed), RunningCache(), []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for _ in range(150):
            action = dice.choice(["join", "grow", "grow", "grow", "leave"]) if rows else "join"
            if action == "join":
                new = [tokens(1, dice.randrange(1, 90))[0] for _ in range(dice.randrange(1, 4))]
                width = max(row.shape[1] for row in (*rows, *new))
                source, first = source_of(new)
                order = dice.sample(range(len(new)), len(new))
                lengths = [new[number].shape[1] for number in order]
                cache.join(source, order, [first[number] for number in order], lengths, (len(rows) + len(new), width))
                rows += [new[number] for number in order]
            elif action == "grow":
                more = tokens(len(rows), 1)
                for layer in range(LAYERS):
                    cache.update(more + layer, -more - layer, layer)
                rows = [torch.cat([row, more[place]], dim=1) for place, row in enumerate(rows)]
            elif len(rows) > 1:
                gone = dice.randrange(len(rows))
                order = [place if place != gone else len(rows) - 1 for place in range(len(rows) - 1)]
                rows = [rows[place] for place in order]
                cache.keep(order, max(row.shape[1] for row in rows))
            check(cache, rows)


def test_what_is_padded_is_a_number():
    cache, (short, long) = RunningCache(), (tokens(1, 2)[0], tokens(1, 9)[0])
    for row in (long, torch.full_like(long, torch.nan)):
        source, first = source_of([row])
        cache.join(source, [0], first, [9], (2, 9))
    cache.keep([0], 9)
    source, first = source_of([short])
    cache.join(source, [0], first, [2], (2, 9))  # in the place of the row that overflowed
    assert cache.layers[0].keys.isfinite().all()
    check(cache, [long, short])


def test_a_step_copies_nothing_while_there_is_room():
    cache, row = RunningCache(), tokens(1, 9)[0]
    source, first = source_of([row])
    cache.join(source, [0], first, [9], (1, 9))
    places = set()
    for _ in range(64):
        cache.update(tokens(1, 1), tokens(1, 1), 0)
        places.add(cache.layers[0].keys.untyped_storage().data_ptr())
    assert len(places) == 1


def test_the_installed_transformers_works_as_expected():
    check_cache_classes()


@pytest.mark.parametrize(
    ("kind", "name", "broken", "message"),
    [
        (DynamicLayer, "update", lambda _, *states: states, "a cache layer that was updated is initialized"),
        (DynamicLayer, "get_seq_length", lambda _: 0, "a cache asks its layers for their length"),
        (DynamicLayer, "get_mask_sizes", lambda *_: (4, 0), "a mask has a column for each cached and each new token"),
        (DynamicLayer, "reorder_cache", lambda *_: None, "a cache can be cut to some rows"),
        (cache_utils.Cache, "update", None, "its cache classes have another interface"),
    ],
)
def test_another_transformers_is_an_error_with_the_version(monkeypatch, kind, name, broken, message):
    monkeypatch.setattr(kind, name, broken)
    with pytest.raises(ModelError, match=message) as caught:
        check_cache_classes()
    assert f"pip install transformers=={TRIED['transformers']}" in str(caught.value)


def test_a_cache_with_another_order_of_axes_is_an_error(monkeypatch):
    update = DynamicLayer.update
    monkeypatch.setattr(DynamicLayer, "update", lambda self, keys, values, *_: update(self, keys.mT, values.mT))
    with pytest.raises(ModelError, match="rows × heads × columns × size"):
        check_cache_classes()
