import random
import subprocess
import sys

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


BUSY = """
import os, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
input()
end = time.monotonic() + 1
while time.monotonic() < end:
    pass
print(time.process_time())
"""


def test_a_session_with_niceness_leaves_the_processor_to_others() -> None:
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", BUSY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for _ in range(2)
    ]
    services.set_niceness(pair[1].pid, 10)
    for process in pair:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    usual, nice = [float(process.communicate()[0]) for process in pair]

    assert nice < usual / 3
