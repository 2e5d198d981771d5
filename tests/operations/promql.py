"""As much of PromQL as deploy/prometheus and deploy/grafana use, on made-up series.

Prometheus is no package of this project. Unlike it, `rate` divides by the time between the first
and the last sample of the range, and does not extrapolate. What is not known here is an error.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

type Labels = frozenset[tuple[str, str]]
type Vector = dict[Labels, float]
type Ranges = dict[Labels, list[tuple[float, float]]]

STALE_SECONDS = 300
UNITS = {"s": 1, "m": 60, "h": 3600}
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?[smh]?|\w+|[=!<>]=|[=!]~|[^\s])')
COMPARE = {"<": operator.lt, ">": operator.gt, "==": operator.eq, "!=": operator.ne}
MATCH: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "=~": lambda value, wanted: re.fullmatch(wanted, value) is not None,
    "!~": lambda value, wanted: re.fullmatch(wanted, value) is None,
}


@dataclass(frozen=True)
class Selector:
    """`range`: seconds; 0 for an instant."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    range: int = 0

    def selects(self, labels: Labels) -> bool:
        given = dict(labels)
        return all(MATCH[how](given.get(label, ""), value) for label, how, value in self.matchers)


@dataclass(frozen=True)
class Call:
    """Of a function, an operator, or `sum`, with the labels that it keeps."""

    name: str
    arguments: tuple["Node", ...]
    by: tuple[str, ...] = ()


type Node = float | Selector | Call


def parsed(text: str) -> Node:
    """Raises `ValueError`."""
    parser = _Parser(TOKEN.findall(text))
    found = parser.alternatives()
    if parser.tokens:
        raise ValueError(f"{text}: what is {parser.tokens[0]}?")
    return found


