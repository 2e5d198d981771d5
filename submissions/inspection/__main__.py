"""The process in which hostile files are opened. Reads a job (JSON) from its input, prints what it
finds, a line each time it knows more. Django is not here, nor any secret of the site.
"""

import contextlib
import json
import os
import resource
import sys

from submissions.inspection.look import FileJob, Job, LinkJob, look

MEMORY = 1_500_000_000
CPU_SECONDS = 20
OUTPUT = 4_000_000


def main() -> None:
    """Bind oneself first, then look."""
    bind()
    given = json.load(sys.stdin)
    job: Job = LinkJob(given["url"]) if "url" in given else FileJob(given["path"], given["name"])
    for found in look(job):
        print(found.as_json(), flush=True)


def bind() -> None:
    """A file that eats memory, time or disk ends this process and nothing else."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: OUTPUT,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS does not know them all
            resource.setrlimit(what, (limit, limit))
    os.nice(10)  # pages come first


if __name__ == "__main__":
    main()
