"""The process that opens untrusted files, without Django and without the site's secrets.

It reads a job (JSON) from its standard input and prints a result, one line each time it knows more.
For a copy of a video it writes the file to its standard output instead.
"""

import json
import os
import sys

from hackathon.base.core.confinement import confine, limit_resources
from submissions.inspection.dispatch import FileJob, Job, LinkJob, inspect

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20
OUTPUT_BYTES = 4_000_000
COPY_CPU_SECONDS = 20 * 60
COPY_BYTES = 200_000_000
CODE = ("submissions/inspection", "submissions/__init__.py")  # inspectors are imported when needed


def main() -> None:
    fields = json.load(sys.stdin)
    if "copied" in fields:
        _limit(cpu_seconds=COPY_CPU_SECONDS, output_bytes=COPY_BYTES)
        confine(fields["copied"], code=CODE)
        from submissions.inspection import videos

        videos.make_copy(fields["copied"], sys.stdout.buffer)
        return
    _limit()
    if "url" in fields:
        job: Job = LinkJob(fields["url"])
        confine(code=CODE, network=True)
    else:
        job = FileJob(fields["path"], fields["name"])
        confine(job.path, code=CODE)
    for result in inspect(job):
        print(result.as_json(), flush=True)


def _limit(*, cpu_seconds: int = CPU_SECONDS, output_bytes: int = OUTPUT_BYTES) -> None:
    limit_resources(memory_bytes=MEMORY_BYTES, cpu_seconds=cpu_seconds, output_bytes=output_bytes)
    os.nice(10)  # web requests have priority


if __name__ == "__main__":
    main()
