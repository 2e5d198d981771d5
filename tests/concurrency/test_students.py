"""PostgreSQL: an organizer takes a student off the list while another one joins the team."""

from threading import Event

import pytest
from django.db import transaction

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from teams.models import Membership, Student, Team
from teams.services import students, teams
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE, another_waits, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_who_joins_does_not_wait_for_an_organizer_who_waits_for_the_team(
    edition: Edition, comunik: Team, ben: User, loner: User, eve: User
) -> None:
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
