"""Room for the frames of a test: up to an eighth of the CPU time of one that sends requests."""

from functools import partial

import pytest

from hackathon.base.core.call_stack import call_with_room


def pytest_itemcollected(item: pytest.Item) -> None:
    """Fixtures and the test itself."""
    item.setup = partial(call_with_room, item.setup)
    item.runtest = partial(call_with_room, item.runtest)
