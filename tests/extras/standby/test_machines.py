"""Two whole machines in network namespaces, and `deploy/standby` as it is typed. To measure it:
`python -m bench.standby`.
"""

import json

import pytest

from bench.standby import machines
from bench.standby.round import Drill, answers
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.system]


@pytest.mark.slow
def test_the_standby_takes_over_and_the_machine_that_was_lost_is_refused():
    if lacks := machines.missing():
        pytest.skip(f"This machine lacks: {lacks}")
    with machines.hall() as (first, second):
        machines.set_up(first, second)
        people = json.loads(first.python("-m", "bench.standby.inside", "cast", 6))

        drill = Drill(first, second, people, size=100_000, last=12)
        done = drill.play(strict=True)
        # The one that serves now goes on, but nobody reaches it. The other one is promoted.
        drill.serves.pull_cable()
        drill.follows.standby("promote")
        drill.serves.plug_in()
        wait_until(lambda: not drill.serves.has_floating_address())
        wait_until(lambda: not answers(drill.serves))
        keys = {(each.directory / "site" / "push-secret").read_text() for each in (first, second)}
        is_found = (drill.follows.has_floating_address(), answers(drill.follows))

    assert is_found == (True, True)
    assert len(keys) == 1  # devices need not subscribe again
    assert (done.wrong, done.lost) == ([], [])
    assert done.acknowledged + done.accepted_after == 6
