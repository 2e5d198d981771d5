"""After an edition is anonymised, no marker of a person is found anywhere."""

import pickle
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.personal_data import registry
from hackathon.base.core.received_files import received_file
from hackathon.base.live import messages
from hackathon.day.announcements.models import Announcement, ReadMark
from hackathon.day.questions.enums import QuestionState
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Department, Edition
from hackathon.run.operations.backup import services as backups
from hackathon.run.privacy import periodic, rules, selectors
from hackathon.run.privacy.errors import PrivacyRefusal
from hackathon.run.privacy.models import Anonymisation, ErasureRequest
from hackathon.run.privacy.services import anonymisation, facts
from judging.enums import ChangeKind
from judging.models import Deliberation, Juror, NominationSeal, ScoreSheet, SheetChange
from submissions.audit import deposits as audit
from submissions.audit.contents import ContentReader
from submissions.audit.findings import Fault
from submissions.audit.seals import verify
from submissions.deposits import services as deposits
from submissions.models import Extension, Receipt, Seal
from submissions.receipts.rules import is_genuine
from teams.models import Membership, Team
from tests.addresses import World
from tests.conftest import DEADLINE, NOON, make_team
from tests.privacy.markers import Markers, in_database, in_dump, in_files, make_row_of
from tests.refusals import refuses

pytestmark = pytest.mark.database

DUE = rules.months_later(DEADLINE, 12, rules.ZoneInfo("Europe/Paris"))
PASSPHRASE = "the cat sleeps on the server"


@pytest.fixture
def beside(edition, cleo, dan, eve) -> Edition:
    """Another edition, to which cleo and dan belong too."""
    other = Edition.objects.create(
        slug="ccd-2021",
        name="Crazy Charly Day 2021",
        registration_opens_at=DUE,
        registration_closes_at=DUE + timedelta(days=90),
        starts_at=DUE + timedelta(days=91),
        deadline_at=DUE + timedelta(days=92),
        judging_opens_at=DUE + timedelta(days=92),
    )
    other.organizers.add(eve)
    department = Department.objects.create(edition=other, code="INFO", name="Informatique")
    team = make_team(department, "Les Revenants", cleo)
    Juror.objects.create(department=department, user=dan.user)
    journal.record("team.edited", team, by=cleo, at=NOON, changes={"name": ["Cleo", "Revenants"]})
    return other


@pytest.fixture
def past(world, edition, beside, ada, dan, eve) -> Edition:
    """Everything that can be kept about people, in an edition whose results are published."""
    comunik = world.objects["team"]
    sheet = ScoreSheet.objects.create(juror=dan, team=comunik, notes="À relire", changed_at=NOON)
    deliberation = Deliberation.objects.create(
        department=sheet.juror.department,
        reason="Le jury a hésité.",
        record={"jurors": [{"id": dan.pk, "name": "Dan"}], "results": {}},
        struck=[{"by": "Dan", "reason": "Erreur", "digest": "0" * 64}],
    )
    NominationSeal.objects.create(
        deliberation=deliberation,
        record={"jurors": [{"id": dan.pk, "name": "Dan"}], "results": {}},
        locked_at=NOON,
        locked_by=ada,
    )
    SheetChange.objects.create(
        juror=dan,
        sheet=sheet,
        key=UUID(int=7),
        kind=ChangeKind.COMMENT,
        version=1,
        given_at=NOON,
        received_at=NOON,
    )
    deposits.deposit(
        world.objects["deliverable"],
        comunik,
        file=received_file(b"%PDF-1.4 second", "second.pdf"),
        begun_at=DEADLINE + timedelta(hours=1),
        reason="Panne",
        by=eve,
        at=DEADLINE + timedelta(hours=1),
    )
    ErasureRequest.objects.create(
        user=ada, asked_at=NOON, settled_at=NOON, settled_by=eve, answer="Après le jury"
    )
    question: Question = world.objects["question"]
    Question.objects.filter(pk=question.pk).update(
        state=QuestionState.ANSWERED, answer="Oui", settled_at=NOON, settled_by=eve
    )
    announcement: Announcement = world.objects["announcement"]
    for stamp in (question.stamp, announcement.stamp):
        ReadMark.objects.create(user=ada, stamp=stamp)
    known: dict[Any, Any] = {type(found): found for found in world.objects.values()}
    known |= {User: ada, ScoreSheet: sheet, Session: Session.objects.first()}
    for declaration in registry.declarations:
        if declaration.model is None:
            continue
        rows = declaration.rows_in(edition) if declaration.edition else declaration.rows_of(ada)
        if not rows.exists():
            make_row_of(declaration, known)
    Extension.objects.update(private_reason="Malaise")
    Edition.objects.filter(pk=edition.pk).update(
        results_published_at=DEADLINE + timedelta(days=1), is_current=True
    )
    Anonymisation.objects.create(edition=edition, with_pictures=True)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def planted(past) -> Markers:
    markers = Markers(past, selectors.people_in(past).gone)
    markers.write()
    return markers


