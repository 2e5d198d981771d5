import asyncio
from collections import Counter
from collections.abc import Collection, Hashable
from typing import Any

import pytest
from django.db import OperationalError
from psycopg import OperationalError as Lost

from hackathon.base.live import sent_fragments
from hackathon.base.live.fragments import Fragment, Registry
from hackathon.base.live.sent_fragments import MAX_FAILURES, FragmentSender, Wanted

pytestmark = [pytest.mark.django_db, pytest.mark.asyncio]


def nothing(*_: Any) -> dict[str, Any]:
    return {}


class Page:
    def __init__(self) -> None:
        self.received: list[str] = []

    def offer(self, text: str) -> None:
        self.received.append(text)


class Site:
    """Renders `good`, and fails for `bad` as often as is said."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times = error, times
        self.asked: Counter[str] = Counter()

    def render(
        self, wanted: Collection[Wanted], _version: Hashable, _seconds: float
    ) -> dict[Wanted, str]:
        (name,) = {one.name for one in wanted}
        self.asked[name] += 1
        if name == "bad" and self.asked["bad"] <= self.times:
            raise self.error
        return dict.fromkeys(wanted, f"{name} {self.asked[name]}")


def lost() -> OperationalError:
    error = OperationalError()
    error.__cause__ = Lost()
    return error


@pytest.mark.parametrize(
    ("error", "times", "asked", "is_sent"),
    [
        (ValueError("a bug"), 1_000, MAX_FAILURES, False),
        (ValueError("once"), 1, 2, True),
        (lost(), 3 * MAX_FAILURES, 3 * MAX_FAILURES + 1, True),
    ],
)
async def test_a_fragment_that_fails_is_given_up_unless_the_database_is_away(
    monkeypatch, error, times, asked, is_sent
):
    """Another one, which succeeds each time, does not make it begin anew."""
    registry = Registry()
    registry.add(*(Fragment(name, "none.html", "brief", nothing) for name in ("good", "bad")))
    monkeypatch.setattr(sent_fragments, "registry", registry)
    monkeypatch.setattr(sent_fragments, "GATHER_SECONDS", 0)
    monkeypatch.setattr(sent_fragments, "LONGEST_REST_SECONDS", 0)
    page, site = Page(), Site(error, times)
    sender = FragmentSender(lambda _page: frozenset({"everyone"}))
    sender.render = site.render
    sender.shows(page, ["good", "bad"], "fr")

    sender.changed(["brief.changed"], [page], 1)
    while sender._sending is not None and not sender._sending.done():
        sender._mark(["good"], [page]) if site.asked["good"] < times else None
        await asyncio.sleep(0)

    assert site.asked["bad"] == asked
    assert any("good" in text for text in page.received)
    assert any("bad" in text for text in page.received) == is_sent
