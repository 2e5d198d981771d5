from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Colleague
from hackathon.event.people.enums import GivenRole
from hackathon.event.people.services import invite
from teams import rules
from teams.errors import HelpRefusal, TeamRefusal
from teams.models import Membership, Team
from teams.services import membership, organizing
from tests.conftest import NOON, make_team, make_user
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

EVENING = NOON - timedelta(hours=18)
ROUNDS = 5


@pytest.fixture
def nearly_full(infocom, ada, ben) -> Team:
    return make_team(infocom, "Com’unik", ada, ben)  # one seat of three is free


def at_once(act: Callable[[Any], str], students: list[Any]) -> list[str]:
    barrier = Barrier(len(students), timeout=PATIENCE)

    def run(student: Any) -> str:
        try:
            barrier.wait()
            return act(student)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(students)) as pool:
        return sorted(pool.map(run, students))


def join(team: Team) -> Callable[[User], str]:
    def act(student: User) -> str:
        try:
            membership.join(team, by=student, at=EVENING)
        except Refused as refused:
            return refused.refusal.code.value
        return "in"

    return act


@pytest.mark.postgres
def test_without_the_lock_both_get_the_last_seat(nearly_full, edition):
    both_have_counted = Barrier(2, timeout=PATIENCE)

    def join_without_lock(student: User) -> str:
        with transaction.atomic():
            members = nearly_full.memberships.count()
            both_have_counted.wait()
            refusal = rules.join_refusal(
                nearly_full, members=members, edition=edition, membership=None, at=EVENING
            )
            if refusal is not None:
                return refusal.code.value
            Membership.objects.create(
                edition=edition, team=nearly_full, user=student, joined_at=EVENING
            )
        return "in"

    students = [make_user(f"{name}@example.org") for name in ("fay", "gus")]

    answers = at_once(join_without_lock, students)

    assert answers == ["in", "in"]
    assert nearly_full.memberships.count() == edition.team_size_max + 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_of_two_students_gets_the_last_seat(nearly_full, round_):
    students = [make_user(f"{name}@example.org") for name in ("fay", "gus")]

    answers = at_once(join(nearly_full), students)

    assert answers == ["in", TeamRefusal.TEAM_FULL]
    assert nearly_full.memberships.count() == 3


def test_one_of_eight_students_gets_the_last_seat(nearly_full):
    students = [make_user(f"s{number}@example.org") for number in range(8)]

    answers = at_once(join(nearly_full), students)

    assert answers == ["in"] + [TeamRefusal.TEAM_FULL] * 7
    assert nearly_full.memberships.count() == 3


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_student_who_joins_two_teams_at_once_is_in_one(nearly_full, info, cleo, round_):
    other = make_team(info, "Les Pixels", cleo)
    fay = make_user("fay@example.org", "Fay")
    barrier = Barrier(2, timeout=PATIENCE)

    def run(team: Team) -> str:
        try:
            barrier.wait()
            return join(team)(fay)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(run, [nearly_full, other]))

    assert answers == [TeamRefusal.ALREADY_IN_TEAM, "in"]
    assert Membership.objects.filter(user=fay).count() == 1


@pytest.mark.postgres
def test_without_the_locks_of_teams_a_member_becomes_a_reader(nearly_full, edition):
    fay, reader = make_user("fay@example.org"), edition.colleagues.filter(role="reader")
    both_have_looked = Barrier(2, timeout=PATIENCE)

    def join_or_read(model: Any) -> str:
        with transaction.atomic():
            found = model.objects.filter(edition=edition, user=fay).exists()
            both_have_looked.wait()
            if model is Colleague:  # is not one, so joins
                place = {"team": nearly_full, "joined_at": EVENING}
                Membership.objects.create(edition=edition, user=fay, **place)
            else:
                edition.colleagues.create(user=fay, role=ColleagueRole.READER)
        return str(found)

    assert at_once(join_or_read, [Colleague, Membership]) == ["False", "False"]
    assert reader.exists()
    assert Membership.objects.filter(user=fay).exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_who_joins_while_a_role_is_given_has_one_of_both(nearly_full, edition, eve, round_):
    fay, gives = make_user("fay@example.org"), partial(invite, edition=edition, by=eve, at=EVENING)

    def act(by: User) -> str:
        if by == fay:
            return join(nearly_full)(fay)
        try:
            gives(email=fay.email, role=GivenRole.READER, site_url="")
        except Refused as refused:
            return refused.refusal.code.value
        return "reader"

    answers = at_once(act, [eve, fay])

    assert answers in ([TeamRefusal.COLLEAGUE, "reader"], [HelpRefusal.IN_TEAM, "in"])


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_joining_a_team_while_its_last_member_leaves(infocom, ada, round_):
    team = make_team(infocom, "Com’unik", ada)
    place = Membership.objects.get(user=ada)
    fay = make_user("fay@example.org", "Fay")

    def act(student: User) -> str:
        if student == fay:
            return join(team)(student)
        try:
            membership.leave(place, by=ada, at=EVENING)
        except Refused as refused:
            return refused.refusal.code.value
        return "left"

    answers = at_once(act, [ada, fay])

    # The team was gone already, or the captain was no longer alone and could not leave.
    assert answers in (
        ["left", TeamRefusal.TEAM_GONE],
        [TeamRefusal.CAPTAIN_MUST_PASS_ON, "in"],
    )


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_student_moved_to_two_teams_at_once_is_in_the_first_one(infocom, ada, ben, eve, round_):
    source = make_team(infocom, "Com’unik", ada, ben)
    targets = [make_team(infocom, name) for name in ("Les Five", "Les Élans")]
    place = Membership.objects.select_related("user", "team").get(user=ben)
    barrier = Barrier(2, timeout=PATIENCE)

    def run(team: Team) -> str:
        try:
            barrier.wait()
            organizing.move_members([place], team, by=eve, at=NOON)
        except Refused as refused:
            return refused.refusal.code.value
        finally:
            connection.close()
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, targets))

    assert sorted(answers) == ["moved", TeamRefusal.MOVED_MEANWHILE]
    place.refresh_from_db()
    assert place.team == targets[answers.index("moved")]
    assert place.is_captain
    assert source.memberships.count() == 1
