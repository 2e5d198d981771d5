"""What the people of a large edition do, in bulk: for each team some rows of each list."""

from datetime import timedelta

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.base.live.audiences import team_audience
from hackathon.day.announcements.models import Announcement
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Edition
from judging.models import Assignment, Juror
from submissions.models import Extension
from teams.models import HelpRequest, Membership, Team, TeamNote
from tests.conftest import NOON
from tests.extras import all_cases

TEAMS_OF_A_JUROR = 12


def fill(edition: Edition, by: User) -> None:
    """For the teams that have no rows yet. A fixed number of queries."""
    seen = set(Question.objects.values_list("team_pk", flat=True))
    teams = [
        team
        for team in edition.teams.select_related("department").order_by("pk")
        if team.pk not in seen
    ]
    captain_of = {
        member.team_id: member.user
        for member in Membership.objects.filter(team__in=teams, is_captain=True).select_related(
            "user"
        )
    }
    teams = [team for team in teams if team.pk in captain_of]
    captains = [captain_of[team.pk] for team in teams]
    _talk(edition, teams, captains, by)
    for cases in all_cases():
        cases.crowd(edition, by)
    _judge(teams)


def _talk(edition: Edition, teams: list[Team], captains: list[User], by: User) -> None:
    """One call, question, note and extension of each team; one in ten of them is still open."""
    pairs = list(enumerate(zip(teams, captains, strict=True)))
    HelpRequest.objects.bulk_create(
        HelpRequest(team=team, kind="teacher", requested_at=NOON, requested_by=captain)
        if number % 10 == 0
        else HelpRequest(
            team=team,
            kind="teacher",
            state="done",
            requested_at=NOON - timedelta(hours=1),
            requested_by=captain,
            claimed_at=NOON - timedelta(minutes=50),
            claimed_by=by,
            closed_at=NOON - timedelta(minutes=40),
        )
        for number, (team, captain) in pairs
    )
    Question.objects.bulk_create(
        Question(
            department=team.department,
            team_pk=team.pk,
            team_label=team.name,
            asked_by=captain,
            asked_at=NOON,
            to="organizers",
            body="Peut-on revenir demain ?",
            **(
                {}
                if number % 10 == 0
                else {
                    "state": "answered",
                    "answer": "Oui.",
                    "settled_at": NOON,
                    "settled_by": by,
                }
            ),
        )
        for number, (team, captain) in pairs
    )
    TeamNote.objects.bulk_create(
        TeamNote(team=team, text="Vue à 21:10", written_by=by, written_at=NOON) for team in teams
    )
    Extension.objects.bulk_create(
        Extension(team=team, minutes=10, reason="Panne", granted_at=NOON, granted_by=by)
        for team in teams[::10]
    )
    Announcement.objects.bulk_create(
        Announcement(
            edition=edition,
            audience=team_audience(team.pk),
            audience_label=team.name,
            body="Passez à l’accueil.",
            published_at=NOON,
            published_by=by,
        )
        for team in teams
    )
    JournalEntry.objects.bulk_create(
        JournalEntry(
            act="help.requested",
            target=f"teams.helprequest:{team.pk}",
            by=captain,
            at=NOON,
            detail={"kind": "teacher"},
            edition_pk=edition.pk,
            team_pk=team.pk,
            person_pk=captain.pk,
        )
        for team, captain in zip(teams, captains, strict=True)
    )


def _judge(teams: list[Team]) -> None:
    """A new juror for each twelve teams of a department, who reads these."""
    by_department: dict[int, list[Team]] = {}
    for team in teams:
        by_department.setdefault(team.department_id, []).append(team)
    read = [
        (department, part[start : start + TEAMS_OF_A_JUROR])
        for department, part in by_department.items()
        for start in range(0, len(part), TEAMS_OF_A_JUROR)
    ]
    first = Juror.objects.count()
    users = User.objects.bulk_create(
        User(email=f"jure{first + n}@example.org", name=f"Juré {first + n}", password="!")
        for n in range(len(read))
    )
    jurors = Juror.objects.bulk_create(
        Juror(department_id=department, user=user, seated_at=NOON)
        for (department, _teams), user in zip(read, users, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(juror=juror, team=team, position=position)
        for juror, (_department, part) in zip(jurors, read, strict=True)
        for position, team in enumerate(part)
    )
