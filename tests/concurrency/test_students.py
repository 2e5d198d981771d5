"""PostgreSQL: organizers act on students while these join a team, or while their mails leave."""

from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from hackathon.base.core.mail_tasks import MAIL_DELAY
from teams.enums import StudentFilter
from teams.models import Membership, Student
from teams.services import invitations, students, teams
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE, another_waits, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_who_joins_does_not_wait_for_an_organizer_who_waits_for_the_team(
    edition, comunik, ben, loner, eve
):
    student = Student.objects.create(
        edition=edition, user=ben, department=comunik.department, listed_at=NOON
    )
    has_team = Event()

    def join() -> None:
        with transaction.atomic():
            team = teams.lock(comunik)
            has_team.set()
            wait_until(another_waits)
            teams.add_member(team, loner, at=NOON, is_captain=False)

    def take_off() -> None:
        has_team.wait(PATIENCE)
        students.take_off(student, by=eve, at=NOON)

    at_once(join, take_off)

    members = Membership.objects.filter(team=comunik).values_list("user", flat=True)
    assert loner.pk in members
    assert ben.pk not in members


def test_no_invitation_leaves_after_the_organizer_has_called_them_off(edition, ada, ben, eve):
    for user in (ada, ben):
        Student.objects.create(edition=edition, user=user)
    act: dict[str, Any] = {"edition": edition, "by": eve}
    assert invitations.invite(which=StudentFilter.ALL, department=None, at=NOON, **act) == 2
    at, is_called_off = NOON + MAIL_DELAY, Event()

    def call_off() -> None:
        with transaction.atomic():
            invitations.call_off(at=at, **act)
            is_called_off.set()
            wait_until(another_waits)

    def send() -> None:
        is_called_off.wait(PATIENCE)
        invitations.send_due(at=at)

    assert at_once(call_off, send) == ["done", "done"]
    assert mail.outbox == []
    assert set(Student.objects.values_list("mail_at", "invited_at")) == {(None, None)}
