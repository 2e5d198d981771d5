import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.http import parse_http_date

from hackathon.base.core import clock
from submissions.models import Submission, Upload
from submissions.transfers.rules import UPLOAD_KEPT
from tests.submissions.tus.wire import BODY, content, metadata
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_answer_has_location_and_expiry(tus, dossier):
    answer = tus.begin(dossier, 100)

    upload = Upload.objects.get()
    expires = parse_http_date(answer.headers["Upload-Expires"])
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/uploads/{upload.pk.hex}"
    assert answer.headers["Upload-Offset"] == "0"
    assert abs(expires - (clock.now() + UPLOAD_KEPT).timestamp()) < 60
    assert (upload.length, upload.filename, upload.deliverable) == (100, "dossier.pdf", dossier)
    assert answer.content == b""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"upload_defer_length": "1"},
        {"upload_defer_length": "2"},
        {"upload_length": "100", "upload_defer_length": "1"},
        {"upload_length": ""},
        {"upload_length": "-1"},
        {"upload_length": "1.5"},
        {"upload_length": "a lot"},
    ],
)
def test_without_a_length_it_is_400(tus, dossier, headers):
    header = metadata(deliverable=str(dossier.pk), filename="a.pdf")

    assert tus.post(upload_metadata=header, **headers).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 400),
        (metadata(filename="a.pdf"), 400),
        (metadata(deliverable="", filename="a.pdf"), 400),
        (metadata(deliverable="x", filename="a.pdf"), 400),
        (metadata(deliverable="٣", filename="a.pdf"), 400),
        (metadata(deliverable="-1", filename="a.pdf"), 400),
        (metadata(deliverable="9" * 40, filename="a.pdf"), 400),
        (metadata(deliverable="999999", filename="a.pdf"), 404),
        ("deliverable !!!", 400),
        ("deliverable é", 400),
        ("deliverable MQ==,deliverable MQ==", 400),
        ("a b MQ==", 400),
        ("deliverable  MQ", 400),
        (metadata(deliverable="1", filename=b"\xff\xfe"), 400),
        (metadata(deliverable="1", filename="a" * 60_000), 400),
    ],
)
def test_invalid_metadata_is_400(tus, header, status):
    assert tus.post(upload_length="100", upload_metadata=header).status_code == status
    assert not Upload.objects.exists()


def test_metadata_of_other_clients_is_kept_and_returned(tus, dossier):
    # A key without a value, keys that the site ignores, spaces after the commas.
    header = metadata(deliverable=str(dossier.pk), filename="é.pdf", filetype="application/pdf")
    header += ", is_confidential, x-app!~ YQ=="
    answer = tus.post(upload_length="100", upload_metadata=header)

    assert answer.status_code == 201
    assert tus.head(answer.headers["Location"]).headers["Upload-Metadata"] == header


@pytest.mark.parametrize(
    ("length", "filename", "status", "code"),
    [
        (5_000_001, "dossier.pdf", 413, "too_large"),
        (settings.UPLOAD_MAX_BYTES + 1, "dossier.pdf", 413, "too_large"),
        (10**60, "dossier.pdf", 413, "too_large"),
        (0, "dossier.pdf", 422, "empty"),
        (100, "dossier.exe", 422, "wrong_format"),
        (100, "", 422, "wrong_format"),
        (100, "..", 422, "wrong_format"),
        (5_000_000, "dossier.ZIP", 201, ""),
    ],
)
def test_rules_are_checked_before_the_first_byte(tus, dossier, length, filename, status, code):
    answer = tus.begin(dossier, length, filename=filename)

    assert answer.status_code == status
    if code:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert answer.json()["status"] == status


def test_a_file_for_a_link_is_refused(tus, site_link):
    answer = tus.begin(site_link, 100)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_kind")


def test_refusals_are_in_french_unless_english_was_chosen(tus, dossier, settings):
    french = tus.begin(dossier, 0).json()["detail"]
    english = tus.begin(dossier, 0, cookie=f"{settings.LANGUAGE_COOKIE_NAME}=en").json()["detail"]

    assert french.startswith("Ce que vous envoyez est vide")
    assert english != french


def test_number_of_open_transfers_is_limited(tus, dossier, monkeypatch):
    monkeypatch.setattr("submissions.budget.rules.OPEN_UPLOADS_MAX", 2)
    url = tus.begun(dossier, 100)
    tus.begun(dossier, 100)

    refused = tus.begin(dossier, 100)
    tus.delete(url)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert tus.begin(dossier, 100).status_code == 201


@pytest.mark.parametrize("brought", [0, 1, 70_000, 100_000])
def test_creation_with_upload(tus, dossier, brought):
    file = content(100_000)

    answer = tus.begin(dossier, len(file), file[:brought])
    url = answer.headers["Location"]

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(brought))
    assert ("Submission-Id" in answer.headers) == (brought == len(file))
    if brought < len(file):
        assert tus.patch(url, brought, file[brought:]).status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(file).hexdigest()


def test_a_body_of_another_content_type_is_ignored(tus, dossier):
    answer = tus.begin(dossier, 5, b"hello", content_type="text/plain")

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")


def test_more_bytes_than_announced_leave_an_empty_upload(tus, dossier):
    answer = tus.begin(dossier, 50, content(51))

    assert answer.status_code == 413
    assert tus.offset(answer.headers["Location"]) == 0


def test_bytes_of_an_interrupted_creation_are_kept(tus, dossier):
    # The client does not know the URL, but no file is left locked.
    header = metadata(deliverable=str(dossier.pk), filename="dossier.pdf")
    lengths = {"upload_length": "90000", "content_length": "90000"}

    with tus.wire(
        "POST", "/uploads/", content_type=BODY, upload_metadata=header, **lengths
    ) as wire:
        wire.send(content(90_000)[:60_000])
        wire.hang_up()
        wait_until(Upload.objects.exists)
        url = f"/uploads/{Upload.objects.get().pk.hex}"
        wait_until(lambda: tus.offset(url) == 60_000)
        assert tus.patch(url, 60_000, content(90_000)[60_000:]).status_code == 204

    assert Path(Submission.objects.get().file.path).read_bytes() == content(90_000)
