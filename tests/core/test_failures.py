import errno
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from psycopg import errors
from psycopg_pool import PoolTimeout

from hackathon.base.core.failures import StorageUnavailable, is_connection_lost, is_disk_full
from submissions.models import Submission
from tests.conftest import NOON


@pytest.fixture
def browser(client_of, comunik, ada, time_machine) -> Client:
    time_machine.move_to(NOON, tick=False)
    browser = client_of(ada)
    browser.raise_request_exception = False
    return browser


def lost(monkeypatch: pytest.MonkeyPatch, *, times: int, cause: Exception | None = None) -> None:
    """So many queries for deposits fail."""
    calls = iter(range(times))

    def filtered(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) is not None:
            raise OperationalError("the connection is lost") from cause
        return Submission.objects.get_queryset().filter(*args, **kwargs)

    monkeypatch.setattr(Submission.objects, "filter", filtered)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("dossier.pdf", b"%PDF-1.7", "application/pdf")


def test_forms_and_api_say_that_the_disk_is_full_and_what_to_do(browser, dossier, monkeypatch):
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("hackathon.base.core.received_files.os.fsync", full)

    form = browser.post(f"/rendu/{dossier.pk}/", {"file": pdf()})
    api = browser.post("/api/v1/submissions/", {"deliverable": dossier.pk, "file": pdf()})
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = browser.post(f"/rendu/{dossier.pk}/", {"file": pdf()})

    assert (form.status_code, api.status_code, english.status_code) == (507, 507, 507)
    assert "Gardez votre fichier" in form.content.decode()
    assert "Keep your file" in english.content.decode()
    assert api["Content-Type"] == "application/problem+json"
    assert api.json()["code"] == "storage_full"
    assert "Gardez votre fichier" in api.json()["detail"]
    assert form["Retry-After"] == api["Retry-After"] == "5"
    assert not Submission.objects.exists()
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_a_store_that_is_away_is_503_in_forms(browser, dossier, monkeypatch):
    def away(*_: Any, **__: Any) -> None:
        raise StorageUnavailable("Saving: no answer")

    monkeypatch.setattr("submissions.storage.DepositDirectory._save", away)

    answer = browser.post(f"/rendu/{dossier.pk}/", {"file": pdf()})

    assert answer.status_code == 503
    assert "regardez d’abord s’il est arrivé" in answer.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)  # connections are closed
def test_a_page_is_read_again_if_the_database_restarts_and_a_form_is_not_sent_again(
    browser, dossier, monkeypatch
):
    lost(monkeypatch, times=1)
    page = browser.get("/rendu/")
    lost(monkeypatch, times=2)
    twice = browser.get("/rendu/")
    lost(monkeypatch, times=1)
    form = browser.post(f"/rendu/{dossier.pk}/", {"file": pdf()})

    assert (page.status_code, twice.status_code, form.status_code) == (200, 503, 503)
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_has_waited_for_the_database_does_not_wait_twice(browser, monkeypatch):
    lost(monkeypatch, times=1, cause=PoolTimeout("no connection after 10 s"))

    assert browser.get("/rendu/").status_code == 503


@pytest.mark.parametrize(
    ("cause", "lost", "full"),
    [
        (errors.AdminShutdown(), True, False),
        (errors.CannotConnectNow(), True, False),
        (errors.ConnectionFailure(), True, False),
        (errors.OperationalError("server closed the connection"), True, False),
        (errors.LockNotAvailable(), False, False),
        (errors.QueryCanceled(), False, False),
        (errors.DiskFull(), False, True),
    ],
)
def test_errors_of_postgresql(cause, lost, full):
    error = OperationalError()
    error.__cause__ = cause

    assert (is_connection_lost(error), is_disk_full(error)) == (lost, full)
