import random
import subprocess
import sys
from typing import IO

import pytest

from tests import services

SAME_SEED = """
import random
from tests import services
services._any = random.Random(1)
print(services.free_port())
"""


def test_a_port_is_given_once_and_to_no_outgoing_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server can bind its port again after a restart."""
    monkeypatch.setattr(services, "_any", random.Random(1))
    first_outgoing = int(services.OUTGOING.read_text().split()[0])

    mine = services.free_port()
    of_another_process = subprocess.run(
        [sys.executable, "-c", SAME_SEED], check=True, capture_output=True, text=True
    ).stdout

    assert int(of_another_process) != mine
    assert max(mine, int(of_another_process)) < first_outgoing


ON_ONE_CPU = """
import os, select, sys, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
input()
began = time.process_time()
"""
# Uses 0.5 s of CPU time. Its output is the input of the process with niceness, which starts at the
# first line and stops at the end of the file.
USUAL = f"""{ON_ONE_CPU}
print(flush=True)
while time.process_time() - began < 0.5:
    pass
"""
NICE = f"""{ON_ONE_CPU}
while not select.select([sys.stdin], [], [], 0)[0]:
    pass
print(time.process_time() - began)
"""


def in_a_new_session(program: str, stdin: IO[bytes] | int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, start_new_session=True)


def test_a_session_with_niceness_leaves_the_processor_to_others() -> None:
    with in_a_new_session(USUAL, subprocess.PIPE) as usual:
        assert usual.stdin is not None
        assert usual.stdout is not None
        with in_a_new_session(NICE, usual.stdout) as nice:
            services.set_niceness(nice.pid, 10)
            usual.stdin.write(b"\n")
            usual.stdin.close()
            seconds = float(nice.communicate()[0])

    assert seconds < 0.5 / 3
