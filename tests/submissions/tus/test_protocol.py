import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from submissions.models import Submission
from tests.submissions.tus.wire import Tus, content

pytestmark = pytest.mark.django_db(transaction=True)

UNKNOWN = "/uploads/" + "0" * 32


def test_options_lists_version_and_extensions(server):
    with Tus(server, tus_resumable="0.2.2") as anybody:
        answer = anybody.http.options("/uploads/")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "expiration",
        "checksum",
        "termination",
    }
    assert answer.content == b""


def test_the_url_without_a_slash_is_404(server):
    with Tus(server) as anybody:  # checks `Tus-Resumable`
        answer = anybody.http.post("/uploads", headers={"Upload-Length": "5"})

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("version", ["", "0.2.2", "1.0.1", "2.0.0"])
@pytest.mark.parametrize(
    ("method", "url"),
    [("POST", "/uploads/"), ("HEAD", UNKNOWN), ("PATCH", UNKNOWN), ("DELETE", UNKNOWN)],
)
def test_another_protocol_version_is_412(server, method, url, version):
    with Tus(server) as anybody:
        if version:
            anybody.http.headers["Tus-Resumable"] = version
        else:
            del anybody.http.headers["Tus-Resumable"]
        answer = anybody.http.request(method, url)

    assert answer.status_code == 412
    assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/x",
        "/uploads/" + "0" * 31,
        "/uploads/" + "A" * 32,
        "/uploads/" + "0" * 32 + "/x",
        "/uploads/..%2f..%2fmanage.py",
        "/uploads/%00",
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PATCH", "DELETE", "POST", "GET"])
def test_other_urls_are_404(server, path, method):
    with Tus(server) as anybody:
        assert anybody.http.request(method, path).status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_an_unknown_upload_is_404(tus, method):
    answer = tus.http.request(
        method,
        UNKNOWN,
        headers={"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )

    assert answer.status_code == 404
    assert "Upload-Offset" not in answer.headers


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [
        *((m, "/uploads/", "OPTIONS, POST") for m in ("GET", "HEAD", "PUT", "PATCH", "DELETE")),
        *((m, UNKNOWN, "OPTIONS, HEAD, PATCH, DELETE") for m in ("GET", "PUT", "POST")),
    ],
)
def test_other_methods_are_405_with_allow(tus, method, url, allowed):
    answer = tus.http.request(method, url)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed


def test_method_override_is_ignored(tus, dossier):
    url = tus.begun(dossier, 100)

    deleted = tus.http.post(url, headers={"X-HTTP-Method-Override": "DELETE"})

    assert deleted.status_code == 405
    assert tus.offset(url) == 0


def test_head_returns_the_offset(tus, dossier):
    begun = tus.begin(dossier, 100)
    url = begun.headers["Location"]
    tus.patch(url, 0, content(100)[:30])

    answer = tus.head(url)

    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "30"
    assert answer.headers["Upload-Length"] == "100"
    assert answer.headers["Upload-Metadata"] == begun.request.headers["Upload-Metadata"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Upload-Expires"] == begun.headers["Upload-Expires"]
    assert "Upload-Concat" not in answer.headers
    assert "Upload-Defer-Length" not in answer.headers


def test_chunk_by_chunk_until_it_is_received(tus, dossier, comunik, ada):
    file = content(250_001)
    url = tus.begun(dossier, len(file))

    offsets = []
    for start in range(0, len(file), 100_000):
        answer = tus.patch(url, start, file[start : start + 100_000])
        assert answer.status_code == 204
        assert answer.content == b""
        offsets.append(answer.headers["Upload-Offset"])

    submission = Submission.objects.get()
    assert offsets == ["100000", "200000", "250001"]
    assert Path(submission.file.path).read_bytes() == file
    assert submission.sha256 == hashlib.sha256(file).hexdigest()
    assert (submission.team, submission.submitted_by) == (comunik, ada)
    assert (submission.filename, submission.content_type) == ("dossier.pdf", "application/pdf")
    assert answer.headers["Submission-Id"] == str(submission.pk)
    assert answer.headers["Receipt-Code"] == submission.receipt.code
    assert not list(settings.UPLOADS_DIR.iterdir())


def test_a_received_upload_still_answers(tus, dossier):
    file = content(1000)
    url = tus.begun(dossier, len(file))
    tus.patch(url, 0, file)

    asked = tus.head(url)
    again = tus.patch(url, 1000, b"")
    elsewhere = tus.patch(url, 0, file)
    deleted = tus.delete(url)

    assert (asked.status_code, asked.headers["Upload-Offset"]) == (200, "1000")
    assert asked.headers["Upload-Length"] == "1000"
    assert "Upload-Expires" not in asked.headers
    assert (again.status_code, again.headers["Upload-Offset"]) == (204, "1000")
    assert elsewhere.status_code == 409
    assert deleted.status_code == 403
    assert deleted.json()["code"] == "received"
    assert Submission.objects.count() == 1


def test_a_wrong_offset_is_409_and_changes_nothing(tus, dossier):
    file = content(100)
    url = tus.begun(dossier, 100)
    tus.patch(url, 0, file[:50])

    answers = [tus.patch(url, offset, file[:10]) for offset in (0, 49, 51, 100, "9" * 30)]

    assert [answer.status_code for answer in answers] == [409] * 5
    assert tus.offset(url) == 50
    assert tus.patch(url, 50, file[50:]).status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(file).hexdigest()


@pytest.mark.parametrize("offset", ["-1", "x", "1.0", "+1", "", "0x1", "1 2"])
def test_an_invalid_offset_is_400(tus, dossier, offset):
    url = tus.begun(dossier, 100)

    assert tus.patch(url, offset, b"x").status_code == 400


def test_without_an_offset_it_is_400(tus, dossier):
    url = tus.begun(dossier, 100)

    answer = tus.http.patch(
        url, content=b"x", headers={"Content-Type": "application/offset+octet-stream"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain", ""])
def test_another_content_type_is_415(tus, dossier, content_type):
    url = tus.begun(dossier, 100)

    assert tus.patch(url, 0, b"x", content_type=content_type).status_code == 415
    assert tus.offset(url) == 0


def test_a_chunk_that_is_too_long_is_413_and_not_kept(tus, dossier):
    url = tus.begun(dossier, 100)
    tus.patch(url, 0, content(60))

    announced = tus.patch(url, 60, content(41))
    streamed = tus.patch(url, 60, iter([content(30), content(30)]))

    assert [announced.status_code, streamed.status_code] == [413, 413]
    assert "Content-Length" not in streamed.request.headers
    assert tus.offset(url) == 60


def test_a_body_of_unknown_length_is_accepted(tus, dossier):
    file = content(700_000)
    url = tus.begun(dossier, len(file))

    answer = tus.patch(url, 0, (file[at : at + 70_000] for at in range(0, len(file), 70_000)))

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "700000")
    assert Submission.objects.get().sha256 == hashlib.sha256(file).hexdigest()


def test_a_refused_chunk_is_answered_and_the_connection_ends(tus, dossier):
    # 4 MB are being sent when the refusal is answered: the client must still receive it.
    url = tus.begun(dossier, 5_000_000)
    chunk = content(4_000_000)

    for _ in range(5):
        answer = tus.patch(url, 7, chunk)

        assert answer.status_code == 409
        assert answer.headers["Connection"] == "close"


def test_expect_100_continue_is_answered_first(tus, dossier):
    url = tus.begun(dossier, 100)
    given = {"content_type": "application/offset+octet-stream", "content_length": "100"}

    with tus.wire("PATCH", url, upload_offset="5", expect="100-continue", **given) as wire:
        assert wire.answer().status == 409
    with tus.wire("PATCH", url, upload_offset="0", expect="100-continue", **given) as wire:
        assert wire.socket.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(content(100))
        assert wire.answer().status == 204


def test_connections_are_reused(tus, dossier):
    url = tus.begun(dossier, 100)
    given = {"content_type": "application/offset+octet-stream", "content_length": "50"}

    with tus.wire("PATCH", url, upload_offset="0", **given) as wire:
        wire.send(content(100)[:50])
        assert wire.answer().status == 204
        headers = {**dict(tus.http.headers), "Upload-Offset": "50", "Content-Length": "50"}
        headers["Content-Type"] = "application/offset+octet-stream"
        wire.begin("PATCH", url, headers)
        wire.send(content(100)[50:])
        assert wire.answer().status == 204

    assert Submission.objects.count() == 1


def test_each_complete_file_is_a_version(tus, dossier, ben, tus_of):
    # Another member may continue an upload. Each complete file is a version.
    url = tus.begun(dossier, 100)
    mate = tus_of(ben)
    mate.patch(url, 0, content(100))
    other = mate.begun(dossier, 50)

    answer = mate.patch(other, 0, content(50))

    assert answer.headers["Submission-Version"] == "2"
    by = [s.submitted_by.name for s in Submission.objects.order_by("version")]
    assert by == ["Ada", "Ben"]
