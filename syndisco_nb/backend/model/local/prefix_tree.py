"""A tree of prompts in which every shared prefix stands once, so that it is fed to the model once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

_MIN_SHARED = 16  # tokens
_MIN_SHARE = 4  # 1 / 4 of a prompt: a shorter prefix saves less than the extra forward pass costs


@dataclass(frozen=True, slots=True)
class PrefixNode:
    """A run of tokens that one or more prompts have at the same place.

    Attributes
    ----------
    piece : tuple of int
        The tokens.
    ends : list of int
        The numbers of the prompts that end with them.
    children : list of PrefixNode
        The continuations of the other prompts.
    """

    piece: tuple[int, ...]
    ends: list[int]
    children: list["PrefixNode"]


def prefix_tree(prompts: Mapping[int, tuple[int, ...]], start: int = 0) -> list[PrefixNode]:
    """Return the roots of a tree of numbered prompts.

    Parameters
    ----------
    prompts : mapping of int to tuple of int
    start : int
        The number of first tokens that all prompts have in common and that are left out.

    Examples
    --------
    >>> (root,) = prefix_tree({0: (*range(20), 7), 1: (*range(20), 8)})
    >>> len(root.piece), [(child.piece, child.ends) for child in root.children]
    (20, [((7,), [0]), ((8,), [1])])
    """
    common = len(os.path.commonprefix(list(prompts.values())))  # noqa: RUF071 - of any sequences
    ends = [number for number, prompt in prompts.items() if len(prompt) == common]
    branches: dict[int, dict[int, tuple[int, ...]]] = {}
    for number, prompt in prompts.items():
        if len(prompt) > common:
            branches.setdefault(prompt[common], {})[number] = prompt
    first = next(iter(prompts.values()))
    if ends or common - start >= max(_MIN_SHARED, len(first) // _MIN_SHARE):
        children = [node for branch in branches.values() for node in prefix_tree(branch, common)]
        return [PrefixNode(first[start:common], ends, children)]
    return [node for branch in branches.values() for node in prefix_tree(branch, start)]
