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


@pytest.mark.parametrize("number", [*range(1, 34), 63, 64, 65])
def test_the_root_is_that_of_the_rfc(number):
    entries = leaves(number)

    levels = tree.levels_of(entries)

    assert tree.root_of(levels) == merkle_hash(entries)
