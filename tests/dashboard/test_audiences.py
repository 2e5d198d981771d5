"""Who hears what, and how an audience is written."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon import roles as selectors
from hackathon.accounts.models import User
from hackathon.announcements import audiences
from hackathon.core import live
from hackathon.editions.live import department_audience
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.enums import HelpKind
from teams.live import team_audience
from teams.models import Duty, Membership, Team
from tests.conftest import NOON, make_team

pytestmark = pytest.mark.database


def test_the_public_hears_what_is_public(edition: Edition, max_user: User) -> None:
    assert selectors.audiences_for(AnonymousUser(), edition) == ["everyone"]
    assert selectors.audiences_for(max_user, edition) == ["everyone"]
    assert selectors.audiences_for(max_user, None) == ["everyone"]


def test_each_role_adds_its_audiences(comunik: Team, dan: Juror, ben: User, eve: User) -> None:
    edition, department = comunik.edition, comunik.department_id

    assert selectors.audiences_for(ben, edition) == [
        "everyone",
        f"department:{department}",
        f"team:{comunik.pk}",
    ]
    assert selectors.audiences_for(dan.user, edition) == [
        "everyone",
        f"department:{department}",
        f"jury:{department}",
        f"helpers:teacher:{department}",
    ]
    assert selectors.audiences_for(eve, edition) == ["everyone", "organizers"]


def test_several_roles_add_up_by_three_queries(comunik: Team, info: Department, eve: User) -> None:
    edition = comunik.edition
    Membership.objects.create(edition=edition, team=comunik, user=eve, joined_at=NOON)
    Juror.objects.create(department=info, user=eve)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = selectors.audiences_for(eve, edition)

    assert len(queries) == 3
    assert set(found) == {
        "everyone",
        "organizers",
        f"department:{comunik.department_id}",
        f"team:{comunik.pk}",
        f"department:{info.pk}",
        f"jury:{info.pk}",
    }
    assert len(found) == len(set(found))


def test_who_answers_calls_hears_those_of_their_duties(
    comunik: Team,
    max: Juror,  # noqa: A002
    dan_user: User,
    ben: User,
) -> None:
    edition, department = comunik.edition, comunik.department_id
    Duty.objects.create(edition=edition, user=dan_user, kind=HelpKind.TECHNICAL)
    Duty.objects.create(
        edition=edition, user=dan_user, kind=HelpKind.TEACHER, department=comunik.department
    )
    Duty.objects.create(edition=edition, user=ben, kind=HelpKind.TECHNICAL)  # who has a team since

    with CaptureQueriesContext(connection) as queries:
        heard = selectors.audiences_for(dan_user, edition)

    assert len(queries) == 5
    assert heard == ["everyone", f"helpers:teacher:{department}", "helpers:technical"]
    assert f"helpers:client:{department}" in selectors.audiences_for(max.user, edition)
    assert not any("helpers" in name for name in selectors.audiences_for(ben, edition))


def test_a_closed_account_is_a_stranger(comunik: Team, ada: User) -> None:
    ada.is_active = False

    assert selectors.audiences_for(ada, comunik.edition) == ["everyone"]


def test_audiences_are_written_as_people_do(comunik: Team) -> None:
    edition, department = comunik.edition, comunik.department

    assert audiences.resolve(edition, "everyone") == (live.EVERYONE, "Tout le monde")
    assert audiences.resolve(edition, "department:infocom") == (
        department_audience(department.pk),
        department.name,
    )
    assert audiences.resolve(edition, f"team:{comunik.pk}") == (
        team_audience(comunik.pk),
        comunik.name,
    )
    assert audiences.spoken(f"department:{department.pk}", {department.pk: department}) == (
        "department:INFOCOM"
    )


@pytest.mark.parametrize(
    "spoken",
    ["", "everybody", "organizers", "jury:1", "department:", "team:", "team:²", "team:" + "9" * 30],
)
def test_nothing_else_is_an_audience(comunik: Team, spoken: str) -> None:
    with pytest.raises(audiences.UnknownAudience):
        audiences.resolve(comunik.edition, spoken)


def test_a_team_of_another_edition_is_none(comunik: Team, info: Department) -> None:
    other = Edition.objects.get(pk=comunik.edition_id)
    other.pk, other.slug, other.is_current = None, "ccd-2021", False
    other.save()
    department = Department.objects.create(edition=other, code="INFO", name="Informatique")
    foreign = make_team(department, "Les Autres")

    with pytest.raises(audiences.UnknownAudience):
        audiences.resolve(comunik.edition, f"team:{foreign.pk}")
