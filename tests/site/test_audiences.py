"""The audiences of sockets, which one statement finds for most people."""

from copy import copy
from itertools import product

import pytest
from allauth.mfa.models import Authenticator
from channels.db import database_sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.accounts.models import User
from hackathon.base.accounts.second_factor import needs_none
from hackathon.base.live.audiences import ORGANIZERS, team_audience
from hackathon.day.site.live_socket import rights_of
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.roles import PUBLIC_AUDIENCES, audiences_of, audiences_of_users, roles_of_users
from judging.enums import JurorKind
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty, Membership
from tests.conftest import NOON, make_team
from tests.queries import queries_of
from tests.site.sockets import connected, cookie_of
from tests.site.test_live_rights import headers_of, receives

pytestmark = pytest.mark.django_db(transaction=True)


def people_of_all_kinds(departments: list[Department]) -> list[User]:
    """One for each combination of roles."""
    edition = departments[0].edition
    make_team(departments[0], "Others")  # teams have other ids than their departments
    teams = [None, *(make_team(department, department.code) for department in departments)]
    seats = [None, *({"department": d, "kind": kind} for d in departments for kind in JurorKind)]
    seats.append({"department": departments[0], "left_at": NOON})
    duties = [None, {"kind": HelpKind.TECHNICAL}]
    duties += [{"kind": HelpKind.TEACHER, "department": departments[0]}]
    kinds = list(product((False, True), (False, True), teams, seats, duties))
    people = User.objects.bulk_create(
        User(email=f"{number}@{edition.slug}.example.org", is_superuser=kind[1])
        for number, kind in enumerate(kinds)
    )
    for person, (organizes, _is_superuser, team, seat, duty) in zip(people, kinds, strict=True):
        if organizes:
            edition.organizers.add(person)
        if team is not None:
            Membership.objects.create(edition=edition, team=team, user=person, joined_at=NOON)
        if seat is not None:
            Juror.objects.create(user=person, **seat)
        if duty is not None:
            Duty.objects.create(edition=edition, user=person, **duty)
    return people


def test_the_audiences_are_those_of_the_roles_that_pages_read(edition, infocom, info):
    last_year = Edition.objects.get(pk=edition.pk)
    last_year.pk, last_year.slug, last_year.is_current = None, "ccd-2019", False
    last_year.save()
    elsewhere = Department.objects.create(edition=last_year, code="GEII", name="GEII")
    people = [*people_of_all_kinds([infocom, info]), *people_of_all_kinds([elsewhere])]

    found = audiences_of_users(people)

    roles = roles_of_users(people, edition)
    assert found == [audiences_of(each) for each in roles]
    assert [each.organizer for each in roles] == [is_organizer(p, edition) for p in people]
    assert len({frozenset(audiences) for audiences in found}) > 20


def test_without_an_edition_all_are_the_public(comunik, dan, ada):
    Edition.objects.update(is_current=False)

    assert audiences_of_users([ada, dan.user]) == [PUBLIC_AUDIENCES, PUBLIC_AUDIENCES]


def test_one_query_finds_who_of_several_organizers_needs_a_second_factor(edition, infocom):
    """Among them jurors, whose roles are read in another way; each with and without the factor."""
    people = people_of_all_kinds([infocom])
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type=Authenticator.Type.TOTP, data={}) for person in people
    )
    of_students = queries_of(lambda: audiences_of_users(people))
    unproved = [copy(person) for person in people]
    for person in unproved:
        person.suffices = needs_none

    with CaptureQueriesContext(connection) as captured:
        found = audiences_of_users([*people, *unproved])

    organizers = [ORGANIZERS in audiences for audiences in found]
    assert any(organizers[: len(people)])
    assert not any(organizers[len(people) :])
    assert len(captured) == of_students + 1


@pytest.mark.parametrize(("who", "queries"), [("ada", 3), ("loner", 3), ("eve", 4)])
def test_one_query_finds_the_roles_of_who_neither_judges_nor_helps(request, comunik, who, queries):
    headers = [headers_of(request.getfixturevalue(who))]

    captured = queries_of(lambda: rights_of(headers))

    # Session, user, roles; of organizers whether they have a second factor.
    assert captured == queries


@pytest.mark.asyncio
async def test_a_right_that_was_lost_without_a_message_is_gone_at_the_next_connection(comunik, ada):
    cookie = await database_sync_to_async(cookie_of)(ada)
    before = await connected(cookie=cookie)
    had_it = await receives(before, team_audience(comunik.pk))

    # As if Redis had lost the message about the rights.
    await database_sync_to_async(comunik.memberships.filter(user=ada).delete)()
    again = await connected(cookie=cookie)

    assert had_it
    assert not await receives(again, team_audience(comunik.pk))
    await before.disconnect()
    await again.disconnect()
