from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from hackathon.base.core.errors import Refusal, Refused
from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs import services
from hackathon.extras.trial_runs.models import SmallRehearsal
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

BEFORE = NOON - timedelta(days=3)


def test_of_two_organizers_who_begin_at_once_one_does(edition, eve, settings, monkeypatch):
    both_have_read = Barrier(2, timeout=PATIENCE)
    queued: list[int] = []

    def refusal_of(_edition: Edition, *, at: Any) -> Refusal | None:
        both_have_read.wait()
        return None

    def begin(_number: int) -> str:
        try:
            services.begin(edition=edition, by=eve, at=BEFORE)
        except Refused as refused:
            return str(refused.refusal.code)
        finally:
            connection.close()
        return "begun"

    settings.REDIS_URL = "redis://localhost"
    monkeypatch.setattr(services, "refusal_of", refusal_of)
    monkeypatch.setattr(services, "enqueue", lambda _task, pk: queued.append(pk))
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(begin, range(2)))

    assert found == ["begun", "rehearsal_running"]
    assert SmallRehearsal.objects.count() == 1
    assert SmallRehearsal.objects.get().pk in queued
