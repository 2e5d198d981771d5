"""Nothing leaves a public demonstration, and it holds little."""

import re
import socket
from http import HTTPStatus

import httpcore
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import send_mail

from hackathon.base.accounts import body_limits
from hackathon.base.core import disk, outbound
from hackathon.base.push import sending
from submissions.budget.selectors import space
from submissions.inspection.result import FindingCode
from submissions.inspection.services import inspect_submission
from submissions.models import Submission
from tests.conftest import NOON
from tests.operations.test_settings import loaded
from tests.sources import ROOT

# Each file of the core that opens connections, and why a public demonstration opens none there.
CONNECTS = {
    "hackathon/base/core/outbound.py": "`OUTBOUND`: also webhooks, and what else extras send",
    "hackathon/base/push/sending.py": "through `outbound`",
    "submissions/inspection/links.py": "its process is not started",
    "submissions/inspection/virus.py": "the scanner of the operator",
    "hackathon/base/accounts/university/cas.py": "no university",
    "hackathon/base/accounts/university/tokens.py": "no university",
    "hackathon/base/accounts/university/views.py": "no university",
    "hackathon/run/page_client/client.py": "rehearsals, of the operator",
    "hackathon/run/page_client/tab.py": "rehearsals, of the operator",
    "hackathon/run/operations/heartbeats.py": "its own name only",
    "hackathon/base/core/metrics.py": "its own name only",
}
CONNECTING = re.compile(
    r"^\s*(?:import|from) (?:socket|http\.client|urllib\.request|requests|httpx|httpcore|ftplib"
    r"|asyncio\.streams)\b",
    re.MULTILINE,
)


@pytest.fixture
def asked(monkeypatch):
    """Names that somebody looked up."""
    names = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *_more, **_kw: names.append(name) or [])
    return names


def test_the_settings_leave_no_way_out(tmp_path):
    given = {
        "CCD_SMTP_HOST": "mail.univ.example",
        "CCD_OIDC_ISSUER": "https://sso.univ.example",
        "CCD_OIDC_CLIENT_ID": "ccd",
        "CCD_CAS_URL": "https://cas.univ.example",
        "CCD_TIMESTAMP_AUTHORITIES": "https://tsa.example",
        "CCD_SECOND_FACTOR": "1",
    }

    found = loaded(CCD_PUBLIC_DEMO="1", CCD_DATA_DIR=str(tmp_path), **given)
    usual = loaded(CCD_DATA_DIR=str(tmp_path), **given)

    backend = "django.core.mail.backends.dummy.EmailBackend"
    assert found["MAILERS"] == {"default": {"BACKEND": backend}}
    assert found["SOCIALACCOUNT_PROVIDERS"] == {"openid_connect": {"APPS": []}}
    names = (
        "SMTP_HOST",
        "OIDC_ISSUER",
        "CAS_URL",
        "TIMESTAMP_AUTHORITIES",
        "SECOND_FACTOR_REQUIRED",
    )
    assert not any(found[name] for name in names)
    assert all(usual[name] for name in names)
    assert (found["OUTBOUND"], usual["OUTBOUND"], usual["DISK_QUOTA"]) == (False, True, None)


@pytest.mark.parametrize("name", ["CCD_S3_BUCKET", "CCD_SERVER_NAME"])
def test_a_bucket_or_a_second_server_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: True)

    with pytest.raises(ImproperlyConfigured, match="CCD_PUBLIC_DEMO"):
        loaded(CCD_PUBLIC_DEMO="1", CCD_DATA_DIR=str(tmp_path), **{name: "one"})


def test_each_file_that_could_connect_is_known():
    folders = (ROOT / name for name in ("hackathon", "teams", "submissions", "judging"))
    files = [path for folder in folders for path in folder.rglob("*.py")]
    found = {path for path in files if CONNECTING.search(path.read_text())}
    of_extras = {path for path in found if "extras" in path.parts}

    assert {str(path.relative_to(ROOT)) for path in found - of_extras} == set(CONNECTS)
    # Authorities and universities are refused by the settings; rehearsals are the operator's.
    assert sum("CheckedBackend" not in path.read_text() for path in of_extras) == 4


def test_no_name_is_looked_up_and_nothing_is_sent(is_public, asked, dossier, comunik):
    with pytest.raises(outbound.Closed):
        outbound.CheckedBackend(lambda _address: True).connect_tcp("example.org", 443)
    with sending.connections() as pool, pytest.raises(outbound.Closed):
        pool.request("GET", "https://push.example.org/")
    link = Submission(url="https://example.org/", team=comunik)
    result = inspect_submission(link, inspect=lambda _job: pytest.fail("a process was started"))

    assert result.has(FindingCode.NOT_CHECKED)
    assert asked == []


def test_with_outbound_it_is_looked_up(settings, asked):
    settings.OUTBOUND = True

    with pytest.raises(httpcore.ConnectError):
        outbound.CheckedBackend(lambda _address: True).connect_tcp("example.org", 443)

    assert asked == ["example.org"]


def test_mail_is_thrown_away(is_public, mailoutbox, asked):
    send_mail("Bonjour", "…", None, ["ada@example.org"])

    assert (mailoutbox, asked) == ([], [])


def test_all_files_together_have_a_quota(settings, is_public, edition):
    kept = settings.DATA_DIR / "attachments" / "of-a-visitor"
    settings.DISK_RESERVE, settings.DISK_QUOTA = 1000, disk_used() + 500

    before = space(at=NOON).available
    kept.write_bytes(b"x" * 500)
    try:
        after = space(at=NOON).available
    finally:
        kept.unlink()

    assert (before, after) == (500, 0)


def disk_used():
    return sum(path.stat().st_size for path in disk.files())


@pytest.mark.django_db
def test_a_large_file_is_refused_and_so_is_one_more_than_the_quota(settings, shown, client_of, eve):
    browser = client_of(eve)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    headers = [
        (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()),
        (b"content-type", b"multipart/form-data; boundary=x"),
    ]
    settings.UPLOAD_MAX_BYTES, page = 5_000_000, "/organisation/editions/ccd-2020/client/"

    def refusal(length):
        return body_limits.refusal(page, headers, length)

    assert refusal(5_000_001) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert refusal(4_000_000) is None
    settings.DISK_QUOTA = disk_used() + 3_000_000
    assert refusal(4_000_000) == HTTPStatus.INSUFFICIENT_STORAGE


def test_a_student_is_told_in_french_that_a_deposit_does_not_fit(
    settings, shown, dossier, comunik, client_of, ada
):
    settings.DISK_RESERVE, settings.DISK_QUOTA = 1000, 0
    file = SimpleUploadedFile("dossier.pdf", b"%PDF-1.4 " + b"x" * 2000)

    with time_machine.travel(NOON, tick=False):
        answer = client_of(ada).post(f"/rendu/{dossier.pk}/", {"file": file}, follow=True)

    assert "plus assez de place" in answer.content.decode()
    assert not Submission.objects.exists()
