from pathlib import Path

import pytest

from submissions.models import Submission
from tests.submissions.tus.wire import content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system32.pdf", "system32.pdf"),
        ("/etc/cron.d/x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("dossier\r\nSet-Cookie: a=b.pdf", "dossierSet-Cookie: a=b.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("\u2066invisible\u2069\u200f.pdf", "invisible.pdf"),
        ("a" * 10_000 + ".pdf", "a" * 251 + ".pdf"),
        ("<script>alert(1)<script>.pdf", "<script>alert(1)<script>.pdf"),
        ("Dossier de l’équipe n° 3 🎉.pdf", "Dossier de l’équipe n° 3 🎉.pdf"),
        (" .pdf", ".pdf"),
        ("dossier.pdf ", "dossier.pdf"),
    ],
)
def test_a_hostile_name_is_only_text(tus, dossier, name, kept):
    url = tus.begun(dossier, 100, filename=name)

    answer = tus.patch(url, 0, content(100))
    head = tus.head(url)

    submission = Submission.objects.get()
    assert answer.status_code == 204
    assert submission.filename == kept
    assert Path(submission.file.path).name == submission.file.name.split("/")[1]
    assert len(submission.file.name) == 35
    assert "Set-Cookie" not in head.headers


@pytest.mark.parametrize(
    "name",
    ["../..", "\0", "\u202e", "a" * 300, "passwd", "x.pdf/", "x.pdf\0.exe", "x.exe\u202efdp."],
)
def test_a_name_without_a_format_is_refused(tus, dossier, name):
    answer = tus.begin(dossier, 100, filename=name)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_format")
