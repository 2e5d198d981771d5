"""The modules of the project whose functions a piece of work calls, and how often."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from django.conf import settings

TOOL = 4  # of those that `sys.monitoring` offers


@contextmanager
def modules_called(*, since: str, until: str = "") -> Iterator[dict[str, int]]:
    """From the first function of the module `since` to the end of the block, in all threads, or to
    the first call of `until` (`module.py:function`). Paths are relative to the project. For each
    the number of visits: calls that come from another module.
    """
    visits, ended = dict[str, int](), list[bool]()

    def started(code: CodeType, _offset: int) -> object:
        name = _module(code)
        # Bodies of modules and classes run once for each process.
        if not name or not code.co_flags & inspect.CO_OPTIMIZED:
            return sys.monitoring.DISABLE
        if (visits or name == since) and not ended:
            visits.setdefault(name, 0)  # stays 0 if it has waited since before
            visits[name] += _caller(sys._getframe(1)) != name
            if until == f"{name}:{code.co_name}":
                ended.append(True)
        return None

    sys.monitoring.use_tool_id(TOOL, "call paths")
    event = sys.monitoring.events.PY_START
    try:
        sys.monitoring.register_callback(TOOL, event, started)
        sys.monitoring.restart_events()
        sys.monitoring.set_events(TOOL, event)
        yield visits
    finally:
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.register_callback(TOOL, event, None)
        sys.monitoring.free_tool_id(TOOL)


def _module(code: CodeType) -> str:
    """Empty unless it is one of the project."""
    root, path = Path(settings.BASE_DIR), Path(code.co_filename)
    if not path.is_relative_to(root):
        return ""
    name = str(path.relative_to(root))
    return "" if name.startswith((".venv/", "bench/", "tests/", "node_modules/")) else name


def _caller(started: FrameType) -> str:
    """The module of the project that has called, also through a library."""
    frame = started.f_back
    while frame is not None:
        if name := _module(frame.f_code):
            return name
        frame = frame.f_back
    return ""
