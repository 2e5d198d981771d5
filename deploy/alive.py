"""The health check of a container. Without Django, because it runs every few seconds.

    python deploy/alive.py http://127.0.0.1:8000/readyz
    python deploy/alive.py FILE 60

The URL answers 200, or the file was touched in the last so many seconds. Else the exit code is 1.
"""

import sys
import time
import urllib.request
from pathlib import Path

TIMEOUT_SECONDS = 5


def main(target: str, max_age: str = "60") -> int:
    try:
        if target.startswith("http://"):
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(target, timeout=TIMEOUT_SECONDS) as answer:
                print(answer.read().decode())
            return 0
        age = time.time() - Path(target).stat().st_mtime
    except OSError as error:
        print(f"{target}: {error}")
        return 1
    print(f"{target}: {age:.0f} s old")
    return 0 if age <= float(max_age) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
