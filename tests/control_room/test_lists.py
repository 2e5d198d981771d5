"""The pages of organizers that list teams or people: as many queries for sixty teams as for one."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.run.operations import readiness
from teams.models import Membership, Student, Team
from tests.conftest import NOON, make_team

OF_EDITION = (
    "teams:list",
    "teams:students",
    "people:index",
    "imports:index",
    "journal:index",
    "submissions:archives",
    "submissions:extensions",
    "submissions:seals",
    "judging:publish",
    "printing:index",
    "setup:edition",
)


def add_teams(comunik: Team, numbers: range) -> None:
    edition, department = comunik.edition, comunik.department
    for number in numbers:
        user = User.objects.create(email=f"s{number}@example.org", name=f"Étudiant {number}")
        team = make_team(department, f"Équipe {number}", room=str(number), floor=number % 7)
        Membership.objects.create(
            edition=edition, team=team, user=user, is_captain=True, joined_at=NOON
        )
        Student.objects.create(edition=edition, user=user, department=department, group="TD1")


def test_lists_have_the_same_queries_for_one_team_and_for_sixty(
    organizer, comunik, dossier, dan, edition
):
    pages = {name: reverse(name, args=[edition.slug]) for name in OF_EDITION}
    pages |= {
        "control_room:control": reverse("control_room:control"),
        "control_room:sheet": reverse("control_room:sheet", args=[comunik.pk]),
        "judging:setup": reverse("judging:setup", args=[comunik.department.pk]),
        "judging:progress": reverse("judging:progress", args=[comunik.department.pk]),
    }

    def queries(address: str) -> int:
        readiness.forget_results()  # kept for two seconds
        with CaptureQueriesContext(connection) as captured:
            answer = organizer.get(address)
        assert answer.status_code == 200, address
        return len(captured)

    add_teams(comunik, range(1))
    for address in pages.values():
        organizer.get(address)  # fills the caches of the process
    few = {name: queries(address) for name, address in pages.items()}
    add_teams(comunik, range(1, 60))

    assert {name: queries(address) for name, address in pages.items()} == few
    assert few.pop("setup:edition") <= 62  # all checks
    assert max(few.values()) <= 49
