from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.mail_tasks import MAIL_DELAY
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from submissions.deposits import services as deposits
from submissions.models import Deliverable
from teams import tasks
from teams.enums import StudentFilter, TeamFilter
from teams.errors import TeamRefusal
from teams.models import Membership, Student
from teams.periodic import send_due_invitations
from teams.selectors import listing
from teams.selectors.students import students_of
from teams.services import invitations, students
from teams.views import students as views
from tests.conftest import NOON, make_team, make_user
from tests.refusals import refuses

PAGE = "/organisation/editions/ccd-2020/etudiants/"
SITE = "http://localhost:8000/compte/"


@pytest.fixture
def zoe(edition, info) -> Student:
    user = make_user("zoe@example.org", "Zoé Durand")
    make_team(info, "Les Élans", user, room="208", floor=2)
    return Student.objects.create(edition=edition, user=user, department=info, group="TD1")


@pytest.fixture
def jan(edition, infocom) -> Student:
    user = make_user("jan@example.org", "Jan Müller", last_login=NOON)
    return Student.objects.create(edition=edition, user=user, department=infocom)


@pytest.fixture
def browser(eve) -> Client:
    client = Client()
    client.force_login(eve)
    return client


def invite(eve: User, edition: Edition, **changes: Any) -> int:
    values = {
        "edition": edition,
        "which": StudentFilter.ALL,
        "department": None,
        "by": eve,
        "at": NOON,
        **changes,
    }
    return invitations.invite(**values)


def mails_leave(since: datetime = NOON, *, after: timedelta = MAIL_DELAY) -> None:
    """The periodic task, so long after the invitation at `since`."""
    with time_machine.travel(since + after, tick=False):
        send_due_invitations()


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


@pytest.mark.django_db(transaction=True)
def test_the_mail_names_the_team_and_the_room(eve, edition, zoe):
    assert invite(eve, edition) == 1
    mails_leave()

    (message,) = mail.outbox
    body = message.body.replace("\u00a0", " ")
    assert message.to == ["zoe@example.org"]
    assert message.subject.startswith("Votre équipe")
    assert "Bonjour Zoé Durand" in body
    assert "Les Élans (Informatique)" in body
    assert "Votre salle : 208" in body
    assert "Étage : 2" in body
    assert SITE in body


def test_filters(eve, edition, info, zoe, jan):
    def found(which: StudentFilter, department: Department | None = None) -> set[Student]:
        return set(students_of(edition, department=department, which=which))

    assert found(StudentFilter.ALL) == {zoe, jan}
    assert found(StudentFilter.ALL, info) == {zoe}
    assert found(StudentFilter.NEVER_SIGNED_IN) == {zoe}
    assert found(StudentFilter.WITHOUT_TEAM) == {jan}
    assert found(StudentFilter.NOT_INVITED) == {zoe, jan}  # jan has signed in, maybe last year
    invite(eve, edition)
    mails_leave()
    assert found(StudentFilter.NOT_INVITED) == set()


def test_the_list_has_pages_that_keep_the_filter(browser, zoe, jan, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)

    first, second = (browser.get(f"{PAGE}?which=not_invited&page={n}") for n in (1, 2))

    assert [[*page.context["page"]] for page in (first, second)] == [[jan], [zoe]]
    assert "2 personnes" in text_of(first)
    assert 'rel="next" href="?which=not_invited&amp;page=2"' in text_of(first)


def test_a_student_of_last_year_has_not_come_yet(edition, zoe, jan):
    Student.objects.update(listed_at=NOON)

    def waiting(last_login: datetime) -> list[Student]:
        User.objects.filter(pk=zoe.user_id).update(last_login=last_login)
        found = students_of(edition, which=StudentFilter.NEVER_SIGNED_IN)
        assert [each.pk for each in students_of(edition) if not each.has_come] == [
            each.pk for each in found
        ]
        wanted = listing.Wanted(which=TeamFilter.NEVER_SIGNED_IN)
        teams = listing.found_pks(edition, wanted)
        assert len(teams) == len(found)
        return list(found)

    assert waiting(NOON - timedelta(days=365)) == [zoe]
    assert waiting(NOON - timedelta(days=1)) == []  # still signed in when the list came
    assert waiting(NOON + timedelta(days=1)) == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_taps_send_each_mail_once(eve, edition, zoe):
    day = timedelta(days=1)
    first = invite(eve, edition)
    second = invite(eve, edition, at=NOON + timedelta(seconds=1))
    for _ in range(2):
        mails_leave(after=MAIL_DELAY - timedelta(seconds=1))
        assert mail.outbox == []
    for _ in range(2):
        mails_leave()
    third = invite(eve, edition, at=NOON + timedelta(minutes=1))
    reminder = invite(eve, edition, at=NOON + day)
    mails_leave(NOON + day, after=day)  # a worker that was away

    assert (first, second, third, reminder) == (1, 0, 0, 1)
    assert len(mail.outbox) == 2


