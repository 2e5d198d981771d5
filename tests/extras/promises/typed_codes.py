"""Codes of promises, as the browser writes them (`js/promises-codes.js`)."""

from hackathon.extras.promises.codes import ALPHABET, BITS, LETTERS, LINES, Typed, check_of


def encode(typed: Typed) -> str:
    """Lines of two groups. Raises `ValueError` for a number that has no place."""
    number = 0
    for name, bits in BITS.items():
        value = int(typed.digest, 16) if name == "digest" else int(getattr(typed, name))
        if value >> bits:
            raise ValueError(name)
        number = number << bits | value
    values = [number >> 5 * place & 31 for place in reversed(range(LINES * LETTERS))]
    return "\n".join(_line(index, values[LETTERS * index :][:LETTERS]) for index in range(LINES))


def _line(index: int, values: list[int]) -> str:
    line = "".join(ALPHABET[value] for value in [*values, check_of(index, values)])
    return f"{line[:4]} {line[4:]}"
