"""The hash tree of RFC 9162, section 2.1, with SHA-256."""

import hashlib
from collections.abc import Sequence

type Levels = list[list[bytes]]


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def levels_of(leaves: Sequence[bytes]) -> Levels:
    """From the hashes of the leaves to the root. A hash without a sibling goes one level up as it
    is. Hashes once per leaf and once per pair: with all levels at hand a path costs nothing more.
    """
    levels = [[leaf_hash(leaf) for leaf in leaves]]
    while len(level := levels[-1]) > 1:
        above = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        levels.append(above + level[len(above) * 2 :])
    return levels


def root_of(levels: Levels) -> bytes:
    return levels[-1][0]


def nodes_of(levels: Levels, index: int) -> list[bytes]:
    """The hashes on the way from the leaf to the root, both included."""
    nodes = [levels[0][index]]
    for level in levels[1:]:
        index //= 2
        if level[index] != nodes[-1]:  # not one that went up as it is
            nodes.append(level[index])
    return nodes


def path_of(levels: Levels, index: int) -> list[bytes]:
    """The inclusion proof of the leaf: the siblings of its way to the root, from below."""
    path = []
    for level in levels[:-1]:
        if (sibling := index ^ 1) < len(level):
            path.append(level[sibling])
        index //= 2
    return path
