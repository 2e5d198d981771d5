"""One case per line: spoiled, then mended."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core import confinement
from hackathon.base.core.models import FailedMail
from hackathon.base.core.preflight import Severity, Topic, checks, registry
from hackathon.base.core.received_files import received_file
from hackathon.day.site.models import LegalNotice
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.rules import INSTANTS
from hackathon.event.editions.services import briefs
from hackathon.run.operations import heartbeats, readiness
from hackathon.run.operations.backup.selectors import LAST, LAST_COPY
from hackathon.run.operations.models import Heartbeat
from hackathon.run.operations.preflight import PARTS
from hackathon.run.operations.remedies import REMEDIES
from judging.models import Juror
from submissions.models import Deliverable
from teams.models import Room, Student, Team
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.extras import gathered
from tests.operations.conftest import SMTP, Ready, field, setting
from tests.submissions.conftest import deposit


def rows(model: Any, bad: dict[str, Any], good: dict[str, Any]) -> tuple[Any, Any]:
    manager = model._default_manager
    return lambda _r: manager.update(**bad), lambda _r: manager.update(**good)


def _move(ready: Ready, by: timedelta) -> None:
    ready.change(**{name: F(name) + by for name in INSTANTS})


def _add_department(ready: Ready) -> None:
    department = Department.objects.create(edition=ready.edition, code="GEA", name="Gestion")
    Brief.objects.create(
        department=department, title="Un", body="Deux", published_at=NOON - timedelta(hours=3)
    )


def _show_empty_edition(ready: Ready) -> None:
    ready.edition = Edition.objects.get(pk=ready.edition.pk)
    ready.edition.pk, ready.edition.slug, ready.edition.is_current = None, "empty", False
    ready.edition.save()
    ready.edition.organizers.add(ready.eve)


def _remove_department(_ready: Ready) -> None:
    Department.objects.filter(code="GEA").delete()


NEW = (_add_department, _remove_department)
BACKUP = "backup.recent"

CASES: dict[str, tuple[Any, Any]] = {
    **gathered("checks"),
    "edition.client": field("client", "", "GEG"),
    "legal.notice": rows(LegalNotice, {"director": ""}, {"director": "Paule"}),
    "edition.shown": field("is_current", False, True),
    "organizer.alone": (
        lambda r: r.edition.organizers.set([r.eve]),
        lambda r: r.edition.organizers.add(make_user("second@example.org")),
    ),
    "calendar.year": field(
        "registration_opens_at", NOON - timedelta(days=700), NOON - timedelta(days=10)
    ),
    "calendar.past": (
        lambda r: _move(r, timedelta(days=-290)),
        lambda r: _move(r, timedelta(days=290)),
    ),
    "calendar.odd": field(
        "judging_opens_at", DEADLINE + timedelta(days=9), DEADLINE + timedelta(minutes=10)
    ),
    "calendar.order": field("judging_opens_at", DEADLINE, DEADLINE + timedelta(minutes=10)),
    "calendar.zone": field("timezone", "America/Martinique", "Europe/Paris"),
    "milestone.day": rows(Milestone, {"at": NOON - timedelta(hours=9)}, {"at": NOON}),
    "department.any": (_show_empty_edition, lambda r: setattr(r, "edition", r.department.edition)),
    "brief.missing": (
        lambda r: Brief.objects.all().delete(),
        lambda r: Brief.objects.create(department=r.department, title="Un", published_at=NOON),
    ),
    "brief.attachment": (
        lambda r: r.department.brief.attachments.all().delete(),
        lambda r: briefs.attach(
            brief=r.department.brief, file=received_file(b"%PDF", "a.pdf"), by=r.eve, at=NOON
        ),
    ),
    "brief.instant": rows(
        Brief,
        {"published_at": NOON - timedelta(hours=9)},
        {"published_at": NOON - timedelta(hours=3)},
    ),
    "deliverable.missing": rows(Deliverable, {"required": False}, {"required": True}),
    "deliverable.instants": rows(
        Deliverable, {"due_at": NOON - timedelta(days=9)}, {"due_at": None}
    ),
    "disk.space": rows(Deliverable, {"max_bytes": 10**15}, {"max_bytes": 10**6}),
    "criterion.missing": NEW,
    "juror.missing": NEW,
    "juror.president": rows(Juror, {"is_president": False}, {"is_president": True}),
    "juror.never_came": rows(  # who has an account of last year
        Juror, {"seated_at": NOON + timedelta(hours=1)}, {"seated_at": NOON - timedelta(days=1)}
    ),
    "team.any": NEW,
    "team.size": field("team_size_min", 3, 2),
    "team.captain": (
        lambda r: r.team.memberships.update(is_captain=False),
        lambda r: r.team.memberships.filter(user__name="Ada").update(is_captain=True),
    ),
    "team.room": rows(Team, {"room": ""}, {"room": "214"}),
    "room.places": (
        lambda r: Room.objects.create(edition=r.edition, name="214", places=1, position=0),
        lambda r: Room.objects.update(places=2),
    ),
    "student.without_team": (
        lambda r: Student.objects.create(edition=r.edition, user=r.eve),
        lambda r: Student.objects.all().delete(),
    ),
    "server.debug": setting("DEBUG", True, False),
    "server.key": setting("SECRET_KEY", "short", "k" * 60),
    "server.https": setting("SITE_URL", "http://ccd.example.org", "https://ccd.example.org"),
    "server.hosts": setting("ALLOWED_HOSTS", ["*"], ["ccd.example.org", "testserver"]),
    "server.parts": (
        lambda r: [readiness.forget_results(), setattr(r.settings, "DISK_RESERVE", 10**18)],
        lambda r: [readiness.forget_results(), setattr(r.settings, "DISK_RESERVE", 0)],
    ),
    "server.workers": (
        lambda r: setattr(r.settings, "REDIS_URL", "redis://127.0.0.1:1/0"),
        lambda r: [
            Heartbeat.objects.create(process=kind, kind=kind, at=Now())
            for kind in ("worker", "mail", "beat")
        ],
    ),
    "backup.recent": (
        lambda r: (r.settings.DATA_DIR / LAST).write_text("2020-02-01T00:00:00+00:00"),
        lambda r: (r.settings.DATA_DIR / LAST).write_text(NOON.isoformat()),
    ),
    "server.confinement": (
        lambda r: r.monkeypatch.setattr(confinement, "available", lambda: ["seccomp"]),
        lambda r: r.monkeypatch.setattr(confinement, "available", lambda: ["seccomp", "landlock"]),
    ),
    "backup.elsewhere": (
        lambda r: (r.settings.DATA_DIR / LAST_COPY).unlink(),
        lambda r: (r.settings.DATA_DIR / LAST_COPY).write_text(NOON.isoformat()),
    ),
    "mail.failed": (
        lambda r: FailedMail.objects.create(
            task="teams.tasks.tell_member", to="ada@example.org", reason="address", at=NOON
        ),
        lambda r: FailedMail.objects.all().delete(),
    ),
    "mail.server": setting(
        "MAILERS", {"default": {"BACKEND": "hackathon.base.core.mail.ConsoleBackend"}}, SMTP
    ),
}


@pytest.mark.parametrize("code", sorted(registry.checks))
def test_each_line_is_spoiled_and_mended(code, ready, client):
    spoil, mend = CASES[code]
    assert ready.wrong(code) == []

    spoil(ready)
    problems = ready.wrong(code)
    links = {problem.url for problem in problems}
    client.force_login(ready.eve, backend="allauth.account.auth_backends.AuthenticationBackend")
    answers = {link: client.get(link, secure=True) for link in links}
    mend(ready)

    assert problems
    assert all(problem.text and problem.remedy for problem in problems)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert ready.wrong(code) == []
    if registry.checks[code].topic == Topic.SERVER:
        (link,) = links
        assert link.endswith(f"#{code}")
        assert f'id="{code}"' in answers[link].content.decode()


@pytest.mark.parametrize("has_submission", [False, True])
def test_a_day_that_is_past_is_wrong_until_somebody_has_handed_in(
    ready, dossier, ada, has_submission
):
    if has_submission:
        deposit(dossier, ready.team, ada)

    _move(ready, timedelta(days=-290))

    expected = [] if has_submission else ["Le jour de l’épreuve, le 29 avril 2019, est déjà passé."]
    assert ready.problems("calendar.past") == expected


@pytest.mark.parametrize("name", sorted(PARTS))
def test_each_part_of_the_site_is_named_in_french(ready, monkeypatch, name):
    def fail() -> dict[str, Any]:
        raise readiness.Failed("raw reason")

    monkeypatch.setattr(readiness, "CHECKS", [readiness.Check(name, True, fail)])
    readiness.forget_results()

    (problem,) = ready.wrong("server.parts")

    readiness.forget_results()
    assert "raw" not in problem.text
    assert problem.text[0].isupper()


def test_a_silent_process_has_a_french_name(ready):
    old = Now() - 2 * heartbeats.SILENT_AFTER
    Heartbeat.objects.create(process="beat@a:1", kind="beat", at=old)
    readiness.forget_results()

    assert ready.problems("server.parts") == [
        "Un processus ne donne plus signe de vie : tâches périodiques."
    ]


def test_a_missing_backup_would_spoil_the_day(ready):
    ready.settings.BACKUP_DIR = ready.settings.DATA_DIR
    (ready.settings.DATA_DIR / LAST).unlink()
    readiness.forget_results()

    wrong = [line for line in checks(ready.edition, at=NOON) if not line.is_ok]

    assert [(line.code, line.severity) for line in wrong] == [(BACKUP, Severity.BLOCKER)]


def test_the_other_teams_are_those_of_the_edition(ready):
    ready.change(slug="ccd-next", is_current=False, team_size_min=2)
    for number in range(11):
        make_team(ready.department, f"Équipe {number}", make_user(f"s{number}@example.org"))

    *shown, more = ready.wrong("team.size")

    assert len(shown) == 10
    assert ready.problems("team.size")[0] == "« Équipe 0 » a 1 membre, il en faut au moins 2."
    assert (more.text, more.url) == (
        "et 1 autre équipe.",
        "/organisation/editions/ccd-next/equipes/",
    )


def test_each_check_of_the_server_has_its_remedy():
    of_server = {code for code, check in registry.checks.items() if check.topic == Topic.SERVER}

    assert set(REMEDIES) == of_server


@pytest.mark.parametrize("redis", ["", "redis://localhost"])
def test_the_commands_of_remedies_are_true_of_how_the_site_runs(ready, client_of, redis):
    ready.settings.REDIS_URL = redis
    url = reverse("operations:server", args=[ready.edition.slug])

    page = client_of(ready.eve).get(url, secure=True).content.decode()

    assert ("docker compose up -d" in page) == bool(redis)
    assert ("docker" in page) == bool(redis)
    assert ("make run" in page) != bool(redis)
    manage = "docker compose run --rm --no-deps worker python" if redis else ".venv/bin/python"
    assert f"{manage} manage.py migrate" in page


def test_nothing_spoils_a_ready_edition(ready):
    assert [line.code for line in checks(ready.edition, at=NOON) if not line.is_ok] == []


def _move_all_rooms_away(ready: Ready) -> None:
    others = [make_user(f"{name}@example.org") for name in ("lea", "tom")]
    make_team(ready.department, "Les Autres", *others)
    Team.objects.update(room="")


def test_the_page_says_when_in_the_zone_and_with_the_year(ready, client_of):
    ready.change(registration_opens_at=NOON - timedelta(days=700))
    _move_all_rooms_away(ready)

    with time_machine.travel(NOON, tick=False):
        url = reverse("setup:edition", args=[ready.edition.slug])
        page = client_of(ready.eve).get(url, secure=True).content.decode()

    head = " ".join(page.replace("\xa0", " ").split())
    assert "1 point bloque" in head
    assert "2 gênent" in head
    assert "15 mars 2018, 13:00 (Europe/Paris)" in page


def test_a_mail_is_tried_for_real(ready, client_of):
    url = reverse("operations:test-mail", args=[ready.edition.slug])

    client_of(ready.eve).post(url, secure=True)
    ready.settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    refused = client_of(ready.eve).post(url, secure=True, follow=True)

    assert [message.to for message in mail.outbox] == [[ready.eve.email]]
    assert "ConnectionRefusedError" in refused.content.decode()


def test_the_command_fails_if_something_would_spoil_the_day(ready):
    def run() -> dict[str, Any]:
        out = StringIO()
        with time_machine.travel(NOON, tick=False):
            call_command("preflight", "--json", stdout=out)
        found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
        return found

    good = run()
    Brief.objects.all().delete()
    with pytest.raises(SystemExit) as failed:
        run()

    assert good["ok"] is True
    assert good["edition"] == ready.edition.slug
    assert {line["code"] for line in good["lines"]} == {*registry.checks, "mail.connection"}
    assert failed.value.code == 1


@pytest.mark.parametrize("options", [("--edition", "1999"), ()])
def test_the_command_says_in_french_that_there_is_no_edition(ready, options):
    ready.change(is_current=False)
    out, err = StringIO(), StringIO()

    for as_json in (("--json",), ()):
        with pytest.raises(SystemExit) as failed:
            call_command("preflight", *options, *as_json, stdout=out, stderr=err)
        assert failed.value.code == 1

    message = "Cette édition n’existe pas."
    errors = [{"code": "edition_unknown", "message": message}]
    found = {"edition": None, "ok": False, "lines": [], "errors": errors}
    assert json.loads(out.getvalue()) == found
    assert message in err.getvalue()


def test_the_queries_do_not_depend_on_the_number_of_teams(ready):
    def queries() -> int:
        readiness.forget_results()
        with CaptureQueriesContext(connection) as found:
            checks(ready.edition, at=NOON)
        return len(found)

    few = queries()
    for number in range(12):
        make_team(ready.department, f"Équipe {number}")

    assert queries() == few
    assert registry.checks["team.size"].severity == Severity.WARNING
