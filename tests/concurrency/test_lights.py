"""Two last inspections of a team end at once: the team is told that all is in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from hackathon.base.core.models import LiveMessage
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Inspection, Submission
from submissions.versions.facts import lock_team
from submissions.versions.selectors import TeamDeposits, deposits_of
from teams.models import Team
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
@pytest.mark.parametrize(("locks", "told"), [(False, 0), (True, 1)])
def test_of_two_inspections_that_end_at_once_the_second_sees_the_first(
    locks, told, comunik, dossier, site_link, ada, monkeypatch
):
    Deliverable.objects.filter(pk=dossier.pk).update(kind="text", formats=[])
    dossier.refresh_from_db()
    handed_in: dict[str, Any] = {"begun_at": NOON, "by": ada, "at": NOON}
    last = [
        deposits.deposit(dossier, comunik, text="Un mot", **handed_in),
        deposits.deposit(site_link, comunik, url="https://example.org/", **handed_in),
    ]
    # Tasks run at once in tests.
    Inspection.objects.update(health=Health.PENDING, inspected_at=None)
    LiveMessage.objects.all().delete()
    both_have_written, both_have_read = (Barrier(2, timeout=PATIENCE) for _ in range(2))

    def lock(pk: int) -> Team | None:
        both_have_written.wait()
        return lock_team(pk) if locks else Team.objects.get(pk=pk)

    def read(team: Team, *, at: datetime) -> TeamDeposits:
        found = deposits_of(team, at=at)
        if not locks:
            both_have_read.wait()
        return found

    def end(submission: Submission) -> None:
        try:
            inspections.record(submission, Result(), at=NOON)
        finally:
            connection.close()

    monkeypatch.setattr(inspections, "lock_team", lock)
    monkeypatch.setattr(inspections, "deposits_of", read)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(end, last))

    assert LiveMessage.objects.filter(type="lights.completed").count() == told
