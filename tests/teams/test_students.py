from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from teams import tasks
from teams.enums import StudentFilter
from teams.models import Student, Team
from teams.selectors.students import students_of
from teams.services import invitations
from tests.conftest import NOON, make_team, make_user

pytestmark = pytest.mark.database

PAGE = "/organisation/editions/ccd-2020/etudiants/"
SITE = "https://ccd.example.org/compte/login/"


@pytest.fixture
def zoe(edition: Edition, info: Department) -> Student:
    user = make_user("zoe@example.org", "Zoé Durand")
    make_team(info, "Les Élans", user, room="208", floor=2)
    return Student.objects.create(edition=edition, user=user, department=info, group="TD1")


@pytest.fixture
def jan(edition: Edition, infocom: Department) -> Student:
    user = make_user("jan@example.org", "Jan Müller", last_login=NOON)
    return Student.objects.create(edition=edition, user=user, department=infocom)


@pytest.fixture
def browser(eve: User) -> Client:
    client = Client()
    client.force_login(eve)
    return client


def invite(eve: User, edition: Edition, **changes: Any) -> int:
    values = {
        "edition": edition,
        "which": StudentFilter.ALL,
        "department": None,
        "sign_in_url": SITE,
        "by": eve,
        "at": NOON,
        **changes,
    }
    return invitations.invite(**values)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


@pytest.mark.django_db(transaction=True)
def test_the_mail_names_the_team_and_the_room(eve: User, edition: Edition, zoe: Student) -> None:
    assert invite(eve, edition) == 1

    (message,) = mail.outbox
    body = message.body.replace("\u00a0", " ")
    assert message.to == ["zoe@example.org"]
    assert message.subject.startswith("Votre équipe")
    assert "Bonjour Zoé Durand" in body
    assert "Les Élans (Informatique)" in body
    assert "Votre salle : 208" in body
    assert "Étage : 2" in body
    assert SITE in body


@pytest.mark.django_db(transaction=True)
def test_without_a_team_the_mail_says_what_to_do(eve: User, edition: Edition, jan: Student) -> None:
    invite(eve, edition)

    assert "Vous n’avez pas encore d’équipe" in mail.outbox[0].body


def test_filters(eve: User, edition: Edition, info: Department, zoe: Student, jan: Student) -> None:
    def found(which: StudentFilter, department: Department | None = None) -> set[Student]:
        return set(students_of(edition, department=department, which=which))

    assert found(StudentFilter.ALL) == {zoe, jan}
    assert found(StudentFilter.ALL, info) == {zoe}
    assert found(StudentFilter.NEVER_SIGNED_IN) == {zoe}
    assert found(StudentFilter.WITHOUT_TEAM) == {jan}
    assert found(StudentFilter.NOT_INVITED) == {zoe, jan}  # jan has signed in, maybe last year
    invite(eve, edition)
    assert found(StudentFilter.NOT_INVITED) == set()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_mailed_twice_by_two_taps(eve: User, edition: Edition, zoe: Student) -> None:
    first = invite(eve, edition)
    second = invite(eve, edition, at=NOON + timedelta(minutes=1))
    reminder = invite(eve, edition, at=NOON + timedelta(days=1))

    assert (first, second, reminder) == (1, 0, 1)
    assert len(mail.outbox) == 2


def test_one_entry_in_the_journal(eve: User, edition: Edition, zoe: Student, jan: Student) -> None:
    invite(eve, edition)

    (entry,) = JournalEntry.objects.all()
    assert (entry.act, entry.by, entry.detail["n"]) == ("students.invited", eve, 2)


def test_only_organizers_invite(edition: Edition, zoe: Student) -> None:
    with pytest.raises(Refused):
        invite(zoe.user, edition)

    assert mail.outbox == []


def test_a_student_who_is_gone_gets_no_mail(zoe: Student) -> None:
    pk = zoe.pk
    zoe.delete()

    tasks.invite_student(pk, SITE)

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_the_page_lists_who_never_signed_in_and_mails_them(
    browser: Client, zoe: Student, jan: Student
) -> None:
    page = text_of(browser.get(PAGE, {"which": "never_signed_in"}))
    assert "Zoé Durand" in page
    assert "Jan Müller" not in page
    assert "Inviter 1 personne par mail" in page

    done = browser.post(PAGE, {"which": "never_signed_in"}, follow=True)

    assert "1 personne reçoit un mail." in text_of(done)
    assert [message.to for message in mail.outbox] == [["zoe@example.org"]]
    assert "http://testserver/" in mail.outbox[0].body


def test_a_filter_that_does_not_exist_mails_nobody(browser: Client, zoe: Student) -> None:
    assert browser.get(PAGE, {"which": "nobody", "department": "x"}).status_code == 200

    assert browser.post(PAGE, {"which": "nobody"}).status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_needs_the_same_number_of_queries(
    browser: Client, edition: Edition, info: Department, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        user = make_user(f"{number}@example.org")
        Team.objects.create(
            edition=edition, department=info, name=f"T{number}", registered_at=NOON
        ).memberships.create(edition=edition, user=user, joined_at=NOON)
        Student.objects.create(edition=edition, user=user, department=info)

    with time_machine.travel(NOON, tick=False), django_assert_num_queries(15):
        browser.get(PAGE)
