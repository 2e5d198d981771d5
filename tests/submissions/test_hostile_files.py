import html
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hackathon.base.core.file_responses import INLINE_TYPES
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection import tasks
from submissions.models import Deliverable, Inspection, Submission
from tests.conftest import NOON
from tests.submissions.conftest import PDF, deposit, file_at, files_in
from tests.submissions.hostile import MAKERS, NAMES, content_of

BOUNDARY = "limite"


@pytest.fixture
def anything(dossier) -> Deliverable:
    dossier.formats = []
    dossier.save()
    return dossier


def send(browser: Client, deliverable: Deliverable, name: str, content: bytes) -> Any:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: text/html\r\n\r\n"
    ).encode() + content
    with time_machine.travel(NOON, tick=False):
        return browser.post(
            reverse("submissions:deposit", args=[deliverable.pk]),
            body + f"\r\n--{BOUNDARY}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
        )


def assert_harmless(answer: Any, content: bytes) -> None:
    assert b"".join(answer.streaming_content) == content
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"].startswith("private")
    policy = answer["Content-Security-Policy"]
    assert "script" not in policy
    content_type, disposition = answer["Content-Type"], answer["Content-Disposition"]
    if content_type == "application/octet-stream":
        assert disposition.startswith("attachment")
        assert "default-src 'none'; sandbox;" in policy
        return
    assert content_type in INLINE_TYPES
    # Chromium's PDF viewer does not start in a sandbox. Scripts in a PDF cannot reach our origin.
    assert content_type == "application/pdf" or "sandbox" in policy


@pytest.mark.parametrize("name", MAKERS)
def test_a_hostile_file_is_served_without_harm(
    name, anything, comunik, ada, eve, dan, dan_user, client_of
):
    content = content_of(name)

    answer = send(client_of(ada), anything, name, content)

    assert answer.status_code == 302
    submission = Submission.objects.get()
    assert Path(submission.file.path).read_bytes() == content
    arguments = [submission.pk]
    for reader, url in [
        (ada, reverse("submissions:content", args=arguments)),
        (ada, reverse("submissions:content", args=arguments) + "?inline"),
        (ada, reverse("api:submission-content", args=arguments)),
        (eve, reverse("submissions:content", args=arguments) + "?inline"),
        (dan_user, reverse("judging:content", args=arguments)),
        (dan_user, reverse("judging:content", args=arguments) + "?download"),
    ]:
        assert_harmless(client_of(reader).get(url), content)


@pytest.mark.system
@pytest.mark.parametrize("name", MAKERS)
def test_a_hostile_file_is_inspected_without_harm(name, anything, comunik, ada, client_of):
    submission = deposit(anything, comunik, ada, content=content_of(name), name=name)

    tasks.inspect(submission.pk)

    inspection = Inspection.objects.get(submission=submission)
    assert inspection.health != Health.PENDING
    if name.startswith("bombe") or "se-dit" in name:
        assert inspection.health != Health.GOOD
    if inspection.thumbnail:
        picture = client_of(ada).get(reverse("submissions:thumbnail", args=[submission.pk]))
        assert picture["Content-Type"] == "image/webp"
        assert b"".join(picture.streaming_content)[:4] == b"RIFF"


@pytest.mark.database
@pytest.mark.parametrize(("name", "kept"), NAMES, ids=[kept[:20] for _, kept in NAMES])
def test_names_of_uploads_are_cleaned(name, kept, anything, comunik, ada, client_of):
    browser = client_of(ada)
    before = files_in("deposits")

    send(browser, anything, name, PDF)

    submission = Submission.objects.get()
    assert len(submission.filename) <= 255
    assert submission.filename.isprintable()
    assert submission.filename == kept
    (stored,) = files_in("deposits") - before
    assert stored.is_relative_to(settings.DATA_DIR / "deposits")
    assert stored.name.isalnum()
    answer = browser.get(reverse("submissions:content", args=[submission.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert "\n" not in answer["Content-Disposition"]
    with time_machine.travel(NOON, tick=False):
        page = browser.get(reverse("submissions:deposits")).content.decode()
    assert html.escape(submission.filename) in page
    assert "<img src=x" not in page


@pytest.mark.database
@pytest.mark.parametrize(("name", "kept"), NAMES, ids=[kept[:20] for _, kept in NAMES])
def test_names_given_to_the_service_are_cleaned(name, kept, anything, comunik, ada):
    submission = deposits.deposit(
        anything, comunik, file=file_at(name=name), begun_at=NOON, by=ada, at=NOON
    )

    again = Submission.objects.get(pk=submission.pk)
    assert again.filename.isprintable()
    assert again.filename == kept


@pytest.mark.database
@pytest.mark.parametrize("name", ["é" * 10_000 + ".pdf", "x." + "p" * 10_000])
def test_a_name_of_ten_thousand_characters(name, anything, comunik, ada, client_of):
    answer = send(client_of(ada), anything, name, PDF)
    submission = deposit(anything, comunik, ada, name=name)

    assert answer.status_code == 400
    assert Submission.objects.get() == submission
    assert len(submission.filename) == 255


@pytest.mark.parametrize("name", ["..", ".", "", "\u202e"])
def test_a_file_without_a_name_is_refused(name, anything, comunik, ada, client_of):
    answer = send(client_of(ada), anything, name, PDF)

    assert answer.status_code == 422
    assert not Submission.objects.exists()


def test_an_empty_file_is_refused(anything, comunik, ada, client_of):
    before = files_in("deposits") | files_in("incoming")

    answer = send(client_of(ada), anything, "dossier.pdf", b"")

    assert answer.status_code == 422
    assert "est vide" in answer.content.decode()
    assert files_in("deposits") | files_in("incoming") == before
