import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from hackathon.base.core.models import KeptAnswer
from hackathon.day.announcements.models import Announcement
from tests.conftest import NOON
from tests.tokens import make_token
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
REQUESTS = 4


def sent_at_once(token: str, headers: dict[str, str]) -> list[Any]:
    together = Barrier(REQUESTS, timeout=PATIENCE)

    def send(_: int) -> Any:
        client = Client(headers={"Authorization": f"Bearer {token}", **headers})
        together.wait()
        try:
            return client.post(
                "/api/v1/announcements/",
                {"audience": "everyone", "body": "Salle 104"},
                content_type="application/json",
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(REQUESTS) as threads:
        return list(threads.map(send, range(REQUESTS)))


@time_machine.travel(NOON, tick=False)
def test_requests_with_one_key_have_one_effect_and_one_answer(edition, eve):
    token = make_token(eve, at=NOON)

    answers = sent_at_once(token, {"Idempotency-Key": "K1"})

    assert [answer.status_code for answer in answers] == [201] * REQUESTS
    # PostgreSQL keeps the answer with its keys in another order.
    assert len({json.dumps(json.loads(answer.content), sort_keys=True) for answer in answers}) == 1
    assert Announcement.objects.count() == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == REQUESTS - 1
    assert KeptAnswer.objects.count() == 1


@time_machine.travel(NOON, tick=False)
def test_each_request_without_a_key_has_its_own_effect(edition, eve):
    sent_at_once(make_token(eve, at=NOON), {})

    assert Announcement.objects.count() == REQUESTS