def pages(world: World, *browsers: Client) -> Iterator[tuple[str, int, str]]:
    """Every address, its status and its text."""
    for route in world.routes():
        for browser in browsers:
            answer = browser.get(route.url)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield route.url, answer.status_code, content.decode("latin-1") + str(answer.headers)


@pytest.mark.system
@pytest.mark.django_db(transaction=True)
def test_no_marker_is_found_afterwards(planted, past, world, eve, root, client_of, tmp_path):
    kept = (Path(settings.STORAGES["deposits"]["OPTIONS"]["location"]), settings.STATIC_ROOT)
    with time_machine.travel(DUE, tick=False):
        browsers = [client_of(eve)]
        if connection.vendor == "sqlite":  # pages are the same on both
            browsers += [Client(), client_of(root)]
        for browser in browsers:
            browser.raise_request_exception = False  # some markers are no JSON of their page
        assert len(in_database(planted)) > 60
        before = list(pages(world, *browsers))

        anonymisation.anonymise(past.pk, at=DUE)
        backups.backup(tmp_path, PASSPHRASE, at=DUE, say=lambda *_: None)
        after = list(pages(world, *browsers))

    assert any(planted.found_in(text) for _url, _status, text in before)
    shown = {f"{where} on {url}" for url, _, text in after for where in planted.found_in(text)}
    failed = {url for url, status, _ in before if status >= 500}
    assert {url for url, status, _ in after if status >= 500} <= failed
    assert in_database(planted) == set()
    assert shown == set()
    assert in_files(planted, settings.DATA_DIR, except_for=kept) == set()
    assert in_dump(planted, tmp_path) == set()
    assert planted.found_in(str(pickle.dumps(getattr(cache, "_cache", {})))) == set()


@pytest.mark.django_db
def test_the_edition_beside_it_is_untouched(planted, past, beside, cleo, dan):
    def rows() -> dict[str, list[Any]]:
        stored = [d for d in registry.declarations if d.model is not None and d.edition]
        found = {f"{d.model}{d.fields}": list(d.rows_in(beside).values()) for d in stored}
        people = User.objects.filter(pk__in=[cleo.pk, dan.user.pk])
        return {**found, "people": list(people.values())}

    before = rows()

    anonymisation.anonymise(past.pk, at=DUE)

    assert sum(map(len, before.values())) > 5
    assert rows() == before


@pytest.mark.django_db
def test_who_stays_has_no_link_to_the_edition(planted, past, cleo, dan, eve):
    staying = {cleo.pk, dan.user.pk, eve.pk}

    anonymisation.anonymise(past.pk, at=DUE)

    for declaration in registry.declarations:
        if declaration.model in (None, Edition) or declaration.edition is None:
            continue
        for name in declaration.fields:
            column: Any = declaration.model._meta.get_field(name)
            if column.related_model is User:
                named = set(declaration.rows_in(past).values_list(name, flat=True))
                assert not named & staying, (declaration.model, name)
    entries = JournalEntry.objects.filter(edition_pk=past.pk)
    assert not entries.filter(Q(by__in=staying) | Q(person_pk__in=staying)).exists()
    assert not entries.filter(target__in=[f"accounts.user:{pk}" for pk in staying]).exists()
    assert list(past.organizers.all()) == [eve]
    dan.refresh_from_db()
    assert dan.user.display_name == f"Compte supprimé n° {dan.user_id}"


