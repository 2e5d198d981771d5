"""What the tests of the whole site must know of an extra: `CASES` in its `cases.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings

type Rows = Mapping[str, Any]


@dataclass(frozen=True)
class Cases:
    """`reads`, `writes`: who may (`tests/access`). `unread`: addresses that a reader may not read.
    `published_reads`: once results are. `bodies`: what no form says. `fixed`, `pk_of`: arguments
    of addresses (`tests/addresses.py`), `fixed` also as a function of its world. `objects`: gets
    those of the world without extras, and returns its own. `sentences`, `targets`: of the
    journal. `messages`, `pages`: of the live contract; `instants`: of the clock. `checks`: how
    each is spoiled and mended. `secrets`: stores texts with the marker that it gets, which the
    role that it gets must never read. `crowd`: rows of a large edition. `starts`: by file, how
    it starts programs.
    """

    reads: Rows = field(default_factory=dict)
    published_reads: Rows = field(default_factory=dict)
    writes: Rows = field(default_factory=dict)
    unread: Rows = field(default_factory=dict)
    bodies: Rows = field(default_factory=dict)
    fixed: Rows = field(default_factory=dict)
    pk_of: Rows = field(default_factory=dict)
    sentences: Rows = field(default_factory=dict)
    targets: Rows = field(default_factory=dict)
    messages: Rows = field(default_factory=dict)
    pages: Rows = field(default_factory=dict)
    instants: Rows = field(default_factory=dict)
    checks: Rows = field(default_factory=dict)
    starts: Rows = field(default_factory=dict)
    readies: Callable[[Any], None] = lambda _edition: None
    objects: Callable[[Rows], Rows] = lambda _objects: {}
    secrets: Callable[[Any, str, str], None] = lambda _world, _role, _marker: None
    crowd: Callable[[Any, Any], None] = lambda _edition, _by: None


def all_cases() -> list[Cases]:
    return [import_module(f"tests.extras.{name}.cases").CASES for name in settings.EXTRAS]


def gathered(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for cases in all_cases():
        found |= getattr(cases, name)
    return found
