import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from submissions.storage import content_type_of
from tests.submissions.conftest import PDF, deposit


def image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("a.txt", "a")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PDF, "a.zip", "application/pdf"),
        (PDF, "sans-extension", "application/pdf"),
        (image("PNG"), "a.png", "image/png"),
        (image("JPEG"), "a.jpeg", "image/jpeg"),
        (image("WEBP"), "a.webp", "image/webp"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a.mp4", "video/mp4"),
        (archive(), "a.zip", "application/zip"),
        (b"# Titre\n", "a.md", "text/markdown"),
        (b"<html><script>alert(1)</script>", "a.html", "text/html"),
        # A name is no proof: only the bytes make a type that is shown inline.
        (b"<html><script>alert(1)</script>", "a.png", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml"),
        (b"quelques mots", "a.pdf", "application/octet-stream"),
        (b"quelques mots", "a", "application/octet-stream"),
        (b"", "a", "application/octet-stream"),
        (b"quelques mots", "../../hackathon/settings.py", "text/x-python"),
    ],
)
def test_content_type(content, name, expected):
    assert content_type_of(ContentFile(content), name) == expected


def test_file_is_rewound_afterwards():
    file = ContentFile(PDF)

    content_type_of(file, "a.pdf")

    assert file.read() == PDF


@pytest.mark.parametrize(
    ("content", "name", "disposition", "content_type"),
    [
        (PDF, "a.pdf", "inline", "application/pdf"),
        (b"<html><script>alert(1)</script>", "a.pdf", "attachment", "application/octet-stream"),
    ],
)
def test_inline_only_if_it_is_safe(
    content, name, disposition, content_type, client_of, ada, comunik, dossier
):
    submission = deposit(dossier, comunik, ada, content=content, name=name)

    answer = client_of(ada).get(
        reverse("submissions:content", args=[submission.pk]), {"inline": "1"}
    )

    assert answer["Content-Disposition"].startswith(disposition)
    assert answer["Content-Type"] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()
