import hashlib
from collections.abc import Sequence

import pytest

from hackathon.extras.proofs.selectors import nodes_of, path_of
from submissions.seals import tree
from tests.submissions.seals.test_tree import leaves, merkle_hash, split


def inclusion_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = split(entries)
    if index < k:
        return [*inclusion_path(index, entries[:k]), merkle_hash(entries[k:])]
    return [*inclusion_path(index - k, entries[k:]), merkle_hash(entries[:k])]


@pytest.mark.parametrize("number", [*range(1, 34), 63, 64, 65])
def test_paths_are_those_of_the_rfc(number):
    entries = leaves(number)

    levels = tree.levels_of(entries)

    for index in range(number):
        path = path_of(levels, index)
        assert path == inclusion_path(index, entries)
        nodes = nodes_of(levels, index)
        assert (len(nodes), nodes[0], nodes[-1]) == (
            len(path) + 1,
            tree.leaf_hash(entries[index]),
            tree.root_of(levels),
        )


def test_all_paths_of_6000_leaves_hash_each_leaf_and_each_pair_once(monkeypatch):
    hashed = []
    sha256 = hashlib.sha256
    monkeypatch.setattr(tree.hashlib, "sha256", lambda data: hashed.append(data[0]) or sha256(data))

    levels = tree.levels_of(leaves(6000))
    paths = [path_of(levels, index) for index in range(6000)]

    assert len(paths) == 6000
    assert (hashed.count(0), hashed.count(1)) == (6000, 5999)
