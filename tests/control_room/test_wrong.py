"""What is wrong, the numbers that open a list, uploads, questions, and the plot."""

import os
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hackathon.base.core import clock
from hackathon.base.live.hub import hub
from hackathon.day.announcements import rules
from hackathon.day.announcements.services import announcements
from hackathon.day.control_room.plot import plot
from hackathon.day.control_room.selectors import Shown
from hackathon.day.questions.rules import Asker
from hackathon.day.questions.services import questions
from hackathon.event.editions.models import Milestone
from hackathon.event.roles import audiences_for
from hackathon.run.operations import heartbeats, readiness
from hackathon.run.operations.backup import services as backups
from hackathon.run.operations.models import Heartbeat
from submissions.board import figures
from submissions.deposits import services as deposits
from submissions.models import Upload
from submissions.storage import partial_path
from submissions.transfers.selectors import under_way
from teams.selectors.listing import counts_by_department
from teams.services import organizing
from tests.addresses import blocks_url
from tests.announcements.steps import announce
from tests.conftest import DEADLINE, NOON
from tests.control_room.conftest import text

MINUTE = timedelta(minutes=1)


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(answer)))


def block(browser: Client, name: str, at: Any = NOON) -> Any:
    with time_machine.travel(at, tick=False):
        return browser.get(blocks_url(name))


@pytest.fixture
def upload(comunik, dossier, ada) -> Upload:
    return Upload.objects.create(
        team=comunik,
        deliverable=dossier,
        begun_by=ada,
        length=4_000_000,
        begun_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )


def test_what_is_missing_is_wrong_from_two_hours_before_the_deadline(
    organizer, comunik, pixels, dossier, site_link
):
    early = words(block(organizer, "wrong", DEADLINE - timedelta(hours=2, seconds=1)))
    late = block(organizer, "wrong", DEADLINE - timedelta(hours=2))
    act: dict[str, Any] = {"by": comunik.memberships.first().user, "begun_at": NOON, "at": NOON}
    deposits.deposit(site_link, comunik, url="https://example.org", **act)
    before = words(block(organizer, "wrong", DEADLINE - timedelta(hours=1, seconds=1)))
    partly = block(organizer, "wrong", DEADLINE - timedelta(minutes=59))
    over = words(block(organizer, "wrong", DEADLINE + timedelta(hours=1)))

    assert "Rien ne manque" in early
    assert "1 équipe n’a rien rendu" in words(late)
    assert f"{reverse('teams:list')}?which=nothing" in text(late)
    assert f"{reverse('control_room:warn')}?group=nothing" in text(late)
    assert "Rien ne manque" in before
    assert "1 équipe n’a rendu qu’en partie" in words(partly)
    assert "rendu qu’en partie" not in over


def test_teams_without_any_deposit_are_wrong_after_the_deadline_until_they_are_absent(
    organizer, comunik, dossier, eve
):
    over = DEADLINE + timedelta(hours=1)
    after = block(organizer, "wrong", over)
    organizing.set_presence(comunik.edition, [comunik], absent=True, by=eve, at=over)
    absent = words(block(organizer, "wrong", over))

    assert "1 équipe n’a rien rendu Noter les absentes" in words(after)
    assert f"{reverse('teams:list')}?which=nothing" in text(after)
    assert f"{reverse('control_room:warn')}?group=nothing" not in text(after)
    assert "rien rendu" not in absent


def test_uploads_show_their_speed_and_stalled_ones_are_wrong(organizer, edition, upload):
    path = partial_path(upload.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(1_000_000))
    moved = NOON + timedelta(seconds=10)
    os.utime(path, (moved.timestamp(), moved.timestamp()))

    moving = words(block(organizer, "uploads", moved))
    calm = words(block(organizer, "wrong", moved))
    stalled = words(block(organizer, "uploads", moved + 2 * MINUTE))
    wrong = words(block(organizer, "wrong", moved + 2 * MINUTE))
    [transfer] = under_way(edition, at=moved + 2 * MINUTE)
    path.write_bytes(bytes(4_000_000))
    whole = under_way(edition, at=moved)

    assert re.search(r"ko/s · 25\s% de 4", moving)
    assert "n’avance" not in calm
    assert "n’avance plus" in stalled
    assert "1 envoi n’avance plus" in wrong
    assert (transfer.is_stalled, transfer.speed) == (True, 100_000)
    assert whole == []


def test_open_questions_have_their_waiting_time(organizer, comunik, ada):
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)
    question_fields = {"to": "organizers", "topic": "other", "body": "Un logo ?"}
    questions.ask(asker=asker, by=ada, at=NOON, **question_fields)
    later = NOON + 25 * MINUTE

    assert "Un logo ? INFOCOM il y a 25" in words(block(organizer, "questions", later))
    assert "1 question attend il y a 25" in words(block(organizer, "wrong", later))


def test_teams_without_a_page_that_confirmed_the_last_announcement_are_listed(
    organizer, edition, comunik, pixels, ada, eve
):
    empty = text(block(organizer, "reach"))
    last = announce(edition, eve, "À table")
    own = audiences_for(ada, edition)
    announcements.add_reach(process="a", confirmations={last.pk: [(NOON, own)]})

    at_once = text(block(organizer, "reach"))
    later = NOON + rules.SOON
    shown = words(block(organizer, "reach", later))

    assert "hidden" in empty
    assert '<section class="card" id="block-reach"' in at_once
    assert '<template data-at="2020-02-13T12:00:05+00:00">' in at_once
    assert "Les Pixels" not in at_once
    assert "1 équipe sans page ouverte" in shown
    assert "Les Pixels" in shown
    assert "Com’unik" not in shown

    organizing.set_presence(edition, [pixels], absent=True, by=eve, at=NOON)

    assert "hidden" in text(block(organizer, "reach", later))


