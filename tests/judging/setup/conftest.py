import pytest
import time_machine

from tests.judging.conftest import NIGHT


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT, tick=False):
        yield
