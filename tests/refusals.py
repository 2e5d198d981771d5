from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hackathon.base.core.errors import Refused


@contextmanager
def refuses(code: Any) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is called inside is refused with this code."""
    with pytest.raises(Refused) as refused:
        yield refused
    assert refused.value.refusal.code == code
