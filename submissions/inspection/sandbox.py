import dataclasses
import json
import tempfile
from typing import IO

from hackathon.base.core import sandbox
from submissions.inspection.dispatch import CopyJob, Job
from submissions.inspection.result import FindingCode, Result

# The CPU limit of the process ends a file that is hard to open. This one is longer, because the
# process has the lowest priority.
TIMEOUT_SECONDS = 60
COPY_TIMEOUT_SECONDS = 30 * 60
MODULE = "submissions.inspection"


def inspect_in_subprocess(job: Job, *, seconds: float = TIMEOUT_SECONDS) -> Result:
    """The last result that the process printed, also if it crashed or exceeded `seconds`."""
    with tempfile.TemporaryFile() as stdout:
        is_complete = _run(job, seconds, stdout)
        stdout.seek(0)
        result = _last_result(stdout.readlines())
    if result is None:
        return Result().with_finding(FindingCode.NOT_CHECKED)
    return result if is_complete else result.with_finding(FindingCode.HARD_TO_SHOW)


def copy_in_subprocess(path: str, out: IO[bytes]) -> bool:
    """Whether a copy of the video was written to `out`, a file on the disk."""
    return _run(CopyJob(path), COPY_TIMEOUT_SECONDS, out)


def _run(job: Job | CopyJob, seconds: float, stdout: IO[bytes]) -> bool:
    described = json.dumps(dataclasses.asdict(job)).encode()
    return sandbox.run(MODULE, given=described, stdout=stdout, timeout_seconds=seconds)


def _last_result(lines: list[bytes]) -> Result | None:
    """Skips an incomplete last line, which a killed process may leave."""
    for line in reversed(lines):
        try:
            return Result.from_json(line)
        except ValueError:
            continue
    return None
