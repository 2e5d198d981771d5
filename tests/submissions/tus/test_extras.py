import base64
import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.http import parse_http_date

from hackathon.base.core import clock
from submissions import periodic
from submissions.models import Submission, Upload
from tests.submissions.tus.wire import BODY, content
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def checksum(body: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def test_a_chunk_with_its_checksum(tus, dossier):
    file = content(150_000)
    url = tus.begun(dossier, len(file))

    for start in (0, 75_000):
        chunk = file[start : start + 75_000]
        answer = tus.patch(url, start, chunk, upload_checksum=checksum(chunk))
        assert answer.status_code == 204

    assert Submission.objects.get().sha256 == hashlib.sha256(file).hexdigest()


def test_another_checksum_is_460_and_the_chunk_is_discarded(tus, dossier):
    file = content(150_000)
    url = tus.begun(dossier, len(file))
    tus.patch(url, 0, file[:50_000])

    answer = tus.patch(url, 50_000, file[50_000:], upload_checksum=checksum(b"other"))

    assert answer.status_code == 460
    assert tus.offset(url) == 50_000
    assert not Submission.objects.exists()
    assert tus.patch(url, 50_000, file[50_000:]).status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(file).hexdigest()


@pytest.mark.parametrize(
    "header",
    [
        "md5 1B2M2Y8AsgTpgAmY7PhCfg==",
        "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "SHA256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "sha256 !",
        "sha256 é",
        "sha256",
        "",
    ],
)
def test_an_unsupported_checksum_is_400(tus, dossier, header):
    url = tus.begun(dossier, 100)

    answer = tus.patch(url, 0, content(100), upload_checksum=header)

    assert answer.status_code == (460 if header == "sha256" else 400)
    assert tus.offset(url) == 0


def test_an_interrupted_chunk_with_a_checksum_is_discarded(tus, dossier):
    url = tus.begun(dossier, 900_000)
    tus.patch(url, 0, content(900_000)[:10_000])
    headers = {"content_type": BODY, "content_length": "890000", "upload_offset": "10000"}
    path = settings.UPLOADS_DIR / url.rsplit("/", 1)[1]

    with tus.wire("PATCH", url, upload_checksum=checksum(b"x"), **headers) as wire:
        wire.send(content(500_000))
        wait_until(lambda: path.stat().st_size > 10_000)
        wire.vanish()
        wait_until(lambda: tus.offset(url) == 10_000)

    assert path.stat().st_size == 10_000


def test_a_cancelled_upload_is_gone(tus, dossier):
    url = tus.begun(dossier, 100)
    tus.patch(url, 0, content(50))

    answer = tus.delete(url)

    assert (answer.status_code, answer.content) == (204, b"")
    assert tus.head(url).status_code == 404
    assert tus.patch(url, 50, content(50)).status_code == 404
    assert tus.delete(url).status_code == 404
    assert not Upload.objects.exists()
    assert not list(settings.UPLOADS_DIR.iterdir())


def test_delete_ends_a_silent_transfer(tus, dossier):
    url = tus.begun(dossier, 900_000)
    path = settings.UPLOADS_DIR / url.rsplit("/", 1)[1]

    with tus.wire(
        "PATCH", url, content_type=BODY, content_length="900000", upload_offset="0"
    ) as wire:
        wire.send(content(500_000))
        wait_until(lambda: path.stat().st_size)
        answer = tus.delete(url)

    assert answer.status_code == 204
    assert tus.head(url).status_code == 404


def test_every_answer_has_the_expiry(tus, dossier):
    begun = tus.begin(dossier, 100)
    patched = tus.patch(begun.headers["Location"], 0, content(50))

    upload = Upload.objects.get()
    for answer in (begun, patched):
        assert parse_http_date(answer.headers["Upload-Expires"]) == int(
            upload.expires_at.timestamp()
        )


def test_an_expired_upload_is_410_and_then_removed(tus, dossier, ada, tus_of):
    url = tus.begun(dossier, 100)
    Upload.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    later = tus_of(ada)  # nothing is cached for the new token

    answers = [later.head(url), later.patch(url, 0, content(100)), later.delete(url)]
    periodic.forget_uploads()

    assert [answer.status_code for answer in answers] == [410] * 3
    assert "Upload-Offset" not in answers[0].headers
    assert later.head(url).status_code in (404, 410)
    assert not Upload.objects.exists()
    assert not list(settings.UPLOADS_DIR.iterdir())


def test_a_received_upload_does_not_expire(tus, dossier):
    url = tus.begun(dossier, 100)
    tus.patch(url, 0, content(100))
    Upload.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    asked = tus.head(url)
    periodic.forget_uploads()

    submission = Submission.objects.get()
    assert asked.headers["Submission-Id"] == str(submission.pk)
    with submission.file.open() as file:
        assert file.read() == content(100)


def test_lost_bytes_are_410(tus, dossier):
    # The partial file was deleted on the server.
    url = tus.begun(dossier, 100)
    for path in settings.UPLOADS_DIR.iterdir():
        path.unlink()

    answers = [tus.head(url), tus.patch(url, 0, content(100))]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert tus.delete(url).status_code == 204
