import json
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command
from django.db import connection, transaction

from hackathon.base.core import clock
from submissions.audit import deposits as audit
from submissions.audit.findings import Fault
from submissions.deposits import services as deposits
from submissions.models import Receipt, Submission, Upload
from submissions.seals.rules import UNFINISHED_WAIT
from submissions.storage import DepositStorage, deposit_key, deposits_storage
from tests.conftest import NOON
from tests.submissions.conftest import MINUTE, PDF, deposit
from tests.waiting import PATIENCE

Get = Callable[[str], Any]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "deposits": {
            "BACKEND": "submissions.storage.DepositDirectory",
            "OPTIONS": {"location": tmp_path / "deposits"},
        },
    }


@pytest.fixture
def handed_in(comunik, dossier, site_link, ada) -> Submission:
    deposits.deposit(site_link, comunik, url="https://example.org/", begun_at=NOON, by=ada, at=NOON)
    return deposit(dossier, comunik, ada)


def check(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("check-deposits", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def report() -> dict[str, Any]:
    return json.loads(check("--json", "--delete-nothing")[1])


def path() -> Path:
    return Path(deposits_storage().path(Submission.objects.exclude(file="").get().file.name))


def rewrite(content: bytes) -> None:
    path().unlink()
    path().write_bytes(content)


def upload(get: Get, **fields: Any) -> Upload:
    defaults = {
        "team": get("comunik"),
        "deliverable": get("dossier"),
        "begun_by": get("ada"),
        "length": len(PDF),
        "filename": "dossier.pdf",
        "begun_at": NOON,
        "expires_at": clock.now() + MINUTE,
    }
    return Upload.objects.create(**{**defaults, **fields})


@pytest.mark.django_db
def test_without_deposits_there_are_no_findings():
    code, out, _err = check()

    assert code == 0
    assert "aucun défaut" in out


@pytest.mark.django_db
def test_intact_deposits_are_counted(handed_in):
    assert check()[0] == 0
    assert report() == {
        "ok": True,
        "submissions": 2,
        "files": 1,
        "bytes": len(PDF),
        "open_uploads": 0,
        "completing": [],
        "findings": [],
    }


CASES: list[tuple[str, Callable[[Get], Any], Fault]] = [
    (
        "missing",
        lambda get: path().unlink(),
        Fault.FILE_MISSING,
    ),
    ("altered", lambda get: rewrite(PDF.replace(b"1.7", b"1.6")), Fault.ALTERED),
    ("cut", lambda get: rewrite(PDF[:-1]), Fault.ALTERED),
    (
        "link altered",
        lambda get: Submission.objects.exclude(url="").update(url="https://example.net/"),
        Fault.ALTERED,
    ),
    (
        "row altered",
        lambda get: Submission.objects.exclude(file="").update(size=7),
        Fault.ALTERED,
    ),
    (
        "receipt gone",
        lambda get: Receipt.objects.filter(submission=get("handed_in")).delete(),
        Fault.RECEIPT_GONE,
    ),
    (
        "receipt false",
        lambda get: Submission.objects.exclude(file="").update(received_at=NOON + MINUTE),
        Fault.RECEIPT_FALSE,
    ),
    (
        "orphan",
        lambda get: deposits_storage().save("ab/abcd", ContentFile(b"stray")),
        Fault.ORPHAN,
    ),
    (
        "orphan at the top level",
        lambda get: deposits_storage().save("stray", ContentFile(b"stray")),
        Fault.ORPHAN,
    ),
    (
        "row gone",
        lambda get: Submission.objects.exclude(file="").update(file="ab/other"),
        Fault.ORPHAN,
    ),
    (
        "stranded",
        lambda get: upload(get, whole_at=NOON),
        Fault.STRANDED,
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "act", "fault"), CASES, ids=[c[0] for c in CASES])
def test_each_fault_is_named_and_nothing_is_removed(name, act, fault, handed_in, tmp_path, request):
    act(request.getfixturevalue)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    rows = Submission.objects.count(), Upload.objects.count(), Receipt.objects.count()

    code, out, _err = check()

    assert code == 1
    assert fault.value in [finding["code"] for finding in report()["findings"]]
    assert out.count("✗") >= 1
    assert "{" not in out
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (Submission.objects.count(), Upload.objects.count(), Receipt.objects.count()) == rows


@pytest.mark.django_db
def test_a_finding_names_the_team_and_the_file(handed_in):
    path().unlink()

    (finding,) = report()["findings"]

    assert finding["what"] == "Com’unik · Dossier de stratégie"
    assert (finding["version"], finding["key"]) == (1, handed_in.file.name)
    assert handed_in.file.name in finding["message"]


@pytest.mark.django_db
def test_uploads_in_progress_are_no_findings(handed_in, request):
    get = request.getfixturevalue
    upload(get)
    completing = upload(get, whole_at=clock.now() - UNFINISHED_WAIT / 2)
    key = deposit_key(completing.pk)
    deposits_storage().save(key, ContentFile(PDF))
    deposits_storage().save(f"{key}.half", ContentFile(PDF[:10]))

    code, out, _err = check()

    assert code == 0
    assert (report()["open_uploads"], report()["completing"]) == (2, [key, f"{key}.half"])
    assert key in out


@pytest.mark.django_db
def test_an_upload_that_the_rules_refuse_is_not_stranded(handed_in, request):
    long_ago = NOON - MINUTE * 24 * 60
    upload(request.getfixturevalue, begun_at=long_ago, whole_at=long_ago)

    assert check()[0] == 0


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_deposit_that_is_being_received_has_no_orphan(comunik, dossier, ada, monkeypatch):
    kept, go_on = threading.Event(), threading.Event()

    def receive() -> None:
        try:
            with transaction.atomic():
                deposit(dossier, comunik, ada)
                kept.set()
                go_on.wait(PATIENCE)
        finally:
            connection.close()

    receiving = threading.Thread(target=receive)
    receiving.start()
    kept.wait(PATIENCE)
    assert not Submission.objects.exists()
    # The deposit commits while the check waits for the lock.
    threading.Timer(0.5, go_on.set).start()

    report = audit.check(at=NOON, progress=lambda *_: None)

    receiving.join()
    assert (report.files, report.findings) == (1, [])


@pytest.mark.django_db
def test_progress_goes_to_standard_error(handed_in, monkeypatch):
    ticks = iter(range(0, 1000, 3))
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))

    _code, out, err = check("--json")

    assert "1 / 2" in err
    assert json.loads(out)["ok"]


class Memory(DepositStorage, InMemoryStorage):
    pass


@pytest.mark.django_db
def test_a_storage_without_local_paths_is_checked_too(settings, comunik, dossier, ada):
    settings.STORAGES = {
        **settings.STORAGES,
        "deposits": {"BACKEND": f"{__name__}.Memory"},
    }
    deposit(dossier, comunik, ada)
    assert check()[0] == 0

    name = Submission.objects.get().file.name
    deposits_storage().delete(name)
    deposits_storage().save("zz/stray", ContentFile(b"stray"))

    assert [f["code"] for f in report()["findings"]] == [Fault.FILE_MISSING, Fault.ORPHAN]
