from collections.abc import Iterator

import pytest
import time_machine

from tests.judging.conftest import NIGHT


@pytest.fixture
def night() -> Iterator[None]:
    with time_machine.travel(NIGHT, tick=False):
        yield