def selectors(node: Node, inside: str = "") -> list[tuple[Selector, str]]:
    """Each with the function around it."""
    if isinstance(node, Selector):
        return [(node, inside)]
    if isinstance(node, Call):
        return [found for each in node.arguments for found in selectors(each, node.name)]
    return []


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def alternatives(self) -> Node:
        found = self.comparison()
        while self._takes("or"):
            found = Call("or", (found, self.comparison()))
        return found

    def comparison(self) -> Node:
        found = self.product()
        if self.tokens and self.tokens[0] in COMPARE:
            return Call(self.tokens.pop(0), (found, self.product()))
        return found

    def product(self) -> Node:
        found = self.operand()
        while self._takes("*"):
            found = Call("*", (found, self.operand()))
        return found

    def operand(self) -> Node:
        name = self.tokens.pop(0)
        if re.fullmatch(r"\d+(\.\d+)?", name):
            return float(name)
        if name == "sum":
            by = tuple(self._until_closed()) if self._takes("by") and self._takes("(") else ()
            return Call(name, self._arguments(), by)
        if name in FUNCTIONS:
            return Call(name, self._arguments())
        if not re.fullmatch(r"[a-z]\w*", name):
            raise ValueError(f"{name} is not known here")
        return self._selector(name)

    def _selector(self, name: str) -> Selector:
        matchers = []
        while self._takes("{") or (matchers and self._takes(",")):
            label, how, value = (self.tokens.pop(0) for _ in range(3))
            matchers.append((label, how, value[1:-1]))
        if matchers and not self._takes("}"):
            raise ValueError(f"{name}: }} is missing")
        seconds = 0
        if self._takes("["):
            duration, closed = self.tokens.pop(0), self.tokens.pop(0)
            assert closed == "]"
            seconds = int(duration[:-1]) * UNITS[duration[-1]]
        return Selector(name, tuple(matchers), seconds)

    def _arguments(self) -> tuple[Node, ...]:
        if not self._takes("("):
            raise ValueError("( is missing")
        found = [self.alternatives()]
        while self._takes(","):
            found.append(self.alternatives())
        if not self._takes(")"):
            raise ValueError(") is missing")
        return tuple(found)

    def _until_closed(self) -> Iterable[str]:
        while (token := self.tokens.pop(0)) != ")":
            if token != ",":
                yield token

    def _takes(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        self.tokens.pop(0)
        return True


@dataclass
class Series:
    """Samples, oldest first, by name and labels."""

    samples: dict[tuple[str, Labels], list[tuple[float, float]]]

    def value(self, node: Node, at: float) -> float | Vector | Ranges:
        if isinstance(node, Selector):
            return self._ranges(node, at) if node.range else self._instant(node, at)
        if isinstance(node, Call):
            arguments = [self.value(each, at) for each in node.arguments]
            if node.name == "sum":
                return _sum(arguments[0], node.by)
            if node.name in COMPARE or node.name in ("*", "or"):
                return _operation(node.name, *arguments)
            return FUNCTIONS[node.name](*arguments)
        return node

    def _instant(self, selector: Selector, at: float) -> Vector:
        near = self._within(selector, at, STALE_SECONDS)
        return {labels: samples[-1][1] for labels, samples in near.items()}

    def _ranges(self, selector: Selector, at: float) -> Ranges:
        return self._within(selector, at, selector.range)

    def _within(self, selector: Selector, at: float, seconds: float) -> Ranges:
        found = {}
        for (name, labels), samples in self.samples.items():
            near = [(t, value) for t, value in samples if at - seconds < t <= at]
            if name == selector.name and near and selector.selects(labels):
                found[labels] = near
        return found


def _sum(vector: Vector, by: tuple[str, ...]) -> Vector:
    found: Vector = {}
    for labels, value in vector.items():
        kept = frozenset(pair for pair in labels if pair[0] in by)
        found[kept] = found.get(kept, 0) + value
    return found


def _operation(name: str, left: float | Vector, right: float | Vector) -> Vector:
    if name == "or":
        return {**right, **left}
    if not isinstance(left, dict):
        left, right = right, left
        assert name == "*", "a number stands on the right"
    both = {
        labels: (value, right[labels] if isinstance(right, dict) else right)
        for labels, value in left.items()
        if not isinstance(right, dict) or labels in right
    }
    if name == "*":
        return {labels: a * b for labels, (a, b) in both.items()}
    return {labels: a for labels, (a, b) in both.items() if COMPARE[name](a, b)}


def _increase(ranges: Ranges) -> Vector:
    """After a restart a counter begins at 0 again."""
    return {
        labels: sum(
            max(later - value, 0) if later >= value else later
            for (_, value), (_, later) in pairwise(samples)
        )
        for labels, samples in ranges.items()
        if len(samples) > 1
    }


def _rate(ranges: Ranges) -> Vector:
    lasted = {labels: samples[-1][0] - samples[0][0] for labels, samples in ranges.items()}
    return {labels: value / lasted[labels] for labels, value in _increase(ranges).items()}


def _quantile_over_time(wanted: float, ranges: Ranges) -> Vector:
    def of(samples: list[tuple[float, float]]) -> float:
        values = sorted(value for _, value in samples)
        rank = wanted * (len(values) - 1)
        low = values[math.floor(rank)]
        return low + (values[math.ceil(rank)] - low) * (rank - math.floor(rank))

    return {labels: of(samples) for labels, samples in ranges.items()}


def _histogram_quantile(wanted: float, buckets: Vector) -> Vector:
    by_rest: dict[Labels, list[tuple[float, float]]] = {}
    for labels, value in buckets.items():
        rest = frozenset(pair for pair in labels if pair[0] != "le")
        by_rest.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    return {rest: _quantile(wanted, sorted(found)) for rest, found in by_rest.items()}


def _quantile(wanted: float, buckets: list[tuple[float, float]]) -> float:
    rank, begin, before = wanted * buckets[-1][1], 0.0, 0.0
    if buckets[-1][1] == 0:
        return math.nan
    for end, count in buckets:
        if count >= rank:
            if math.isinf(end):
                return begin
            return begin + (end - begin) * (rank - before) / (count - before)
        begin, before = end, count
    return math.nan


def _absent(vector: Vector) -> Vector:
    return {} if vector else {frozenset(): 1.0}


FUNCTIONS: dict[str, Callable] = {
    "absent": _absent,
    "histogram_quantile": _histogram_quantile,
    "increase": _increase,
    "quantile_over_time": _quantile_over_time,
    "rate": _rate,
}
