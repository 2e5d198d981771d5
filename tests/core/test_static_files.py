from pathlib import Path

import httpx
import pytest
from django.conf import settings

from hackathon.base.core import asgi as pages
from tests.submissions.tus import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
BYTES = bytes(range(256)) * 20


@pytest.fixture(autouse=True)
def _file(monkeypatch) -> None:
    monkeypatch.setattr(pages, "BLOCK", 1000)
    path: Path = settings.STATIC_ROOT / "a-picture.webp"
    path.write_bytes(BYTES)


def test_a_file_is_sent_whole_in_part_or_not_modified():
    with (
        servers.in_thread() as url,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as browser,
    ):
        whole = browser.get("/static/a-picture.webp")
        part = browser.get("/static/a-picture.webp", headers={"Range": "bytes=256-2999"})
        head = browser.head("/static/a-picture.webp")
        again = browser.get(
            "/static/a-picture.webp", headers={"If-Modified-Since": whole.headers["Last-Modified"]}
        )

    assert (whole.status_code, whole.content) == (200, BYTES)
    assert (part.status_code, part.content) == (206, BYTES[256:3000])
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(BYTES)))
    assert (again.status_code, again.content) == (304, b"")
