"""What people saw of each fault, by the log of the proxy. It lacks requests that the proxy itself
did not take."""

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ENTRY = re.compile(r'(\S+) \S+ \S+ "([^"]*)" (\d+) \d+ ([\d.]+)')
NOT_PAGES = ("/ws/", "/uploads/", "/static/")


class Faults:
    def __init__(self, log: Path) -> None:
        self._log = log
        self._begun: list[tuple[float, str]] = []

    def named(self, name: str, act: Callable[[], None]) -> Callable[[], None]:
        """It lasts until the next one that has a name."""

        def fault() -> None:
            self._begun.append((time.time(), name))
            act()

        return fault

    def table(self) -> str:
        """Each request belongs to the fault during which it began."""
        rows = ["| fault | requests | failed | slowest page |", "|---|---|---|---|"]
        entries = [found.groups() for found in ENTRY.finditer(self._log.read_text())]
        ends = [at for at, _ in self._begun[1:]] + [time.time()]
        for (began, name), ended in zip(self._begun, ends, strict=True):
            during = [each for each in entries if began <= _begun(each) < ended]
            failed = Counter(status for *_, status, _ in during if status >= "500")
            slowest = max(
                (float(s) for _, p, _, s in during if not p.startswith(NOT_PAGES)), default=0
            )
            statuses = ", ".join(f"{count} × {status}" for status, count in sorted(failed.items()))
            rows.append(f"| {name} | {len(during)} | {statuses or 0} | {slowest:.1f} s |")
        return "\n".join(rows)


def _begun(entry: tuple[str, ...]) -> float:
    """The log has the end, in whole seconds, and how long it took."""
    return datetime.fromisoformat(entry[0]).timestamp() + 0.5 - float(entry[-1])
