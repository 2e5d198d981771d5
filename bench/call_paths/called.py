"""The modules of the project whose functions a piece of work calls."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

from django.conf import settings

TOOL = 4  # of those that `sys.monitoring` offers


@contextmanager
def modules_called(*, since: str, until: str = "") -> Iterator[list[str]]:
    """From the first function of the module `since` to the end of the block, in all threads, or to
    the first call of `until` (`module.py:function`). Paths are relative to the project.
    """
    root, found, ended = Path(settings.BASE_DIR), list[str](), list[bool]()

    def started(code: CodeType, _offset: int) -> object:
        path = Path(code.co_filename)
        is_ours = path.is_relative_to(root) and not path.is_relative_to(root / ".venv")
        # Bodies of modules and classes run once for each process.
        if not is_ours or not code.co_flags & inspect.CO_OPTIMIZED:
            return sys.monitoring.DISABLE
        name = str(path.relative_to(root))
        if name.startswith(("bench/", "tests/", "node_modules/")):
            return sys.monitoring.DISABLE
        if (found or name == since) and not ended:
            if name not in found:
                found.append(name)
            if until == f"{name}:{code.co_name}":
                ended.append(True)
        return None

    sys.monitoring.use_tool_id(TOOL, "call paths")
    event = sys.monitoring.events.PY_START
    try:
        sys.monitoring.register_callback(TOOL, event, started)
        sys.monitoring.restart_events()
        sys.monitoring.set_events(TOOL, event)
        yield found
    finally:
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.register_callback(TOOL, event, None)
        sys.monitoring.free_tool_id(TOOL)