def test_one_entry_in_the_journal(eve, edition, zoe, jan):
    invite(eve, edition)

    (entry,) = JournalEntry.objects.all()
    assert (entry.act, entry.by, entry.detail["n"]) == ("students.invited", eve, 2)


@pytest.mark.django_db(transaction=True)
def test_who_left_is_taken_off_the_list_and_out_of_the_team(browser, edition, zoe, jan, eve):
    team = Membership.objects.get(user=zoe.user).team
    Membership.objects.create(edition=edition, team=team, user=make_user("a@x.fr"), joined_at=NOON)
    address = f"{PAGE}{zoe.pk}/retirer/"

    asked = text_of(browser.get(address))
    assert Student.objects.filter(pk=zoe.pk).exists()
    with time_machine.travel(NOON, tick=False):
        done = text_of(browser.post(address, follow=True))

    assert "Retirer Zoé Durand de la liste ?" in asked
    assert "quitte aussi l’équipe « Les Élans »" in asked
    assert "Zoé Durand n’est plus sur la liste." in done
    assert list(Student.objects.all()) == [jan]
    assert [member.user.email for member in team.memberships.all()] == ["a@x.fr"]
    assert team.memberships.get().is_captain
    acts = JournalEntry.objects.filter(person_pk=zoe.user_id).order_by("pk")
    assert [(entry.act, entry.edition_pk) for entry in acts] == [
        ("student.taken_off", edition.pk),
        ("membership.removed", edition.pk),
    ]
    # Who becomes the captain gets a mail too.
    assert [message.to for message in mail.outbox] == [["zoe@example.org"], ["a@x.fr"]]


def test_a_team_that_handed_in_keeps_its_last_member(eve, zoe, info):
    title = Deliverable.objects.create(department=info, name="Titre", kind="text")
    team = Membership.objects.get(user=zoe.user).team
    deposits.deposit(title, team, text="ok", begun_at=NOON, at=NOON, by=zoe.user)

    with refuses(TeamRefusal.HAS_SUBMISSIONS):
        students.take_off(zoe, by=eve, at=NOON)

    assert Student.objects.filter(pk=zoe.pk).exists()


def test_only_organizers_take_somebody_off_the_list(zoe):
    with pytest.raises(Refused):
        students.take_off(zoe, by=zoe.user, at=NOON)

    assert Student.objects.filter(pk=zoe.pk).exists()


def test_only_organizers_invite(edition, zoe):
    with pytest.raises(Refused):
        invite(zoe.user, edition)

    assert mail.outbox == []


def test_a_student_who_is_gone_gets_no_mail(zoe):
    pk = zoe.pk
    zoe.delete()

    tasks.invite_student(pk, SITE)

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_the_page_lists_who_never_signed_in_and_mails_them(browser, zoe, jan):
    page = text_of(browser.get(PAGE, {"which": "never_signed_in"}))
    assert "Zoé Durand" in page
    assert "Jan Müller" not in page
    assert "Inviter 1 personne par e-mail" in page

    with time_machine.travel(NOON, tick=False):
        asked = browser.post(PAGE, {"which": "never_signed_in"})
        assert not Student.objects.waiting().exists()
        sent = {"which": "never_signed_in", "confirmed": asked.context["move"].key}
        done = browser.post(PAGE, sent, follow=True)
    mails_leave()

    assert asked.status_code == 200
    assert "1 personne reçoit un e-mail." in text_of(asked)
    assert "1 personne reçoit un e-mail." in text_of(done)
    assert [message.to for message in mail.outbox] == [["zoe@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_until_they_leave_an_organizer_calls_the_invitations_off(browser, eve, edition, zoe, jan):
    Student.objects.filter(pk=jan.pk).update(invited_at=NOON - timedelta(days=1))
    invite(eve, edition)
    sent = {"call_off": "1"}

    with time_machine.travel(NOON + timedelta(seconds=19), tick=False):
        bar = text_of(browser.get(PAGE))
        done = text_of(browser.post(PAGE, sent, follow=True))
    mails_leave(after=timedelta(hours=1))
    late = text_of(browser.post(PAGE, sent, follow=True))

    assert "Les e-mails partent à 13:00:20." in bar
    assert "aucun de ces e-mails ne part" in done
    assert "Les e-mails partent à" not in done
    assert "Trop tard : les e-mails sont partis." in late
    assert mail.outbox == []
    assert Student.objects.get(pk=jan.pk).invited_at == NOON - timedelta(days=1)
    assert JournalEntry.objects.filter(act="students.called_off").count() == 1


def test_an_unknown_filter_sends_no_mail(browser, zoe):
    assert browser.get(PAGE, {"which": "nobody", "department": "x"}).status_code == 200

    assert browser.post(PAGE, {"which": "nobody"}).status_code == 422
    assert mail.outbox == []
