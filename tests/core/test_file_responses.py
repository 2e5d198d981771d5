from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from hackathon.base.core.file_responses import BLOCK, INLINE_TYPES, file_response

CONTENT = bytes(range(256)) * 4


def serve(
    content: bytes = CONTENT, content_type: str = "application/pdf", **more: Any
) -> HttpResponseBase:
    headers = {key: more.pop(key) for key in list(more) if key.startswith("HTTP_")}
    method = more.pop("method", "GET")
    options = {"filename": "dossier.pdf", "inline": True, **more}
    request = RequestFactory().generic(method, "/", **headers)
    file = ContentFile(content, name="key")
    return file_response(file, content_type=content_type, request=request, **options)


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response.streaming_content)


def test_the_whole_file():
    content = CONTENT * (BLOCK // len(CONTENT) + 1)

    response = serve(content)

    assert response.status_code == 200
    assert response["Content-Length"] == str(len(content))
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert body(response) == content


@pytest.mark.parametrize("content_type", sorted(INLINE_TYPES))
def test_safe_types_are_shown_inline(content_type):
    response = serve(content_type=content_type)

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == 'inline; filename="dossier.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert ("sandbox" not in policy) == (content_type == "application/pdf")
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "text/javascript", "", "x"],
)
def test_everything_else_is_a_download_of_unknown_type(content_type):
    response = serve(content_type=content_type)

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_parameters_and_case_of_a_type_are_ignored():
    response = serve(content_type="Image/PNG; charset=utf-8")

    assert response["Content-Type"] == "image/png"


def test_a_download():
    response = serve(inline=False)

    assert response["Content-Disposition"] == 'attachment; filename="dossier.pdf"'
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("Été à Nancy.pdf", "inline; filename*=utf-8''%C3%89t%C3%A9%20%C3%A0%20Nancy.pdf"),
        ('a"b.pdf', 'inline; filename="a\\"b.pdf"'),
        ("C:\\Users\\ada\\x.pdf", 'inline; filename="x.pdf"'),
        ("../../etc/passwd", 'inline; filename="passwd"'),
        ("a\r\nX: y.pdf", 'inline; filename="aX: y.pdf"'),
        ("facture\u202efdp.exe", 'inline; filename="facturefdp.exe"'),
        ("..", 'inline; filename="fichier"'),
        ("", 'inline; filename="fichier"'),
    ],
)
def test_file_names(filename, header):
    response = serve(filename=filename)

    assert response["Content-Disposition"] == header


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1024),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-5000", 1000, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-5000", 0, 1024),
        ("bytes=1023-1023", 1023, 1024),
    ],
)
def test_one_range(asked, start, stop):
    response = serve(HTTP_RANGE=asked)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/1024"
    assert response["Content-Length"] == str(stop - start)
    assert body(response) == CONTENT[start:stop]


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_the_file(asked):
    response = serve(HTTP_RANGE=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "asked", ["bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "nonsense"]
)
def test_an_invalid_range_is_ignored(asked):
    response = serve(HTTP_RANGE=asked)

    assert response.status_code == 200
    assert body(response) == CONTENT


def test_an_empty_file():
    response = serve(b"")

    assert response["Content-Length"] == "0"
    assert body(response) == b""


@pytest.mark.parametrize(
    ("if_range", "status"),
    [('"abc"', 206), ('"other"', 200), ("Thu, 13 Feb 2020 12:00:00 GMT", 200)],
)
def test_a_range_of_another_version_is_ignored(if_range, status):
    response = serve(digest="abc", HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=if_range)

    assert response.status_code == status


@pytest.mark.parametrize(
    ("if_none_match", "status"), [('"abc"', 304), ('W/"abc"', 304), ('"x"', 200)]
)
def test_a_file_in_the_cache_of_the_browser(if_none_match, status):
    response = serve(digest="abc", HTTP_IF_NONE_MATCH=if_none_match)

    assert response.status_code == status
    assert response["ETag"] == '"abc"'


def test_head_has_the_size_without_reading():
    response = serve(method="HEAD")

    assert response["Content-Length"] == "1024"
    assert not response.streaming


def test_the_file_is_closed_with_the_response(db, tmp_path):
    (tmp_path / "key").write_bytes(CONTENT)
    file = File((tmp_path / "key").open("rb"))
    request = RequestFactory().get("/")
    response = file_response(
        file, filename="a.pdf", content_type="application/pdf", inline=True, request=request
    )

    response.close()

    assert file.closed


@pytest.mark.asyncio
async def test_under_asgi_a_file_is_streamed_in_blocks():
    content = b"x" * (BLOCK + 10)
    request = AsyncRequestFactory().get("/")

    response = file_response(
        ContentFile(content, name="key"),
        filename="a.pdf",
        content_type="application/pdf",
        inline=True,
        request=request,
    )

    assert isinstance(response, StreamingHttpResponse)
    blocks = [block async for block in response.streaming_content]
    assert [len(block) for block in blocks] == [BLOCK, 10]
