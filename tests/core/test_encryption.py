import io
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.base.core import encryption

CHUNK = 64
ENCRYPTED_CHUNK = CHUNK + encryption.TAG
HEAD = encryption.HEADER.size
KEY = urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()

texts = st.binary(max_size=5 * CHUNK)


def container(text: bytes, key: str = KEY) -> bytes:
    return b"".join(encryption.encrypt([text], key, chunk=CHUNK))


def decrypted(encrypted: bytes, key: str = KEY) -> bytes:
    return b"".join(encryption.decrypt(io.BytesIO(encrypted), key))


def refused(encrypted: bytes, key: str = KEY) -> bool:
    try:
        decrypted(encrypted, key)
    except encryption.InvalidContainer:
        return True
    return False


@given(st.lists(texts, max_size=6))
def test_decryption_returns_the_text_whatever_its_blocks(blocks):
    encrypted = b"".join(encryption.encrypt(blocks, KEY, chunk=CHUNK))

    assert decrypted(encrypted) == b"".join(blocks)
    chunks = max(1, -(-len(b"".join(blocks)) // CHUNK))
    assert len(encrypted) == HEAD + len(b"".join(blocks)) + chunks * encryption.TAG


@given(texts, st.data())
def test_a_truncated_container_is_refused(text, data):
    encrypted = container(text)

    assert refused(encrypted[: data.draw(st.integers(0, len(encrypted) - 1))])


@given(texts, st.data())
def test_a_container_with_one_other_bit_is_refused(text, data):
    encrypted = bytearray(container(text))
    encrypted[data.draw(st.integers(0, len(encrypted) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert refused(bytes(encrypted))


@given(st.binary(min_size=3 * CHUNK, max_size=6 * CHUNK), st.data())
def test_moved_repeated_or_missing_chunks_are_refused(text, data):
    encrypted = container(text)
    head, body = encrypted[:HEAD], encrypted[HEAD:]
    chunks = [body[at : at + ENCRYPTED_CHUNK] for at in range(0, len(body), ENCRYPTED_CHUNK)]
    other = data.draw(
        st.lists(st.sampled_from(range(len(chunks))), max_size=len(chunks) + 2).filter(
            lambda order: order != list(range(len(chunks)))
        )
    )

    assert refused(head + b"".join(chunks[i] for i in other))


@given(texts, st.binary(min_size=1, max_size=2 * ENCRYPTED_CHUNK))
def test_added_bytes_are_refused(text, more):
    assert refused(container(text) + more)


def test_chunks_of_another_container_with_the_same_key_are_refused():
    one, other = container(b"a" * CHUNK * 3), container(b"b" * CHUNK * 3)

    assert refused(one[: HEAD + ENCRYPTED_CHUNK] + other[HEAD + ENCRYPTED_CHUNK :])


def test_another_key_is_refused():
    assert refused(container(b"Zanzibar"), encryption.new_key())


@pytest.mark.parametrize("key", ["", "x" * 20, "A" * 44, "A" * 100])
def test_an_invalid_key_is_refused(key):
    assert refused(container(b"Zanzibar"), key)


def test_keys_are_short_and_unique():
    keys = {encryption.new_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {43}


def test_a_header_with_huge_chunks_is_refused():
    head = encryption.HEADER.pack(encryption.MAGIC, encryption.VERSION, 2**32 - 1, bytes(7))

    assert refused(head + bytes(100))