def test_the_plot_has_the_axis_and_milestones_of_the_day(
    edition, comunik, site_link, ada, organizer
):
    pizzas = NOON + timedelta(hours=6)
    Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=pizzas)
    act: dict[str, Any] = {"by": ada, "url": "https://example.org"}
    for at in (NOON, NOON + MINUTE, NOON + 7 * MINUTE):
        deposits.deposit(site_link, comunik, begun_at=at, at=at, **act)
    at = NOON + timedelta(minutes=30)
    shown = Shown(edition, at=at)

    found = plot(edition, figures(edition, at=at), shown.moments, at=at)

    # From 8:30 to the end of the grace, 23:10.
    bins = (14 * 60 + 40) // 5
    assert len(found.counts) == bins
    first = (NOON - edition.starts_at) // (5 * MINUTE)
    assert {n: c for n, c in enumerate(found.counts) if c} == {first: 2, first + 1: 1}
    assert f"M{first} 100v-100h1V100z" in found.path
    share = (pizzas - edition.starts_at) / timedelta(hours=14, minutes=40) * 100
    assert next((m.label, m.x) for m in found.moments) == ("Pizzas", f"{share:.2f}")
    assert [tick.label for tick in found.ticks] == ["9:00", "12:00", "15:00", "18:00", "21:00"]
    assert ("13:30", 0) not in found.hours
    assert sum(count for _hour, count in found.hours) == 3
    page = text(block(organizer, "figures", at))
    assert f'x="{share:.2f}%"' in page


def test_numbers_open_lists(organizer, comunik, dossier, edition):
    page = text(block(organizer, "windows"))
    registrations = text(block(organizer, "registrations"))

    assert counts_by_department(edition)[0].teams == 1
    for query in ("which=nothing", "which=complete", "department=INFOCOM"):
        assert f"{reverse('teams:list')}?{query}" in page
    assert "?department=INFOCOM" in registrations


def test_the_health_of_the_service_counts_open_pages_once(
    organizer, client_of, edition, ada, monkeypatch
):
    pages = {
        object(): (1, frozenset(["everyone", "organizers"])),
        object(): (2, frozenset(["everyone", "department:1", "team:3"])),
        object(): (2, frozenset(["everyone", "department:1", "team:3"])),
        object(): (3, frozenset(["everyone", "department:1", "jury:1"])),
        object(): (None, frozenset(["everyone"])),
    }
    monkeypatch.setattr(hub, "_rights", pages)

    shown = words(organizer.get(reverse("operations:health")))

    counted = {"organizers": 1, "jury": 1, "team": 2, "helpers": 0, "everyone": 1}
    assert heartbeats.page_counts() == counted
    assert "équipes 2 · jurys 1 · aide 0 · organisation 1 · public 1" in shown
    assert "E-mails qui ne sont pas partis 0" in shown
    assert client_of(ada).get(reverse("operations:health")).status_code == 404


def test_the_health_of_the_service_names_backup_storage_and_migrations(
    organizer, edition, settings, tmp_path, monkeypatch
):
    def shown() -> str:
        readiness.forget_results()
        return words(organizer.get(reverse("operations:health")))

    # The tests set the time of this process, not that of the database.
    kept = [check for check in readiness.CHECKS if check.name != "clock"]
    monkeypatch.setattr(readiness, "CHECKS", kept)
    without = shown()
    settings.BACKUP_DIR = tmp_path
    none = shown()
    old = (clock.now() - timedelta(hours=5)).strftime(backups.NAME)
    (tmp_path / old).mkdir()
    (tmp_path / old / backups.MANIFEST).touch()
    late = shown()
    settings.BACKUP_MINUTES = 60 * 24
    recent = shown()
    settings.DISK_RESERVE = 2**62
    monkeypatch.setattr(readiness._Migrations, "__call__", _unfinished)
    spoiled = shown()

    assert without.strip().startswith("Pages ouvertes")  # nothing above « Le service »
    assert "Stockage des dépôts répond" in without
    assert "sauvegarde" not in without
    assert "Mise à jour" not in without
    assert "Dernière sauvegarde aucune pour l’instant" in none
    assert "Dernière sauvegarde il y a 5 h, la suivante est en retard" in late
    assert "Dernière sauvegarde il y a 5 h" in recent
    assert "en retard" not in recent
    assert "Stockage des dépôts ne répond pas, ou le disque est plein" in spoiled
    assert "Mise à jour de la base inachevée : lancez manage.py migrate" in spoiled


def _unfinished(_self: object) -> dict:
    raise readiness.Failed("1 not applied")


@pytest.mark.system
def test_the_processes_have_french_names(organizer, edition, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    Heartbeat.objects.create(process="a", kind="worker", at=Now())
    Heartbeat.objects.create(process="b", kind="beat", at=Now() - timedelta(minutes=2))
    readiness.forget_results()

    page = organizer.get(reverse("operations:health"))

    readiness.forget_results()
    shown = words(page)
    first = shown.partition("Pages ouvertes")[0]  # what the page shows above everything else
    assert "Redis ne répond pas. Voir que faire" in first
    assert "Un processus ne donne plus signe de vie : tâches périodiques." in first
    assert "tâches périodiques : aucun signe depuis 2 min" in shown
    assert "tâches de fond : en vie" in shown
    # At 375 px « tâches périodiques : en vie » is wider than its place.
    assert not re.search(r"nowrap[^<]*tâches", page.content.decode())
