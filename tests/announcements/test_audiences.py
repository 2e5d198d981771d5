import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.live.audiences import EVERYONE, department_audience, team_audience
from hackathon.day.announcements import audiences
from hackathon.event import roles
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty, Membership
from tests.conftest import NOON, make_team


def test_anonymous_users_and_users_without_a_role_have_the_public_audience(edition, max_user):
    assert roles.audiences_for(AnonymousUser(), edition) == ["everyone"]
    assert roles.audiences_for(max_user, edition) == ["everyone"]
    assert roles.audiences_for(max_user, None) == ["everyone"]


def test_each_role_adds_its_audiences(comunik, dan, ben, eve):
    edition, department = comunik.edition, comunik.department_id

    assert roles.audiences_for(ben, edition) == [
        "everyone",
        f"department:{department}",
        f"team:{comunik.pk}",
    ]
    assert roles.audiences_for(dan.user, edition) == [
        "everyone",
        f"department:{department}",
        f"jury:{department}",
        f"helpers:teacher:{department}",
        "round",
    ]
    assert roles.audiences_for(eve, edition) == ["everyone", "organizers"]


def test_several_roles_add_up_in_three_queries(comunik, info, eve):
    edition = comunik.edition
    Membership.objects.create(edition=edition, team=comunik, user=eve, joined_at=NOON)
    Juror.objects.create(department=info, user=eve)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = roles.audiences_for(eve, edition)

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


def test_duties_add_the_audiences_of_helpers(comunik, max, dan_user, ben):  # noqa: A002
    edition, department = comunik.edition, comunik.department_id
    Duty.objects.create(edition=edition, user=dan_user, kind=HelpKind.TECHNICAL)
    Duty.objects.create(
        edition=edition, user=dan_user, kind=HelpKind.TEACHER, department=comunik.department
    )
    Duty.objects.create(edition=edition, user=ben, kind=HelpKind.TECHNICAL)  # he has a team now

    with CaptureQueriesContext(connection) as queries:
        found = roles.audiences_for(dan_user, edition)

    assert len(queries) == 2
    assert found == [
        "everyone",
        f"helpers:teacher:{department}",
        "helpers:technical",
        "round",
        f"tutors:{department}",
    ]
    assert f"helpers:client:{department}" in roles.audiences_for(max.user, edition)
    assert not any("helpers" in name for name in roles.audiences_for(ben, edition))


def test_an_inactive_user_has_the_public_audience(comunik, ada):
    ada.is_active = False

    assert roles.audiences_for(ada, comunik.edition) == ["everyone"]


def test_the_written_form_of_audiences(comunik):
    edition, department = comunik.edition, comunik.department

    assert audiences.resolve(edition, "everyone") == (EVERYONE, "Tout le monde")
    assert audiences.resolve(edition, "department:infocom") == (
        department_audience(department.pk),
        department.name,
    )
    assert audiences.resolve(edition, f"team:{comunik.pk}") == (
        team_audience(comunik.pk),
        comunik.name,
    )
    codes = audiences.department_codes(edition)
    assert audiences.written(f"department:{department.pk}", codes) == "department:INFOCOM"


@pytest.mark.parametrize(
    "spoken",
    ["", "everybody", "organizers", "jury:1", "department:", "team:", "team:²", "team:" + "9" * 30],
)
def test_an_unknown_audience_raises(comunik, spoken):
    with pytest.raises(audiences.UnknownAudience):
        audiences.resolve(comunik.edition, spoken)


def test_a_team_of_another_edition_is_unknown(comunik, info):
    other = Edition.objects.get(pk=comunik.edition_id)
    other.pk, other.slug, other.is_current = None, "ccd-2021", False
    other.save()
    department = Department.objects.create(edition=other, code="INFO", name="Informatique")
    foreign = make_team(department, "Les Autres")

    with pytest.raises(audiences.UnknownAudience):
        audiences.resolve(comunik.edition, f"team:{foreign.pk}")
