"""What one team announces, and never sends, must not close the uploads of the others."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from submissions.budget import rules
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Upload
from submissions.storage import partial_path
from submissions.transfers import services as uploads
from teams.models import Team
from tests.conftest import NOON
from tests.submissions.conftest import PDF, deposit

MB = 1_000_000
MINUTE = timedelta(minutes=1)
Disk = Callable[[int], None]


@pytest.fixture(autouse=True)
def _small_teams(monkeypatch) -> None:
    monkeypatch.setattr(rules, "TEAM_BYTES_MIN", 0)


@pytest.fixture
def disk(monkeypatch) -> Disk:
    """`disk(n)`: n bytes are free above the reserve."""

    def set_free(free: int) -> None:
        found = SimpleNamespace(free=free + settings.DISK_RESERVE)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: found)

    return set_free


@pytest.fixture
def film(info) -> Deliverable:
    """The only deliverable of `pixels`."""
    return Deliverable.objects.create(
        department=info, name="Film", kind=DeliverableKind.FILE, max_bytes=40 * MB
    )


def begin(team: Team, of: Deliverable, by: User, length: int, at: datetime = NOON) -> Upload:
    upload = uploads.begin(team, of.pk, length=length, filename="dossier.pdf", by=by, at=at)
    os.utime(partial_path(upload.pk), (at.timestamp(), at.timestamp()))
    return upload


def begin_until_refused(team: Team, of: Deliverable, by: User, length: int) -> list[str]:
    refused = []
    for _ in range(200):
        try:
            begin(team, of, by, length)
        except Refused as error:
            refused.append(error.refusal.code.value)
            break
    return refused


def code_of(call: Callable[[], Any]) -> str:
    try:
        call()
    except Refused as error:
        return error.refusal.code.value
    return ""


def test_promises_of_one_team_leave_space_for_another(
    comunik, pixels, dossier, film, ada, cleo, disk
):
    disk(75 * MB)

    refused = begin_until_refused(comunik, dossier, ada, 5 * MB)

    assert refused == [DepositRefusal.TEAM_BUDGET]
    assert begin(pixels, film, cleo, 40 * MB)


def test_promises_that_send_nothing_weigh_nothing_on_other_teams(
    comunik, pixels, dossier, film, ada, cleo, disk
):
    begin_until_refused(comunik, dossier, ada, 5 * MB)
    disk(40 * MB)

    at_once = code_of(lambda: begin(pixels, film, cleo, 40 * MB, NOON + rules.SILENT))
    later = code_of(lambda: begin(pixels, film, cleo, 40 * MB, NOON + rules.SILENT + MINUTE))

    assert (at_once, later) == (DepositRefusal.STORAGE_FULL, "")


def test_a_transfer_that_sends_keeps_its_space(comunik, pixels, dossier, film, ada, cleo, disk):
    upload = begin(comunik, dossier, ada, 5 * MB)
    later = NOON + 10 * MINUTE
    path = partial_path(upload.pk)
    path.write_bytes(b"x" * MB)
    os.utime(path, (later.timestamp(), later.timestamp()))
    disk(43 * MB)

    refused = code_of(lambda: begin(pixels, film, cleo, 40 * MB, later))
    path.write_bytes(b"x" * 4 * MB)
    os.utime(path, (later.timestamp(), later.timestamp()))
    accepted = code_of(lambda: begin(pixels, film, cleo, 40 * MB, later))

    assert (refused, accepted) == (DepositRefusal.STORAGE_FULL, "")


def test_space_is_kept_for_the_first_version_of_every_team(
    comunik, pixels, dossier, film, ada, cleo, disk
):
    deposit(dossier, comunik, ada)
    disk(44 * MB)  # 40 MB of it for the film of `pixels`

    refused = code_of(lambda: begin(comunik, dossier, ada, 5 * MB))
    smaller = code_of(lambda: begin(comunik, dossier, ada, 4 * MB))
    first = code_of(lambda: begin(pixels, film, cleo, 40 * MB))

    assert (refused, smaller, first) == (DepositRefusal.STORAGE_KEPT, "", "")


def test_on_a_small_disk_new_versions_share_half_of_what_is_free(
    comunik, pixels, dossier, film, ada, disk
):
    deposit(dossier, comunik, ada)
    disk(9 * MB)  # less than the film may have

    refused = code_of(lambda: begin(comunik, dossier, ada, 4_600_000))
    smaller = code_of(lambda: begin(comunik, dossier, ada, 4_500_000))

    assert (refused, smaller) == (DepositRefusal.STORAGE_KEPT, "")


def test_a_team_that_used_its_budget_can_still_hand_in_the_rest(comunik, dossier, ada):
    poster = Deliverable.objects.create(
        department=comunik.department, name="Affiche", kind=DeliverableKind.FILE, max_bytes=20 * MB
    )

    refused = begin_until_refused(comunik, dossier, ada, 5 * MB)
    first = code_of(lambda: begin(comunik, poster, ada, 20 * MB))

    assert refused == [DepositRefusal.TEAM_BUDGET]
    assert first == ""


def test_the_budget_follows_a_deliverable_that_became_smaller(comunik, dossier, ada):
    poster = Deliverable.objects.create(
        department=comunik.department, name="Affiche", kind=DeliverableKind.FILE, max_bytes=1 * MB
    )
    deposit(dossier, comunik, ada, content=PDF.ljust(4 * MB))
    Deliverable.objects.filter(pk=dossier.pk).update(max_bytes=100)

    first = code_of(lambda: begin(comunik, poster, ada, 1 * MB))

    assert first == ""


@time_machine.travel(NOON, tick=False)
def test_a_team_is_warned_before_its_budget_is_used(comunik, dossier, ada, client_of):
    browser = client_of(ada)
    begin(comunik, dossier, ada, 5 * MB)

    before = browser.get("/rendu/").content.decode()
    for _ in range(4):
        begin(comunik, dossier, ada, 5 * MB)
    page_text = browser.get("/rendu/").content.decode()

    assert "deposits-left" not in before
    assert "Votre équipe a utilisé 25\u202fMo des 30\u202fMo" in page_text
    assert "il reste 5\u202fMo" in page_text
