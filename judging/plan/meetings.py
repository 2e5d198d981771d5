from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from math import exp
from random import Random

type Pair = tuple[str, str]  # a juror, a team

TRIES = 120  # exchanges tried for each free pair
MOST_TRIES = 60_000
START_TEMPERATURE, END_TEMPERATURE = 1.0, 0.05  # in the unit of `_cost_change`


class Meetings:
    """Pairs of juror and team, and how many teams any two jurors share (`_shared`).

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
        self._shared: Counter[Pair] = Counter()
        for juror, team in (*self.fixed, *self.free):
            for other in self._readers[team]:
                self._shared[_sorted_pair(juror, other)] += 1
            self._readers[team].add(juror)

    def components(self) -> list[set[tuple[str, str]]]:
        """The connected components of the graph of jurors and teams. Nodes are (side, id)."""
        neighbours: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for juror, team in (*self.fixed, *self.free):
            neighbours["juror", juror].add(("team", team))
            neighbours["team", team].add(("juror", juror))
        unvisited, components = dict.fromkeys(neighbours), []
        while unvisited:
            component, stack = set(), [next(iter(unvisited))]
            while stack:
                node = stack.pop()
                if node not in component:
                    component.add(node)
                    stack += neighbours[node] - component
            components.append(component)
            for node in component:
                del unvisited[node]
        return components

    def connect(self) -> None:
        """An exchange connects two components if one of its pairs lies on a cycle."""
        while len(components := self.components()) > 1:
            before = len(components)
            if not any(self._connects(i, j, before) for i, j in self._pairs_across(components)):
                return

    def even_out(self, rng: Random) -> None:
        """Simulated annealing, to make `_shared` even. Pairs in `keep` are not exchanged."""
        movable = [i for i, pair in enumerate(self.free) if pair not in self._keep]
        tries = min(MOST_TRIES, TRIES * len(movable))
        if len(movable) < 2:
            return
        for n in range(tries):
            i, j = rng.sample(movable, 2)
            if not self._can_exchange(i, j):
                continue
            increase = self._cost_change(i, j)
            temperature = START_TEMPERATURE * (END_TEMPERATURE / START_TEMPERATURE) ** (n / tries)
            if increase <= 0 or rng.random() < exp(-increase / temperature):
                self._exchange(i, j)

    def _pairs_across(self, components: list[set[tuple[str, str]]]) -> Iterator[tuple[int, int]]:
        component_of = {node: i for i, nodes in enumerate(components) for node in nodes}
        component = [component_of["juror", juror] for juror, _ in self.free]
        # Planned pairs come last: they are exchanged only if no other exchange connects.
        order = sorted(range(len(self.free)), key=lambda i: self.free[i] in self._keep)
        for i in order:
            for j in order:
                if component[i] != component[j] and self._can_exchange(i, j):
                    yield i, j

    def _connects(self, i: int, j: int, before: int) -> bool:
        self._exchange(i, j)
        if len(self.components()) < before:
            return True
        self._exchange(i, j)
        return False

    def _can_exchange(self, i: int, j: int) -> bool:
        (a, team_a), (b, team_b) = self.free[i], self.free[j]
        return (
            a != b
            and team_a != team_b
            and a not in self._readers[team_b]
            and b not in self._readers[team_a]
            and (a, team_b) not in self._barred
            and (b, team_a) not in self._barred
        )

    def _cost_change(self, i: int, j: int) -> int:
        """What the exchange adds to the sum of squares of `_shared`."""
        (a, team_a), (b, team_b) = self.free[i], self.free[j]
        change: Counter[Pair] = Counter()
        for juror in self._readers[team_a] - {a}:
            change[_sorted_pair(a, juror)] -= 1
            change[_sorted_pair(b, juror)] += 1
        for juror in self._readers[team_b] - {b}:
            change[_sorted_pair(b, juror)] -= 1
            change[_sorted_pair(a, juror)] += 1
        return sum(d * (2 * self._shared[pair] + d) for pair, d in change.items())

    def _exchange(self, i: int, j: int) -> None:
        (a, team_a), (b, team_b) = self.free[i], self.free[j]
        for juror, team, sign in ((a, team_a, -1), (b, team_b, -1), (a, team_b, 1), (b, team_a, 1)):
            if sign < 0:
                self._readers[team].remove(juror)
            for reader in self._readers[team]:
                self._shared[_sorted_pair(juror, reader)] += sign
            if sign > 0:
                self._readers[team].add(juror)
        self.free[i], self.free[j] = (a, team_b), (b, team_a)


def _sorted_pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)
