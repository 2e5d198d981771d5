"""Random codes that people read aloud and type. Some are stored as they are, others as digests."""

import hashlib
import secrets
import unicodedata

# Without vowels, so that no code is a word, and without 0 and O. Codes of teams and entry codes
# that are older may also have A, E, U and Y.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
ALIKE = str.maketrans("1I", "LL")


def new_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def spoken_code(code: str) -> str:
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def plain_code(typed: str) -> str:
    """« KX4P9T » for « kx4-p9t »; at most 100 characters are read."""
    plain = unicodedata.normalize("NFKC", typed[:100]).upper()
    return "".join(character for character in plain if character.isalnum())


def normal_code(typed: str) -> str:
    """The stored form. 1 and I are in no code: they are an L."""
    return plain_code(typed).translate(ALIKE)


def code_digest(typed: str) -> str:
    """A plain digest is enough for a long code."""
    return hashlib.sha256(normal_code(typed).encode()).hexdigest()
