"""Room for the frames of deep calls, allocated once per test.

CPython allocates memory for frames in pieces of 16 KB, and returns a piece to the system as soon as
the first call in it ends. Where a loop calls functions at the end of a piece, each call allocates
one: up to an eighth of the CPU time of a test that sends requests.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

# A frame of this size, 560 KB, is allocated with as much room behind it, for some 3,000 calls.
STACK_SIZE = 70_000


def call_with_room(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


call_with_room.__code__ = call_with_room.__code__.replace(co_stacksize=STACK_SIZE)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Fixtures and the test itself."""
    item.setup = partial(call_with_room, item.setup)  # type: ignore[method-assign]
    item.runtest = partial(call_with_room, item.runtest)  # type: ignore[method-assign]
