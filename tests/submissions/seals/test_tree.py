import hashlib
from collections.abc import Sequence

import pytest

from submissions.seals import tree


def leaves(number: int) -> list[bytes]:
    return [f"leaf {at}".encode() for at in range(number)]


# As RFC 9162 writes them, section 2.1.1 and 2.1.3.1: by splitting at a power of two.
def split(entries: Sequence[bytes]) -> int:
    return 1 << (len(entries) - 1).bit_length() - 1


def merkle_hash(entries: Sequence[bytes]) -> bytes:
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(entries)
    return hashlib.sha256(b"\x01" + merkle_hash(entries[:k]) + merkle_hash(entries[k:])).digest()


def inclusion_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = split(entries)
    if index < k:
        return [*inclusion_path(index, entries[:k]), merkle_hash(entries[k:])]
    return [*inclusion_path(index - k, entries[k:]), merkle_hash(entries[:k])]


@pytest.mark.parametrize("number", [*range(1, 34), 63, 64, 65])
def test_root_and_paths_are_those_of_the_rfc(number: int) -> None:
    entries = leaves(number)

    levels = tree.levels_of(entries)

    assert tree.root_of(levels) == merkle_hash(entries)
    for index in range(number):
        path = tree.path_of(levels, index)
        assert path == inclusion_path(index, entries)
        nodes = tree.nodes_of(levels, index)
        assert (len(nodes), nodes[0], nodes[-1]) == (
            len(path) + 1,
            tree.leaf_hash(entries[index]),
            tree.root_of(levels),
        )


def test_all_paths_of_6000_leaves_hash_each_leaf_and_each_pair_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed = []
    sha256 = hashlib.sha256
    monkeypatch.setattr(tree.hashlib, "sha256", lambda data: hashed.append(data[0]) or sha256(data))

    levels = tree.levels_of(leaves(6000))
    paths = [tree.path_of(levels, index) for index in range(6000)]

    assert len(paths) == 6000
    assert (hashed.count(0), hashed.count(1)) == (6000, 5999)
