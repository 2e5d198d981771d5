"""The public draw of the order of passages; `docs/ceremony.md` says how to compute it again."""

from collections.abc import Iterable
from hashlib import sha256


def drawn_order(names: Iterable[str], *, seed: str, word: str) -> list[str]:
    """`seed`: the digest of the department's seal, public before anybody called `word`."""
    return sorted(names, key=lambda name: sha256(f"{seed}\n{word}\n{name}".encode()).hexdigest())


def placed_first[T](order: Iterable[T], nominees: Iterable[T]) -> list[T]:
    """The nominees, those in `order` first and in this order."""
    places = {team: place for place, team in enumerate(order)}
    return sorted(nominees, key=lambda team: places.get(team, len(places)))
