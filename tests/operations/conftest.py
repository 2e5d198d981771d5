from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core import confinement
from hackathon.base.core.preflight import checks
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.services import briefs
from hackathon.run.operations import readiness
from hackathon.run.operations.backup.selectors import LAST, LAST_COPY
from judging.models import Criterion, Juror
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON
from tests.extras import all_cases
from tests.legal_notice import fill_in

SMTP = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@dataclass
class Ready:
    """An edition that nothing spoils."""

    edition: Edition
    department: Department
    eve: User
    team: Team
    settings: Any
    monkeypatch: pytest.MonkeyPatch

    def change(self, **fields: Any) -> None:
        Edition.objects.filter(pk=self.edition.pk).update(**fields)
        self.edition.refresh_from_db()

    def problems(self, code: str) -> list[str]:
        return [problem.text.replace("\xa0", " ") for problem in self.wrong(code)]

    def wrong(self, code: str) -> list[Any]:
        (line,) = [line for line in checks(self.edition, at=NOON) if line.code == code]
        return line.problems


@pytest.fixture
def ready(
    edition: Edition,
    infocom: Department,
    brief: Brief,
    dossier: Deliverable,
    criteria: list[Criterion],
    comunik: Team,
    diane: Juror,
    eve: User,
    gil: User,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Ready:
    edition.organizers.add(gil)
    Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=NOON)
    briefs.attach(brief=brief, file=received_file(b"%PDF-1.4", "plan.pdf"), by=eve, at=NOON)
    for cases in all_cases():
        cases.readies(edition)
    User.objects.update(last_login=NOON)
    fill_in()
    settings.DEBUG = False
    settings.HTTPS, settings.SITE_URL = True, "https://ccd.example.org"
    settings.ALLOWED_HOSTS = ["ccd.example.org", "testserver"]
    settings.MAILERS = SMTP
    settings.DEFAULT_FROM_EMAIL = "CCD <ccd@example.org>"
    settings.DATA_DIR = tmp_path
    (tmp_path / LAST).write_text((NOON - timedelta(hours=2)).isoformat())
    (tmp_path / LAST_COPY).write_text(NOON.isoformat())
    # The tests set the time of this process, not that of the database.
    kept = [check for check in readiness.CHECKS if check.name != "clock"]
    monkeypatch.setattr(readiness, "CHECKS", kept)
    readiness.forget_results()
    monkeypatch.setattr(confinement, "available", lambda: ["landlock", "seccomp"])
    return Ready(edition, infocom, eve, comunik, settings, monkeypatch)


def setting(name: str, bad: Any, good: Any) -> tuple[Any, Any]:
    def assign(value: Any) -> Callable[[Ready], None]:
        return lambda ready: setattr(ready.settings, name, value)

    return assign(bad), assign(good)


def field(name: str, bad: Any, good: Any) -> tuple[Any, Any]:
    return lambda r: r.change(**{name: bad}), lambda r: r.change(**{name: good})
