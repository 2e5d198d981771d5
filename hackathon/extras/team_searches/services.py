"""People who look for a team, and teams that look for members. A person joins a team only by their
own acceptance. Services raise `Refused`.
"""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.team_searches import rules, tasks
from hackathon.extras.team_searches.errors import SearchRefusal
from hackathon.extras.team_searches.models import Invitation, Search, Wanted
from hackathon.extras.team_searches.selectors import searches_of
from teams.errors import TeamRefusal
from teams.models import Membership, Team
from teams.rules import captain_refusal, join_refusal
from teams.selectors.teams import membership_of
from teams.services.membership import join
from teams.services.teams import lock


@transaction.atomic
def search(
    edition: Edition, *, department: Department, text: str, skills: str, by: User, at: datetime
) -> Search:
    """A person has one line in an edition, which this changes."""
    if department.edition_id != edition.pk:
        raise ValueError("The department belongs to another edition.")
    # Two requests of one person: the second waits here.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    former = Search.objects.filter(edition=edition, user=by).first()
    check(
        rules.search_refusal(
            edition,
            text,
            skills,
            by=by,
            membership=membership_of(by, edition),
            written_at=former.written_at if former else None,
            at=at,
        )
    )
    written, _is_new = Search.objects.update_or_create(
        edition=edition,
        user=by,
        defaults={
            "department": department,
            "text": " ".join(text.split()),
            "skills": " ".join(skills.split()),
            "written_at": at,
        },
    )
    journal.record("search.written", written, by=by, at=at)
    return written


@transaction.atomic
def stop(entry: Search, *, by: User, at: datetime) -> None:
    """By its author, or an organizer."""
    if entry.user_id != by.pk and not is_organizer(by, entry.edition):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    journal.record("search.removed", entry, by=by, at=at)
    Search.objects.filter(pk=entry.pk).delete()


@transaction.atomic
def look_for(team: Team, text: str, *, by: User, at: datetime) -> Team:
    """An empty text ends the search."""
    team = lock(team)
    edition = team.edition
    organizer = is_organizer(by, edition)
    check(captain_refusal(team, by=membership_of(by, edition), organizer=organizer))
    text, former = " ".join(text.split()), Wanted.objects.filter(team=team).first()
    if text:
        members = team.memberships.count()
        check(join_refusal(team, members=members, edition=edition, membership=None, at=at))
        check(rules.line_refusal(text, written_at=former.written_at if former else None, at=at))
    if text == (former.text if former else ""):
        return team
    if text:
        values = {"text": text, "written_at": at}
        Wanted.objects.update_or_create(team=team, defaults=values)
    else:
        Wanted.objects.filter(team=team).delete()
    journal.record("wanted.written" if text else "wanted.removed", team, by=by, at=at)
    return team


@transaction.atomic
def invite(team: Team, person: User, *, by: User, at: datetime) -> Invitation:
    team = lock(team)
    edition = team.edition
    looks = searches_of(edition).filter(department=team.department_id, user=person)
    rows = list(team.invitations.values_list("user", "declined_at"))
    check(
        rules.invite_refusal(
            team,
            by=membership_of(by, edition),
            members=team.memberships.count(),
            person=person if looks.exists() else None,
            invited=[user for user, _declined in rows],
            waiting=sum(declined is None for _user, declined in rows),
            at=at,
        )
    )
    made = Invitation.objects.create(team=team, user=person, invited_at=at)
    journal.record("invitation.sent", made, by=by, at=at)
    enqueue(tasks.tell_invited, made.pk)
    return made


@transaction.atomic
def accept(invitation: Invitation, *, by: User, at: datetime) -> Membership:
    """As with the code of the team, which may be full by now. Locks the person, who may accept two
    invitations at once, before the team.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    team = lock(invitation.team)
    _check_own(invitation, by)
    return join(team, by=by, at=at)


@transaction.atomic
def decline(invitation: Invitation, *, by: User, at: datetime) -> None:
    _check_own(invitation, by)
    invitation.declined_at = at
    invitation.save(update_fields=["declined_at"])
    journal.record("invitation.declined", invitation, by=by, at=at)


@transaction.atomic
def forget(edition_pk: int, user_pk: int) -> None:
    """Of somebody who has a team now, or is not listed any more."""
    Search.objects.filter(edition=edition_pk, user=user_pk).delete()
    Invitation.objects.filter(team__edition=edition_pk, user=user_pk).delete()


def _check_own(invitation: Invitation, by: User) -> None:
    waiting = Invitation.objects.select_for_update().filter(pk=invitation.pk, declined_at=None)
    if not waiting.filter(user=by).exists():
        raise Refused(refuse(SearchRefusal.INVITATION_GONE))
