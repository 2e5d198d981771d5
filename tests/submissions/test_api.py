import hashlib
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from submissions.models import Extension, Submission
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, deposit, extend

pytestmark = pytest.mark.time_machine(NOON, tick=False)

JSON = "application/json"


def post(browser: Client, path: str, body: dict[str, Any]) -> Any:
    return browser.post(f"/api/v1/{path}/", body, content_type=JSON)


def test_deliverables_of_own_team(client_of, ada, eve, comunik, dossier, site_link):
    extend(eve, 15, team=comunik)
    first = deposit(dossier, comunik, ada, at=NOON - MINUTE)
    second = deposit(dossier, comunik, ada, at=NOON)

    body = client_of(ada).get("/api/v1/deliverables/").json()

    digest = hashlib.sha256(PDF).hexdigest()
    assert body == [
        {
            "id": dossier.pk,
            "name": "Dossier de stratégie",
            "kind": "file",
            "formats": ["pdf", "zip"],
            "max_bytes": 5_000_000,
            "required": True,
            "opens_at": "2020-02-13T07:30:00Z",
            "due_at": None,
            "deadline_at": "2020-02-13T22:15:00Z",
            "accepts_until": "2020-02-13T22:25:00Z",
            "state": "complete",
            "submissions": [
                {
                    "id": second.pk,
                    "version": 2,
                    "received_at": "2020-02-13T12:00:00Z",
                    "promised_at": None,
                    "size": len(PDF),
                    "sha256": digest,
                    "mark": "on_time",
                    "counts": True,
                    "receipt": second.receipt.code,
                    "entry_reason": "",
                },
                {
                    "id": first.pk,
                    "version": 1,
                    "received_at": "2020-02-13T11:59:00Z",
                    "promised_at": None,
                    "size": len(PDF),
                    "sha256": digest,
                    "mark": "on_time",
                    "counts": False,
                    "receipt": first.receipt.code,
                    "entry_reason": "",
                },
            ],
        },
        {
            "id": site_link.pk,
            "name": "Site vitrine",
            "kind": "link",
            "formats": [],
            "max_bytes": 100_000_000,
            "required": True,
            "opens_at": "2020-02-13T07:30:00Z",
            "due_at": None,
            "deadline_at": "2020-02-13T22:15:00Z",
            "accepts_until": "2020-02-13T22:25:00Z",
            "state": "nothing",
            "submissions": [],
        },
    ]


def test_link_and_text(client_of, ada, comunik, site_link, pitch):
    browser = client_of(ada)
    pitch_text = "  Réunir\r\nles gens\n"

    link = post(
        browser, "submissions", {"deliverable": site_link.pk, "url": "https://example.org/"}
    )
    text = post(browser, "submissions", {"deliverable": pitch.pk, "text": pitch_text})

    assert (link.status_code, text.status_code) == (201, 201)
    received = Submission.objects.get(url="https://example.org/")
    assert link.json() == {
        "id": received.pk,
        "version": 1,
        "received_at": "2020-02-13T12:00:00Z",
        "promised_at": None,
        "size": 20,
        "sha256": hashlib.sha256(b"https://example.org/").hexdigest(),
        "mark": "on_time",
        "counts": True,
        "receipt": received.receipt.code,
        "entry_reason": "",
    }
    content = browser.get(f"/api/v1/submissions/{text.json()['id']}/content/")
    assert content.getvalue() == pitch_text.encode()
    assert content["Content-Type"] == "text/plain; charset=utf-8"
    assert content["Content-Disposition"].startswith("attachment")


def test_file_gives_the_same_bytes_back(client_of, ada, comunik, dossier):
    browser = client_of(ada)
    content = PDF + bytes(range(256)) * 5000

    answer = browser.post(
        "/api/v1/submissions/",
        {"deliverable": dossier.pk, "file": SimpleUploadedFile("a.pdf", content)},
    )
    given = browser.get(f"/api/v1/submissions/{answer.json()['id']}/content/")
    part = browser.get(
        f"/api/v1/submissions/{answer.json()['id']}/content/", headers={"Range": "bytes=0-4"}
    )

    assert answer.status_code == 201
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert given.getvalue() == content
    assert (part.status_code, part.getvalue()) == (206, b"%PDF-")


@time_machine.travel(DEADLINE + MINUTE, tick=False)
def test_refusal_is_a_problem(client_of, ada, comunik, site_link):
    answer = post(
        client_of(ada), "submissions", {"deliverable": site_link.pk, "url": "https://a.example"}
    )

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "deadline_passed"
    assert "23:00" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "https://a.example", "text": "b"},
        {"deliverable": "x", "url": "https://a.example"},
    ],
)
def test_invalid_body(body, client_of, ada, comunik, site_link):
    answer = post(client_of(ada), "submissions", {"deliverable": site_link.pk, **body})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_extensions(client_of, eve, comunik, infocom, edition):
    browser = client_of(eve)

    team = post(
        browser, "extensions", {"team": comunik.pk, "minutes": 15, "reason": "Panne de réseau"}
    )
    department = post(
        browser, "extensions", {"department": "infocom", "minutes": 5, "reason": "Coupure"}
    )

    assert (team.status_code, department.status_code) == (201, 201)
    assert team.json() == {
        "id": Extension.objects.get(team=comunik).pk,
        "team": comunik.pk,
        "department": None,
        "deliverable": None,
        "minutes": 15,
        "reason": "Panne de réseau",
        "granted_at": "2020-02-13T12:00:00Z",
        "revoked_at": None,
    }
    assert department.json()["department"] == "INFOCOM"
    listed = browser.get("/api/v1/extensions/").json()
    assert {line["id"] for line in listed} == {team.json()["id"], department.json()["id"]}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"minutes": 5, "reason": "a"}, 409, "extension_target"),
        ({"department": "INFOCOM", "minutes": 5, "reason": " "}, 409, "extension_reason"),
        ({"department": "INFOCOM", "minutes": 0, "reason": "a"}, 400, "invalid"),
        ({"department": "NOPE", "minutes": 5, "reason": "a"}, 400, "invalid"),
        ({"team": 0, "minutes": 5, "reason": "a"}, 400, "invalid"),
    ],
)
def test_extension_that_cannot_be(body, status, code, client_of, eve, infocom):
    answer = post(client_of(eve), "extensions", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
