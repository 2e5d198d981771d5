from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from math import exp
from random import Random

type Pair = tuple[str, str]  # a juror, a team

TRIES = 120  # exchanges looked at for each free pair
MOST_TRIES = 60_000
WARM, COLD = 1.0, 0.05  # in squares of meetings


class Meetings:
    """Pairs of juror and team, and how many teams any two jurors share (`_met`).

    An exchange gives two jurors each other's team, so readings and loads do not change.
    """

    def __init__(
        self,
        fixed: Iterable[Pair],
        free: Iterable[Pair],
        barred: Collection[Pair],
        *,
        keep: Collection[Pair] = (),
    ) -> None:
        self.fixed = list(fixed)
        self.free = list(free)
        self._barred = barred
        self._keep = keep
        self._readers: dict[str, set[str]] = defaultdict(set)
        self._met: Counter[Pair] = Counter()
        for juror, team in (*self.fixed, *self.free):
            for other in self._readers[team]:
                self._met[_both(juror, other)] += 1
            self._readers[team].add(juror)

    def parts(self) -> list[set[tuple[str, str]]]:
        """The connected components of the graph of jurors and teams. Nodes are (side, id)."""
        neighbours: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for juror, team in (*self.fixed, *self.free):
            neighbours["juror", juror].add(("team", team))
            neighbours["team", team].add(("juror", juror))
        left, parts = dict.fromkeys(neighbours), []
        while left:
            part, border = set(), [next(iter(left))]
            while border:
                node = border.pop()
                if node not in part:
                    part.add(node)
                    border += neighbours[node] - part
            parts.append(part)
            for node in part:
                del left[node]
        return parts

    def connect(self) -> None:
        """Connect the components as far as exchanges can.

        An exchange connects two components if one of its pairs lies on a cycle.
        """
        while len(parts := self.parts()) > 1:
            before = len(parts)
            if not any(self._links(i, j, before) for i, j in self._across(parts)):
                return

    def even_out(self, chance: Random) -> None:
        """Simulated annealing, to make `_met` even. Pairs in `keep` are not exchanged."""
        movable = [i for i, pair in enumerate(self.free) if pair not in self._keep]
        tries = min(MOST_TRIES, TRIES * len(movable))
        if len(movable) < 2:
            return
        for n in range(tries):
            i, j = chance.sample(movable, 2)
            if not self._may(i, j):
                continue
            more = self._change(i, j)
            heat = WARM * (COLD / WARM) ** (n / tries)
            if more <= 0 or chance.random() < exp(-more / heat):
                self._exchange(i, j)

    def _across(self, parts: list[set[tuple[str, str]]]) -> Iterator[tuple[int, int]]:
        part_of = {node: i for i, part in enumerate(parts) for node in part}
        where = [part_of["juror", juror] for juror, _ in self.free]
        # Planned pairs come last: they are exchanged only if no other exchange connects.
        order = sorted(range(len(self.free)), key=lambda i: self.free[i] in self._keep)
        for i in order:
            for j in order:
                if where[i] != where[j] and self._may(i, j):
                    yield i, j

    def _links(self, i: int, j: int, before: int) -> bool:
        self._exchange(i, j)
        if len(self.parts()) < before:
            return True
        self._exchange(i, j)
        return False

    def _may(self, i: int, j: int) -> bool:
        (a, one), (b, other) = self.free[i], self.free[j]
        return (
            a != b
            and one != other
            and a not in self._readers[other]
            and b not in self._readers[one]
            and (a, other) not in self._barred
            and (b, one) not in self._barred
        )

    def _change(self, i: int, j: int) -> int:
        """What the exchange adds to the sum of squares of `_met`."""
        (a, one), (b, other) = self.free[i], self.free[j]
        change: Counter[Pair] = Counter()
        for juror in self._readers[one] - {a}:
            change[_both(a, juror)] -= 1
            change[_both(b, juror)] += 1
        for juror in self._readers[other] - {b}:
            change[_both(b, juror)] -= 1
            change[_both(a, juror)] += 1
        return sum(d * (2 * self._met[pair] + d) for pair, d in change.items())

    def _exchange(self, i: int, j: int) -> None:
        (a, one), (b, other) = self.free[i], self.free[j]
        for juror, team, sign in ((a, one, -1), (b, other, -1), (a, other, 1), (b, one, 1)):
            if sign < 0:
                self._readers[team].remove(juror)
            for reader in self._readers[team]:
                self._met[_both(juror, reader)] += sign
            if sign > 0:
                self._readers[team].add(juror)
        self.free[i], self.free[j] = (a, other), (b, one)


def _both(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)
