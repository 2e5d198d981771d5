"""Two whole machines in network namespaces, and `deploy/standby` as it is typed. To measure it:
`python -m bench.standby`.
"""

import json

import pytest

from bench.standby import machines
from bench.standby.round import Drill

pytestmark = pytest.mark.postgres


def test_the_standby_takes_over_and_the_machine_that_was_lost_is_refused() -> None:
    if lacks := machines.missing():
        pytest.skip(f"This machine lacks: {lacks}")
    with machines.hall() as (first, second):
        machines.set_up(first, second)
        people = json.loads(first.python("-m", "bench.standby.inside", "cast", 6))

        done = Drill(first, second, people, size=100_000, last=12).play(strict=True)

    assert (done.wrong, done.lost) == ([], [])
    assert done.acknowledged + done.accepted_after == 6
