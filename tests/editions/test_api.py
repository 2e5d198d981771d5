import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Department, Milestone
from tests.conftest import DEADLINE, NOON
from tests.queries import queries_of
from tests.tokens import make_token

pytestmark = pytest.mark.time_machine(NOON, tick=False)

URL = "/api/v1/edition/"


def patch(client: Client, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.patch(URL, text, content_type="application/json", headers=headers)


def test_anybody_reads_the_edition(client, edition, infocom):
    Milestone.objects.create(edition=edition, kind="meal", label="Midi", at=NOON)

    answer = client.get(URL)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "slug": "ccd-2020",
        "name": "Crazy Charly Day 2020",
        "school": "IUT Nancy-Charlemagne",
        "timezone": "Europe/Paris",
        "now": "2020-02-13T12:00:00Z",
        "phase": "running",
        "registration_opens_at": "2020-02-03T12:00:00Z",
        "registration_closes_at": "2020-02-13T07:00:00Z",
        "starts_at": "2020-02-13T07:30:00Z",
        "deadline_at": "2020-02-13T22:00:00Z",
        "grace_seconds": 600,
        "late_policy": "refuse",
        "promise_minutes": 10,
        "accepts_until": "2020-02-13T22:10:00Z",
        "judging_opens_at": "2020-02-13T22:10:00Z",
        "milestones": [
            {"kind": "launch", "label": "Lancement", "at": "2020-02-13T07:30:00Z"},
            {"kind": "meal", "label": "Midi", "at": "2020-02-13T12:00:00Z"},
            {"kind": "deadline", "label": "Rendu des travaux", "at": "2020-02-13T22:00:00Z"},
        ],
        "departments": [{"code": "INFOCOM", "name": "Information et Communication"}],
    }


def test_without_an_edition_it_is_404(client, db):
    answer = client.get(URL)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_an_organizer_moves_the_deadline_with_a_token(client, edition, eve):
    token = make_token(eve)
    later = DEADLINE + timedelta(minutes=30)

    answer = patch(client, {"deadline_at": later.isoformat()}, authorization=f"Token {token}")

    edition.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json()["deadline_at"] == "2020-02-13T22:30:00Z"
    assert answer.json() == client.get(URL).json()
    assert edition.deadline_at == later
    changed = ["deadline_at", "judging_opens_at"]
    assert LiveMessage.objects.get().data == {**answer.json(), "changed": changed}


def test_a_time_without_offset_is_in_the_zone_of_the_edition(edition, eve, client_of):
    answer = patch(client_of(eve), {"deadline_at": "2020-02-13T23:45:00"})

    assert answer.json()["deadline_at"] == "2020-02-13T22:45:00Z"


def test_the_rest_of_the_calendar_moves_too(edition, eve, client_of):
    changed = {"grace_seconds": 0, "late_policy": "accept", "promise_minutes": 0}
    answer = patch(client_of(eve), changed)

    body = answer.json()
    assert {name: body[name] for name in changed} == changed
    assert body["accepts_until"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "",
        "{",
        {"deadline_at": "hier"},
        {"deadline_at": None},
        {"deadline_at": 5},
        {"deadline_at": "0001-01-01T00:00:00+14:00"},
        {"deadline_at": "9999-12-31T23:59:59-12:00"},
        {"deadline": "2020-02-13T23:30:00Z"},
        {"name": "x"},
        {"grace_seconds": -1},
        {"late_policy": "maybe"},
    ],
)
def test_a_bad_value_is_a_problem_with_a_code(body, edition, eve, client_of):
    answer = patch(client_of(eve), body)

    edition.refresh_from_db()
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in ("invalid", "parse_error")
    assert edition.deadline_at == DEADLINE


def test_a_refusal_is_a_conflict_with_its_code(edition, eve, client_of):
    answer = patch(client_of(eve), {"deadline_at": edition.starts_at.isoformat()})

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "instants_out_of_order"


def test_a_preview_says_what_would_move_for_whom_and_writes_nothing(edition, eve, comunik):
    body = {"starts_at": "2020-02-13T08:30:00", "deadline_at": "2020-02-13T22:50:00"}
    client = Client(headers={"Authorization": f"Bearer {make_token(eve)}"})

    answer = client.post(f"{URL}preview/", body, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json() == {
        "changes": [
            {
                "label": "heure limite",
                "before": "2020-02-13T22:00:00Z",
                "to": "2020-02-13T21:50:00Z",
            }
        ],
        "concerned": {"teams": 1, "uploads": 0, "nothing": 0, "something": 0},
        "is_forward": True,
        "is_past": False,
        "grace_ends_at": "2020-02-13T22:00:00Z",
    }
    edition.refresh_from_db()
    assert edition.deadline_at == DEADLINE
    assert not LiveMessage.objects.exists()


def test_a_preview_refuses_what_the_move_would_refuse(edition, eve):
    client = Client(headers={"Authorization": f"Bearer {make_token(eve)}"})
    body = {"deadline_at": "2020-02-13T06:00:00"}

    answers = [
        client.post(f"{URL}preview/", body, content_type="application/json"),
        client.patch(URL, body, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json()["code"] == answers[1].json()["code"]


def test_query_count_does_not_depend_on_rows(client, edition):
    counts = []

    for number in (1, 3):
        for i in range(number):
            Milestone.objects.create(edition=edition, kind="meal", label="x", at=NOON)
            Department.objects.create(edition=edition, code=f"D{number}{i}", name="x")
        counts.append(queries_of(lambda: client.get(URL)))

    assert counts[0] == counts[1] <= 3
