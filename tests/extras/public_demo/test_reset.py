"""When everything begins again, and what is erased."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo import periodic, rules, services
from hackathon.extras.public_demo.demo import making
from hackathon.extras.public_demo.errors import PublicDemoRefusal
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo import build
from hackathon.run.demo.day import Day
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
NIGHT = datetime.fromisoformat("2020-02-14T04:00+01:00")


@pytest.fixture
def made(monkeypatch):
    """Instead of the whole demonstration one edition, with a file."""
    moments = []

    def create(phase, *, at, day):
        moments.append((phase.value, day.deadline_at))
        (settings.DATA_DIR / "attachments" / "new.pdf").write_bytes(b"new")
        return Edition.objects.create(
            slug=f"demo-{phase.value}",
            name="Démo",
            is_current=True,
            registration_opens_at=at,
            registration_closes_at=at,
            starts_at=day.starts_at,
            deadline_at=day.deadline_at,
            judging_opens_at=day.deadline_at + timedelta(minutes=10),
        )

    monkeypatch.setattr(build, "create", create)
    return moments


@pytest.fixture(autouse=True)
def _no_files():
    yield
    (settings.DATA_DIR / "attachments" / "new.pdf").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2020-02-13T03:59+01:00", "2020-02-13T04:00+01:00"),
        ("2020-02-13T04:00+01:00", "2020-02-14T04:00+01:00"),
        ("2020-03-28T12:00+01:00", "2020-03-29T04:00+02:00"),
        ("2020-10-24T12:00+02:00", "2020-10-25T04:00+01:00"),
    ],
)
def test_the_next_night_is_at_four_in_paris(at, night):
    at, night = datetime.fromisoformat(at), datetime.fromisoformat(night)

    assert rules.next_night(at) == night
    assert not rules.is_due(PublicDemo(made_at=at), at=night - timedelta(seconds=1))
    assert rules.is_due(PublicDemo(made_at=at), at=night)


@pytest.mark.parametrize(
    ("now", "deadline"),
    [("04:00", "2020-12-02T23:00"), ("12:00", "2020-12-02T23:00"), ("20:00", "2020-12-03T03:50")],
)
def test_the_day_lasts_until_tonight_or_eight_hours(now, deadline):
    day = Day.until_tonight(datetime.fromisoformat(f"2020-12-02T{now}+01:00"))

    assert day.deadline_at == datetime.fromisoformat(f"{deadline}+01:00")
    assert day.starts_at < day.briefs_at < day.now < day.at("2020-02-13T19:00") < day.deadline_at


def test_the_night_begins_again_once(shown, edition, made, django_capture_on_commit_callbacks):
    with time_machine.travel(NIGHT - timedelta(seconds=1), tick=False):
        periodic.reset_if_due()
        assert Edition.objects.get() == edition
    with time_machine.travel(NIGHT, tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            periodic.reset_if_due()
        periodic.reset_if_due()

    assert made == [("running", datetime.fromisoformat("2020-02-14T23:00+01:00"))]
    row = PublicDemo.objects.get()
    assert (row.edition_pk, row.made_at, row.resetting_at) == (
        Edition.objects.get().pk,
        NIGHT,
        None,
    )


def test_without_a_scheduler_the_first_visit_of_the_day_does_it(
    client, shown, made, django_capture_on_commit_callbacks
):
    with time_machine.travel(NIGHT, tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            waiting = client.get("/")
        answer = client.get("/")

    assert (waiting.status_code, waiting["Refresh"]) == (503, "5; url=/")
    assert "se remet à zéro" in waiting.content.decode()
    assert (answer.status_code, len(made)) == (200, 1)


@pytest.mark.database
def test_everything_of_before_is_erased_and_nothing_of_after(
    shown, world, client_of, ada, made, monkeypatch, django_capture_on_commit_callbacks
):
    """Keys are not used again."""
    files = [
        path for name in settings.FILE_FOLDERS for path in (settings.DATA_DIR / name).rglob("*.*")
    ]
    sent, last = [], Edition.objects.get().pk
    monkeypatch.setattr("hackathon.base.live.messages.live_sender.send", sent.append)
    browser = client_of(ada)

    with time_machine.travel(LATER, tick=False), django_capture_on_commit_callbacks(execute=True):
        Client().post("/demonstration/remise-a-zero/", {"moment": "judging"})

    assert made[0][0] == "judging"
    assert Edition.objects.get().pk > last
    for model in (User, Session, JournalEntry):
        assert not model.objects.exists()
    assert files
    assert not [path for path in files if path.is_file()]
    assert (settings.DATA_DIR / "attachments" / "new.pdf").exists()
    assert {"user": None} in sent  # each open page asks who it is
    with time_machine.travel(LATER, tick=False):
        ended = browser.get("/equipe/", follow=True)
    assert (ended.status_code, ended.request["PATH_INFO"]) == (200, "/demonstration/")
    assert "a été remise à zéro. Choisissez" in ended.content.decode()


def test_a_visitor_resets_at_most_every_ten_minutes(client, shown, edition, made):
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        client.post("/demonstration/remise-a-zero/", {"moment": "running"})
        assert "de nouveau possible à 13:10" in client.get("/demonstration/").content.decode()
    with time_machine.travel(LATER, tick=False):
        client.post("/demonstration/remise-a-zero/", {"moment": "some day"})

    assert made == []
    with pytest.raises(Refused) as refused:
        services.ask_for_reset("some day", at=LATER)
    assert refused.value.refusal.code == PublicDemoRefusal.UNKNOWN_MOMENT


def test_while_it_resets_everything_waits_and_the_api_says_so(client, shown):
    PublicDemo.objects.update(resetting_at=LATER)
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        page, api = (
            client.post("/demonstration/entrer/", {"role": "student"}),
            client.get("/api/v1/edition/"),
        )

    assert (page.status_code, api.status_code, api.json()["code"]) == (503, 503, "resetting")


def test_a_reset_that_fails_changes_nothing_and_can_be_asked_for_again(
    client, shown, edition, monkeypatch
):
    def fail(*_arguments, **_more):
        raise RuntimeError

    monkeypatch.setattr(build, "create", fail)
    PublicDemo.objects.update(resetting_at=LATER)
    with pytest.raises(RuntimeError):
        making.reset(at=LATER)

    assert Edition.objects.get() == edition
    with time_machine.travel(LATER + timedelta(minutes=3), tick=False):
        assert client.get("/").status_code == 200
        services.ask_for_reset("running", at=timezone.now())
    assert PublicDemo.objects.get().resetting_at == LATER + timedelta(minutes=3)


def test_a_database_with_anything_else_is_not_touched(client, is_public, edition, made, caplog):
    """Where the setting was put on a site of a school by mistake."""
    with time_machine.travel(NIGHT, tick=False):
        periodic.reset_if_due()

        assert client.get("/").status_code == 503
        assert client.post("/demonstration/entrer/", {"role": "organizer"}).status_code == 503

    assert Edition.objects.get() == edition
    assert "needs a database of its own" in caplog.text
    assert made == []
