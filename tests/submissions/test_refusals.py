"""One case per code of a refusal. A new code without a case fails."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db.models import F
from django.test import override_settings

from hackathon.base.core.errors import Refused
from submissions.budget.rules import OPEN_UPLOADS_MAX, TEAM_BYTES_MIN
from submissions.deliverables import services as deliverables
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal as Code
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension, Submission, Upload
from submissions.transfers import services as uploads
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit, file_at

pytestmark = pytest.mark.django_db

Get = Callable[[str], Any]
HOUR = timedelta(hours=1)


def hand_in(get: Get, **changed: Any) -> None:
    deposit(get("dossier"), get("comunik"), changed.pop("by", get("ada")), **changed)


def link(get: Get, url: str) -> None:
    deposits.deposit(
        get("site_link"), get("comunik"), url=url, begun_at=NOON, by=get("ada"), at=NOON
    )


def text(get: Get, content: str) -> None:
    deposits.deposit(
        get("pitch"), get("comunik"), text=content, begun_at=NOON, by=get("ada"), at=NOON
    )


def of_another_department(get: Get) -> None:
    # Cleo is a member of the team, but the dossier is a deliverable of Infocom.
    deposit(get("dossier"), get("pixels"), get("cleo"))


def wrong_kind(get: Get) -> None:
    deposits.deposit(
        get("dossier"), get("comunik"), text="Voici", begun_at=NOON, by=get("ada"), at=NOON
    )


def grant(get: Get, **changed: Any) -> None:
    given = {"team": get("comunik"), "minutes": 15, "reason": "Panne de réseau", **changed}
    extensions.grant(get("edition"), by=get("eve"), at=NOON, **given)


def enter(get: Get, **changed: Any) -> None:
    at = changed.pop("at", DEADLINE + 4 * MINUTE)
    given = {"by": get("eve"), "reason": "Clé USB", **changed}
    deposits.deposit(get("dossier"), get("comunik"), file=file_at(at), begun_at=at, at=at, **given)


def enter_after_results(get: Get) -> None:
    get("edition").results_published_at = DEADLINE + HOUR
    get("edition").save()
    enter(get, at=DEADLINE + 2 * HOUR)


def change_kind(get: Get) -> None:
    hand_in(get)
    deliverables.save(
        get("infocom"),
        deliverable=get("dossier"),
        kind=DeliverableKind.TEXT,
        by=get("eve"),
        at=NOON,
    )


def change(get: Get, **values: Any) -> None:
    deliverables.save(get("infocom"), deliverable=get("dossier"), by=get("eve"), at=NOON, **values)


def open_after_it_is_due(get: Get) -> None:
    change(get, opens_at=DEADLINE, due_at=DEADLINE)


def close_in_the_past(get: Get) -> None:
    change(get, due_at=NOON)


def project_two(get: Get) -> None:
    Deliverable.objects.create(
        department=get("infocom"), name="Diapositives", kind=DeliverableKind.FILE, is_deck=True
    )
    change(get, is_deck=True)


def hand_in_before_it_opens(get: Get) -> None:
    Deliverable.objects.filter(pk=get("dossier").pk).update(opens_at=NOON + HOUR)
    get("dossier").refresh_from_db()
    hand_in(get)


def delete_handed_in(get: Get) -> None:
    hand_in(get)
    deliverables.delete(get("dossier"), by=get("eve"), at=NOON)


def begin(get: Get, **changed: Any) -> None:
    given = {"length": 10, "filename": "dossier.pdf", **changed}
    uploads.begin(get("comunik"), get("dossier").pk, by=get("ada"), at=NOON, **given)


def begin_another(get: Get) -> None:
    for _ in range(OPEN_UPLOADS_MAX + 1):
        begin(get)


def begin_on_a_full_disk(get: Get) -> None:
    free = shutil.disk_usage(settings.UPLOADS_DIR).free
    with override_settings(DISK_RESERVE=2 * free):
        begin(get)


def begin_when_space_is_kept(get: Get) -> None:
    hand_in(get)
    get("pixels")
    film = {"name": "Film", "kind": DeliverableKind.FILE, "max_bytes": 10**15}
    Deliverable.objects.create(department=get("info"), **film)
    disk = SimpleNamespace(free=settings.DISK_RESERVE + 6_000_000)
    with mock.patch("shutil.disk_usage", return_value=disk):
        begin(get, length=4_000_000)


def begin_beyond_the_budget(get: Get) -> None:
    for _ in range(TEAM_BYTES_MIN // 5_000_000 + 1):
        Upload.objects.update(length=F("length") * 4)
        begin(get, length=5_000_000)


def one_version_too_many(get: Get) -> None:
    with mock.patch("submissions.budget.rules.VERSIONS_MAX", 1):
        hand_in(get)
        hand_in(get)


CASES: list[tuple[Code, Callable[[Get], None]]] = [
    (Code.NOT_MEMBER, lambda get: hand_in(get, by=get("cleo"))),
    (Code.NOT_MEMBER, lambda get: hand_in(get, by=get("eve"))),
    (Code.NOT_MEMBER, of_another_department),
    (Code.NOT_OPEN, lambda get: hand_in(get, at=NOON - timedelta(hours=5))),
    (Code.DEADLINE_PASSED, lambda get: hand_in(get, at=DEADLINE + SECOND)),
    (Code.GRACE_PASSED, lambda get: hand_in(get, at=DEADLINE + HOUR, begun_at=DEADLINE)),
    (Code.WRONG_KIND, wrong_kind),
    (Code.WRONG_FORMAT, lambda get: hand_in(get, name="dossier.docx")),
    (Code.WRONG_FORMAT, lambda get: hand_in(get, name="pdf")),
    (Code.TOO_LARGE, lambda get: hand_in(get, content=PDF.ljust(5_000_001))),
    (Code.EMPTY, lambda get: hand_in(get, content=b"")),
    (Code.EMPTY, lambda get: link(get, " ")),
    (Code.EMPTY, lambda get: text(get, " \n ")),
    (Code.BAD_LINK, lambda get: link(get, "javascript:alert(1)")),
    (Code.BAD_LINK, lambda get: link(get, "example.org")),
    (Code.BAD_LINK, lambda get: link(get, "ftp://example.org/")),
    (Code.BAD_LINK, lambda get: link(get, "https://[::1/")),
    (Code.BAD_LINK, lambda get: link(get, "https://example.org/" + "a" * 2000)),
    (Code.LOCAL_LINK, lambda get: link(get, "http://localhost:3000/")),
    (Code.LOCAL_LINK, lambda get: link(get, "http://127.0.0.1/")),
    (Code.LOCAL_LINK, lambda get: link(get, "http://[::1]:8000/")),
    (Code.INVISIBLE, lambda get: link(get, "https://example.org/\u200b")),
    (Code.TOO_LONG, lambda get: text(get, "a" * 20_001)),
    (Code.EMPTY, lambda get: begin(get, length=0)),
    (Code.TOO_LARGE, lambda get: begin(get, length=5_000_001)),
    (Code.TOO_MANY_UPLOADS, begin_another),
    (Code.STORAGE_FULL, begin_on_a_full_disk),
    (Code.TOO_MANY_VERSIONS, one_version_too_many),
    (Code.STORAGE_KEPT, begin_when_space_is_kept),
    (Code.TEAM_BUDGET, begin_beyond_the_budget),
    (Code.NOT_OPEN_YET, hand_in_before_it_opens),
    (Code.OPENS_AFTER_DUE, open_after_it_is_due),
    (Code.DUE_IS_PAST, close_in_the_past),
    (Code.OTHER_DECK, project_two),
    (Code.HAS_SUBMISSIONS, change_kind),
    (Code.HAS_SUBMISSIONS, delete_handed_in),
    (Code.EXTENSION_TARGET, lambda get: grant(get, team=None)),
    (Code.EXTENSION_TARGET, lambda get: grant(get, department=get("infocom"))),
    (Code.EXTENSION_MINUTES, lambda get: grant(get, minutes=0)),
    (Code.EXTENSION_MINUTES, lambda get: grant(get, minutes=1441)),
    (Code.EXTENSION_DELIVERABLE, lambda get: grant(get, deliverable=get("dossier"))),
    (Code.EXTENSION_REASON, lambda get: grant(get, reason="  ")),
    (Code.ENTRY_REASON, lambda get: enter(get, reason=" ")),
    (Code.ENTRY_CLOSED, enter_after_results),
]


@pytest.mark.parametrize(("code", "act"), CASES)
def test_refusal(code, act, request):
    get = request.getfixturevalue
    get("comunik")
    submissions = Submission.objects.count()

    with refuses(code) as refused:
        act(get)

    assert "{" not in refused.value.refusal.message
    assert not Extension.objects.exists()
    assert Submission.objects.count() - submissions <= 1  # the one of the set-up


def test_every_code_has_a_case():
    assert {code for code, _ in CASES} == set(Code)


@pytest.mark.parametrize("name", ["dossier", "site_link", "pitch"])
def test_refused_changes_write_nothing(name, request):
    get = request.getfixturevalue
    deliverable: Deliverable = get(name)
    get("comunik")

    with pytest.raises(Refused):
        deposits.deposit(
            deliverable, get("comunik"), text="", begun_at=NOON, by=get("ada"), at=NOON
        )

    deliverable.refresh_from_db()
    assert not deliverable.submissions.exists()
