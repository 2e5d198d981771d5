import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.models import Submission
from submissions.seals import services as seals
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, deposit

AFTERWARDS = DEADLINE + timedelta(hours=1)


@pytest.fixture
def sealed_edition(edition, comunik, pixels, dossier, site_link, ada) -> Edition:
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    edition.refresh_from_db()
    comunik.refresh_from_db()
    deposit(dossier, comunik, ada)
    deposits.deposit(site_link, comunik, url="https://example.org/", begun_at=NOON, by=ada, at=NOON)
    deposit(dossier, comunik, ada, at=DEADLINE + 3 * MINUTE, content=PDF + b"late")
    seals.make_due(edition, at=AFTERWARDS)
    return edition


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify-seal", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def faults(*arguments: str) -> list[str]:
    _code, out = verify("--json", *arguments)
    report = json.loads(out)
    found = [f["code"] for seal in report["seals"] for f in seal["findings"]]
    return list(dict.fromkeys([*found, *(f["code"] for f in report["findings"])]))


def row(version: int = 1) -> Any:
    return Submission.objects.filter(deliverable__kind=DeliverableKind.FILE, version=version)


def path() -> Path:
    return Path(row().get().file.path)


def rewrite(content: bytes) -> None:
    path().unlink()
    path().write_bytes(content)
