"""Tests count and wait for conditions. A pause or a measured time depends on what else runs."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
PAUSE = re.compile(
    r"\b(?:time|asyncio)\.sleep\((?!0\))|\bfrom time import .*sleep|wait_for_timeout\(|pg_sleep\("
)
# Instants may be compared with others; how long something took may not.
MEASURED = re.compile(
    r"\b(?:perf_counter|process_time|thread_time)\b|\bmonotonic\(\) -|\.elapsed\b"
)
HERE = Path(__file__).name
# With the reason.
ALLOWED = {
    "__main__.py": "says how long the suites took",
    "waiting.py": "the one place that pauses, between two looks at a condition",
}


def test_no_test_pauses_or_measures_time():
    found = {
        name: sorted({*PAUSE.findall(text), *MEASURED.findall(text)})
        for name, text in sources().items()
        if PAUSE.search(text) or MEASURED.search(text)
    }

    assert {name: what for name, what in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "no longer needed"


def sources() -> dict[str, str]:
    return {
        str(path.relative_to(TESTS)): path.read_text()
        for pattern in ("*.py", "*.js", "*.mjs")
        for path in TESTS.rglob(pattern)
        if path.name != HERE
    }
