"""Locked containers: what was locked comes back whole, and nothing else opens."""

import io
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.core import encryption

CHUNK = 64
SEALED = CHUNK + encryption.TAG
HEAD = encryption.HEADER.size
KEY = urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()

texts = st.binary(max_size=5 * CHUNK)


def container(text: bytes, key: str = KEY) -> bytes:
    """The container of a text, in small chunks."""
    return b"".join(encryption.encrypt([text], key, chunk=CHUNK))


def opened(sealed: bytes, key: str = KEY) -> bytes:
    """What is in it."""
    return b"".join(encryption.decrypt(io.BytesIO(sealed), key))


def refused(sealed: bytes, key: str = KEY) -> bool:
    """Whether it does not open to its end."""
    try:
        opened(sealed, key)
    except encryption.InvalidContainer:
        return True
    return False


@given(st.lists(texts, max_size=6))
def test_what_was_locked_comes_back_however_it_was_cut(blocks: list[bytes]) -> None:
    sealed = b"".join(encryption.encrypt(blocks, KEY, chunk=CHUNK))

    assert opened(sealed) == b"".join(blocks)
    chunks = max(1, -(-len(b"".join(blocks)) // CHUNK))
    assert len(sealed) == HEAD + len(b"".join(blocks)) + chunks * encryption.TAG


@given(texts, st.data())
def test_a_container_that_ends_early_does_not_open(text: bytes, data: st.DataObject) -> None:
    sealed = container(text)

    assert refused(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(texts, st.data())
def test_a_single_other_bit_is_noticed_wherever_it_is(text: bytes, data: st.DataObject) -> None:
    sealed = bytearray(container(text))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert refused(bytes(sealed))


@given(st.binary(min_size=3 * CHUNK, max_size=6 * CHUNK), st.data())
def test_chunks_moved_repeated_or_left_out_do_not_open(text: bytes, data: st.DataObject) -> None:
    sealed = container(text)
    head, body = sealed[:HEAD], sealed[HEAD:]
    chunks = [body[at : at + SEALED] for at in range(0, len(body), SEALED)]
    other = data.draw(
        st.lists(st.sampled_from(range(len(chunks))), max_size=len(chunks) + 2).filter(
            lambda order: order != list(range(len(chunks)))
        )
    )

    assert refused(head + b"".join(chunks[i] for i in other))


@given(texts, st.binary(min_size=1, max_size=2 * SEALED))
def test_nothing_can_be_added(text: bytes, more: bytes) -> None:
    assert refused(container(text) + more)


def test_chunks_of_another_container_with_the_same_key_do_not_fit() -> None:
    one, other = container(b"a" * CHUNK * 3), container(b"b" * CHUNK * 3)

    assert refused(one[: HEAD + SEALED] + other[HEAD + SEALED :])


def test_another_key_opens_nothing() -> None:
    assert refused(container(b"Zanzibar"), encryption.new_key())


@pytest.mark.parametrize("key", ["", "x" * 20, "A" * 44, "A" * 100])
def test_what_is_no_key_opens_nothing(key: str) -> None:
    assert refused(container(b"Zanzibar"), key)


def test_a_key_is_short_and_each_another_one() -> None:
    keys = {encryption.new_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {43}


def test_a_header_cannot_make_a_reader_ask_for_gigabytes() -> None:
    head = encryption.HEADER.pack(encryption.MAGIC, encryption.VERSION, 2**32 - 1, bytes(7))

    assert refused(head + bytes(100))
