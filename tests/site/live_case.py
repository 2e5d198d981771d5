from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.conftest import NOON


@dataclass(frozen=True)
class Case:
    """`act` publishes the message at `at`; `before` runs before the old page is rendered.

    `shows`: whether the message changes a page. If not, only scripts use it.
    """

    act: Callable[..., object]
    at: datetime = NOON
    before: Callable[..., object] | None = None
    shows: bool = True
    own_page: str = ""  # Ada's, which is there only after `before`
