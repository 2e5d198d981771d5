"""Runs the whole suite: on SQLite, then, where PostgreSQL is found, on PostgreSQL as well.

    python -m tests [--full] [pytest arguments]

With CI=true everything must be there, and a skipped test is a failure.
"""

import contextlib
import os
import subprocess
import sys

from tests import services

CI = os.environ.get("CI") == "true"


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 only if every run passed."""
    full = "--full" in arguments
    arguments = [argument for argument in arguments if argument != "--full"]
    missing = {
        "PostgreSQL (apt install postgresql)": services.postgres_bin(),
        "Redis (apt install redis-server)": services.redis_bin(),
        "Chromium (apt install chromium)": services.chromium_bin(),
    }
    for name in [name for name, found in missing.items() if not found]:
        print(f"Not found: {name}. The tests that need it are skipped.", flush=True)
        if CI:
            print("With CI=true nothing may be skipped.")
            return 1

    code = _pytest("SQLite", [*([] if full else ["-m", "not slow"]), *arguments], {})
    if services.postgres_bin():
        with contextlib.ExitStack() as stack:
            url = stack.enter_context(services.postgres())
            # What a browser shows is the same on both; everything that touches rows runs again.
            again = ["--ignore=tests/browser", "--ignore=tests/repository"]
            again += [] if full else ["-m", "not slow and not once"]
            code = _pytest("PostgreSQL", [*again, *arguments], {"CCD_DATABASE_URL": url}) or code
    return code


def _pytest(name: str, arguments: list[str], env: dict[str, str]) -> int:
    print(f"== Tests on {name}", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "auto",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",  # the few long browser tests first, not last and alone
        "-rs",
        *arguments,
    ]
    return subprocess.run(command, env={**os.environ, **env}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
