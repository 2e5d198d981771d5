"""The process that opens untrusted files, without Django and without the site's secrets.

It reads a job (JSON) from its standard input and prints a result, one line each time it knows more.
For a copy of a video it writes the file to its standard output instead.
"""

import contextlib
import json
import os
import resource
import sys
from importlib import import_module

from submissions.inspection.confinement import confine
from submissions.inspection.dispatch import FileJob, Job, LinkJob, inspect

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20
OUTPUT_BYTES = 4_000_000
COPY_CPU_SECONDS = 20 * 60
COPY_BYTES = 200_000_000


def main() -> None:
    given = json.load(sys.stdin)
    if "copied" in given:
        limit_resources(cpu_seconds=COPY_CPU_SECONDS, output_bytes=COPY_BYTES)
        confine(given["copied"])
        import_module("submissions.inspection.videos").make_copy(given["copied"], sys.stdout.buffer)
        return
    limit_resources()
    if "url" in given:
        job: Job = LinkJob(given["url"])
        confine(network=True)
    else:
        job = FileJob(given["path"], given["name"])
        confine(job.path)
    for result in inspect(job):
        print(result.as_json(), flush=True)


def limit_resources(*, cpu_seconds: int = CPU_SECONDS, output_bytes: int = OUTPUT_BYTES) -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: output_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS lacks some of these limits
            resource.setrlimit(kind, (limit, limit))
    os.nice(10)  # web requests have priority


if __name__ == "__main__":
    main()
