"""One rendering of a fragment for all pages that ask for it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any

from hackathon.base.live import fragments
from hackathon.base.live.fragments import Fragment, render
from hackathon.event.editions.models import Edition
from tests.conftest import NOON
from tests.waiting import wait_until


def test_pages_that_ask_at_once_get_one_rendering(edition, settings, monkeypatch):
    settings.FRAGMENTS_CACHED = True
    asked: list[object] = []
    rendered: list[datetime] = []
    may_go_on = Event()

    class Locks(dict[Any, Any]):
        def setdefault(self, key: Any, default: Any = None) -> Any:
            lock = super().setdefault(key, default)
            asked.append(key)
            return lock

    def slow(_edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
        rendered.append(at)
        may_go_on.wait(30)
        return {}

    monkeypatch.setattr(fragments, "_rendering", Locks())
    fragment = Fragment("slow", "site/_nav_palmares.html", "results", slow)
    ask = partial(render, fragment, edition, "everyone", at=NOON, version=10**9)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(ask)
        wait_until(lambda: len(rendered) == 1)
        second = threads.submit(ask)
        wait_until(lambda: len(asked) == 2)
        may_go_on.set()

    assert first.result() == second.result()
    assert len(rendered) == 1
    assert fragments._rendering == {}, "the second answer left its lock"
