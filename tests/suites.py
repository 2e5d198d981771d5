"""The suite of each test, by its folder: `browser`, `system` (processes and services) or `rules`.
Of an extra the folder `browser` is in the first, and `test_races.py` in the second.

A test elsewhere that starts a process or opens a socket has the marker `system`. Without it, it
fails: the tests of `rules` need nothing but their own process, and so nothing can disturb them.
"""

import sys
from collections.abc import Iterator

import pytest

SYSTEM = tuple(
    f"tests/{folder}/"
    for folder in (
        "accounts/university",
        "concurrency",
        "containers",
        "operations",
        "push",
        "page_client",
        "submissions/inspection",
        "submissions/tus",
    )
)
BROWSER, RACES = "/browser/", "/test_races.py::"  # of an extra
STARTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
    "subprocess.Popen",
    "socket.bind",
    "socket.connect",
}


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(suite_of(item))


def suite_of(item: pytest.Item) -> str:
    is_of_extra = item.nodeid.startswith("tests/extras/")
    if item.nodeid.startswith("tests/browser/") or (is_of_extra and BROWSER in item.nodeid):
        return "browser"
    is_system = item.nodeid.startswith(SYSTEM) or item.get_closest_marker("system")
    is_system = is_system or (is_of_extra and RACES in item.nodeid)
    return "system" if is_system else "rules"


class Watch:
    """What a test of `rules` has started although it must not. An audit hook stays for as long as
    the process, so this one is told when to look.
    """

    def __init__(self) -> None:
        self.is_on = False
        self.started: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.is_on and event in STARTS:
            self.started.append(f"{event} {arguments!r:.200}")
            raise RuntimeError(f"A test without the marker `system`: {self.started[-1]}")


watch = Watch()


def pytest_configure() -> None:
    sys.addaudithook(watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    yield from _watched(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    yield from _watched(item)


def _watched(item: pytest.Item) -> Iterator[None]:
    """The site may have taken the error for a service that does not answer: the test fails
    nevertheless.
    """
    watch.is_on, watch.started = item.get_closest_marker("rules") is not None, []
    try:
        yield
    finally:
        watch.is_on = False
    if watch.started:
        started = "; ".join(watch.started)
        pytest.fail(f"{item.nodeid} is in the suite `rules` and started {started}", pytrace=False)