@pytest.mark.django_db
def test_what_proves_stays_and_is_genuine(planted, past, world):
    receipt = world.objects["submission"].receipt
    seals = list(Seal.objects.filter(edition=past))

    anonymisation.anonymise(past.pk, at=DUE)

    assert all(map(is_genuine, Receipt.objects.select_related("submission")))
    assert not any(verify(seal, ContentReader()).findings for seal in seals)
    report = audit.check(at=DUE, progress=lambda *_: None)
    # Files of tests whose rows were rolled back are orphans.
    assert [found for found in report.findings if found.fault != Fault.ORPHAN] == []
    with time_machine.travel(DUE, tick=False):
        checked = Client().get(f"/recus/{receipt.code}/")
        assert checked.status_code == 200
        assert receipt.submission.sha256 in checked.content.decode().replace("\N{WORD JOINER}", "")
        assert Client().get(reverse("submissions:public-seals")).status_code == 200
    assert Membership.objects.filter(edition=past, shows_name=True).count() == 0


@pytest.mark.django_db
def test_a_false_receipt_stays_false(past, world):
    Receipt.objects.update(signature="0" * 43)

    anonymisation.anonymise(past.pk, at=DUE)

    assert not any(map(is_genuine, Receipt.objects.select_related("submission")))


@pytest.mark.django_db
def test_interrupted_it_changes_nothing_and_is_begun_again(planted, past, monkeypatch):
    before = in_database(planted)
    with monkeypatch.context() as broken:
        broken.setattr(facts, "forget_edition", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            anonymisation.anonymise(past.pk, at=DUE)
    assert in_database(planted) == before

    anonymisation.anonymise(past.pk, at=DUE)
    with refuses(PrivacyRefusal.DONE):
        anonymisation.anonymise(past.pk, at=DUE)

    assert JournalEntry.objects.filter(act="anonymisation.done").count() == 1


@pytest.mark.django_db
def test_files_are_deleted_although_the_process_was_killed_after_the_commit(
    planted, past, monkeypatch
):
    previews = Path(settings.STORAGES["previews"]["OPTIONS"]["location"])
    with monkeypatch.context() as killed:
        killed.setattr(anonymisation, "clean", lambda *_, **__: None)
        anonymisation.anonymise(past.pk, at=DUE)
    left = in_files(planted, previews)

    with time_machine.travel(DUE, tick=False):
        periodic.anonymise_due()

    assert left
    assert in_files(planted, previews) == set()
    assert Anonymisation.objects.get().cleaned_at == DUE


@pytest.mark.django_db
def test_previews_stay_unless_the_organizers_ask(past, world):
    Anonymisation.objects.update(with_pictures=False)

    anonymisation.anonymise(past.pk, at=DUE)

    inspection = world.objects["submission"].inspection
    inspection.refresh_from_db()
    assert inspection.thumbnail
    assert inspection.thumbnail.storage.exists(inspection.thumbnail.name)


def code_of(call: Callable[[], Any]) -> str:
    try:
        call()
    except Refused as refused:
        return refused.refusal.code
    return "done"


@pytest.mark.django_db
def test_when_it_is_possible(edition, eve):
    def plan(at: datetime) -> str:
        act: dict[str, Any] = {"edition": edition, "with_pictures": False, "by": eve, "at": NOON}
        return code_of(lambda: anonymisation.plan(due_at=at, **act))

    def run(at: datetime) -> str:
        return code_of(lambda: anonymisation.anonymise(edition.pk, at=at))

    published = DEADLINE + timedelta(days=1)
    assert (plan(DUE), run(DUE)) == ("anonymisation_running", "anonymisation_running")
    Edition.objects.update(results_published_at=published)
    edition.refresh_from_db()
    early = published + timedelta(days=29)
    assert (plan(early), run(early)) == ("anonymisation_too_early", "anonymisation_too_early")
    assert plan(DUE + timedelta(days=3 * 366)) == "anonymisation_too_late"
    assert (plan(published + timedelta(days=30)), run(early)) == ("done", "anonymisation_too_early")
    assert run(published + timedelta(days=30)) == "done"
    assert plan(DUE) == "anonymisation_done"


@pytest.mark.django_db
def test_it_is_due_by_itself_but_waits_while_an_event_runs(edition, beside):
    Edition.objects.filter(pk=edition.pk).update(results_published_at=DEADLINE, is_current=False)
    Edition.objects.filter(pk=beside.pk).update(is_current=True)

    assert selectors.editions_due(at=DUE - timedelta(seconds=1)) == []
    assert selectors.editions_due(at=DUE) == [edition]
    assert selectors.editions_due(at=beside.starts_at) == []


@pytest.mark.django_db
def test_the_periodic_task_runs_twice(past, django_capture_on_commit_callbacks):
    with time_machine.travel(DUE, tick=False):
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                periodic.anonymise_due()

    assert JournalEntry.objects.filter(act="anonymisation.done").count() == 1


@pytest.mark.django_db
def test_a_preview_says_nothing_twice(past):
    found = selectors.preview(past, with_pictures=True)

    for _subject, lines in [*found.going, *found.staying]:
        sentences = [(str(line.what), str(line.because)) for line in lines]
        assert len(set(sentences)) == len(sentences)
    assert any(len(lines) > 1 for _subject, lines in found.going)
    hidden = "Pourquoi l’organisation ne montre pas les travaux de votre équipe"
    assert hidden not in [str(line.what) for _subject, lines in found.going for line in lines]
    Team.objects.update(works_hidden_because="Une photo sans accord")
    after = selectors.preview(past, with_pictures=True)
    counts = {str(line.what): line.count for _subject, lines in after.going for line in lines}
    assert counts[hidden] == past.teams.count()


@pytest.mark.django_db
def test_the_command_previews_and_refuses_before_the_date(past, capsys):
    with time_machine.travel(DUE - timedelta(days=1), tick=False):
        call_command("anonymise", edition=past.slug, preview=True)
        with pytest.raises(CommandError, match="13 février 2021"):
            call_command("anonymise", edition=past.slug)
    with time_machine.travel(DUE, tick=False):
        call_command("anonymise")

    output = capsys.readouterr().out
    assert "Ce que l’organisation note, pour elle seule" in output
    assert "est anonymisée" in output
    assert Anonymisation.objects.get().done_at == DUE


@pytest.mark.django_db
def test_the_page_shows_what_goes_and_takes_a_date(past, eve, client_of):
    url = f"/organisation/editions/{past.slug}/donnees/"
    with time_machine.travel(DUE - timedelta(days=30), tick=False):
        browser = client_of(eve)
        page = browser.get(url).content.decode()
        unconfirmed = browser.post(url, {"due_at": "2021-03-01T08:00"})
        early = browser.post(url, {"due_at": "2020-02-20T08:00", "confirmed": "on"})
        planned = browser.post(url, {"due_at": "2021-03-01T08:00", "confirmed": "on"})

    assert "Ce qui disparaîtra" in page
    assert "Ce que l’organisation note, pour elle seule" in page
    assert "prenez d’abord ce que vous voulez garder" in page
    assert (unconfirmed.status_code, early.status_code, planned.status_code) == (422, 422, 302)
    found = Anonymisation.objects.get()
    assert found.due_at == datetime(2021, 3, 1, 7, tzinfo=rules.ZoneInfo("UTC"))
    assert JournalEntry.objects.filter(act="anonymisation.planned", by=eve).exists()


@pytest.mark.django_db
def test_a_message_about_deletions_keeps_its_ids(edition):
    """A process that starts reads them."""
    messages.publish(["everyone"], "test.sent", {"number": 1}, at=NOON)
    messages.delete("test.sent", at=NOON, number=1)

    facts.forget_messages(edition)

    (newest,) = messages.newest(10)
    assert len(messages.event_of(newest)["deletes"]) == 1
