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
