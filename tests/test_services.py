import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

pytestmark = pytest.mark.system

SAME_SEED = """
import random
from tests import services
services._any = random.Random(1)
print(services.free_port())
"""


def test_a_port_is_given_once_and_to_no_outgoing_connection(monkeypatch):
    """A server can bind its port again after a restart."""
    monkeypatch.setattr(services, "_any", random.Random(1))
    first_outgoing = int(services.OUTGOING.read_text().split()[0])

    mine = services.free_port()
    of_another_process = subprocess.run(
        [sys.executable, "-c", SAME_SEED], check=True, capture_output=True, text=True
    ).stdout

    assert int(of_another_process) != mine
    assert max(mine, int(of_another_process)) < first_outgoing


def test_the_niceness_of_a_session_is_that_of_its_group_too():
    """So that the session leaves the processor to others."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as session:
        services.set_niceness(session.pid, 10)
        niceness = os.getpriority(os.PRIO_PROCESS, session.pid)
        group = Path(f"/proc/{session.pid}/autogroup")
        of_group = group.read_text().split()[-1] if group.exists() else "10"
        session.communicate()

    assert (niceness, of_group) == (10, "10")
