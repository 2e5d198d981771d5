"""The form, the API and resumable uploads have one check of the space and one budget."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from submissions.budget import rules
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Submission
from submissions.transfers import services as uploads
from tests.conftest import NOON
from tests.refusals import refuses
from tests.submissions.conftest import PDF, deposit, file_at, files_in

pytestmark = pytest.mark.time_machine(NOON, tick=False)

MB = 1_000_000


def pdf(size: int = 1000) -> SimpleUploadedFile:
    return SimpleUploadedFile("dossier.pdf", PDF.ljust(size), "application/pdf")


def by_form(browser: Client, to: Deliverable, **content: Any) -> HttpResponse:
    answer: Any = browser.post(f"/rendu/{to.pk}/", content)
    return answer


def by_api(browser: Client, to: Deliverable, **content: Any) -> Any:
    return browser.post("/api/v1/submissions/", {"deliverable": to.pk, **content})


@pytest.fixture
def full_disk(monkeypatch) -> None:
    disk = SimpleNamespace(free=settings.DISK_RESERVE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)


@pytest.mark.usefixtures("full_disk")
def test_the_reserve_of_the_disk_is_kept_from_form_and_api(client_of, ada, comunik, dossier):
    browser = client_of(ada)
    before = files_in("deposits")

    form = by_form(browser, dossier, file=pdf())
    api = by_api(browser, dossier, file=pdf())

    assert form.status_code == 422
    assert "n’a plus assez de place" in form.content.decode()
    assert (api.status_code, api.json()["code"]) == (409, "storage_full")
    assert not Submission.objects.exists()
    assert files_in("deposits") == before


def test_a_new_version_leaves_space_for_the_first_versions_of_others(
    client_of, ada, comunik, pixels, dossier, monkeypatch
):
    film = {"name": "Film", "kind": DeliverableKind.FILE, "max_bytes": 40 * MB}
    Deliverable.objects.create(department=pixels.department, **film)
    browser = client_of(ada)
    first = by_api(browser, dossier, file=pdf())
    disk = SimpleNamespace(free=settings.DISK_RESERVE + 40 * MB)  # with the new file on it
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)

    second = by_api(browser, dossier, file=pdf())
    disk.free -= 1
    third = by_api(browser, dossier, file=pdf())

    assert [first.status_code, second.status_code] == [201, 201]
    assert (third.status_code, third.json()["code"]) == (409, "storage_kept")


def test_the_bytes_of_a_team_are_limited_on_every_way(
    client_of, ada, comunik, dossier, monkeypatch
):
    monkeypatch.setattr(rules, "TEAM_BYTES_MIN", 0)
    monkeypatch.setattr(rules, "SETS_OF_A_TEAM", 1)
    browser = client_of(ada)
    before = files_in("deposits")

    first = by_form(browser, dossier, file=pdf(3 * MB))
    form = by_form(browser, dossier, file=pdf(3 * MB))
    api = by_api(browser, dossier, file=pdf(3 * MB))
    with refuses(DepositRefusal.TEAM_BUDGET):
        uploads.begin(comunik, dossier.pk, length=3 * MB, filename="a.pdf", by=ada, at=NOON)

    assert first.status_code == 302
    assert form.status_code == 422
    assert (api.status_code, api.json()["code"]) == (409, "team_budget")
    assert len(files_in("deposits") - before) == 1


def test_an_upload_that_was_admitted_is_received(ada, comunik, dossier, monkeypatch):
    """Its bytes have been in the budget since it began."""
    monkeypatch.setattr(rules, "TEAM_BYTES_MIN", 0)
    monkeypatch.setattr(rules, "SETS_OF_A_TEAM", 1)
    size = 4 * MB
    upload = uploads.begin(comunik, dossier.pk, length=size, filename="a.pdf", by=ada, at=NOON)
    file = file_at(content=PDF.ljust(size))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))

    received = deposits.conclude(
        upload, path=Path(file.temporary_file_path()), digest=lambda: file.sha256, at=NOON
    )

    assert received.size == size


def test_the_number_of_versions_is_limited_on_every_way(
    client_of, ada, comunik, dossier, site_link, monkeypatch
):
    monkeypatch.setattr(rules, "VERSIONS_MAX", 3)
    browser = client_of(ada)
    for _ in range(3):
        deposit(dossier, comunik, ada)

    links = [by_api(browser, site_link, url=f"https://example.org/{n}") for n in range(5)]
    by_forms = by_form(browser, site_link, url="https://example.org/")
    file = by_form(browser, dossier, file=pdf())
    with refuses(DepositRefusal.TOO_MANY_VERSIONS):
        uploads.begin(comunik, dossier.pk, length=10, filename="a.pdf", by=ada, at=NOON)

    assert [answer.status_code for answer in links] == [201, 201, 201, 409, 409]
    assert links[-1].json()["code"] == "too_many_versions"
    assert [by_forms.status_code, file.status_code] == [422, 422]
    assert Submission.objects.count() == 6


def test_an_organizer_can_still_enter_a_version(eve, ada, comunik, dossier, monkeypatch):
    monkeypatch.setattr(rules, "VERSIONS_MAX", 1)
    monkeypatch.setattr(rules, "TEAM_BYTES_MIN", 0)
    monkeypatch.setattr(rules, "SETS_OF_A_TEAM", 0)
    deposit(dossier, comunik, ada)

    entered = deposits.deposit(
        dossier, comunik, file=file_at(), begun_at=NOON, by=eve, at=NOON, reason="Clé USB"
    )

    assert entered.version == 2


def test_a_team_is_warned_before_its_versions_are_used(client_of, ada, comunik, dossier):
    browser = client_of(ada)
    for _ in range(rules.VERSIONS_MAX - rules.VERSIONS_WARNED - 1):
        deposit(dossier, comunik, ada)

    before = browser.get("/rendu/").content.decode()
    deposit(dossier, comunik, ada)
    page_text = browser.get("/rendu/").content.decode()

    assert "peut encore être envoyé" not in before
    assert f"peut encore être envoyé {rules.VERSIONS_WARNED} fois" in page_text
