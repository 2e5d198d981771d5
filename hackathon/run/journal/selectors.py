"""The journal of an edition in sentences. For organizers only: callers have checked it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.acts import Facts, registry
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Colleague, Department, Edition
from judging.models import Juror
from teams.models import Duty, Membership, Student, Team

# Acts whose entries store the name of a team. The entry of a merge is about the team that stays.
MERGED = "team.merged"
NAMING = ("team.registered", "team.split", MERGED, "team.dissolved")


@dataclass(frozen=True)
class Wanted:
    """`text`: in the name or address of a person, or in the name of a team. `group`: a key of the
    registry of acts. `since` and `until` are inclusive.
    """

    text: str = ""
    group: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    group: str
    text: str
    team: str
    department: str


def entries(edition: Edition, wanted: Wanted = Wanted()) -> QuerySet[JournalEntry]:
    """Newest first: those of the edition, and what its people did with their accounts."""
    own = Q(edition_pk=edition.pk) | (Q(edition_pk=None) & _about_people_of(edition))
    rows = JournalEntry.objects.filter(own)
    if wanted.group:
        rows = rows.filter(act__in=registry.groups[wanted.group].codes)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lte=wanted.until)
    if wanted.text:
        named = Q(name__icontains=wanted.text) | Q(email__icontains=wanted.text)
        people = User.objects.filter(named).values("pk")
        teams = Team.objects.filter(edition=edition, name__icontains=wanted.text).values("pk")
        # Teams that were deleted are searched by the name in their entries.
        named = Q(act__in=NAMING, detail__name__icontains=wanted.text)
        gone = JournalEntry.objects.filter(named, edition_pk=edition.pk).exclude(act=MERGED)
        rows = rows.filter(
            Q(by__in=people)
            | Q(person_pk__in=people)
            | Q(team_pk__in=teams)
            | Q(team_pk__in=gone.values("team_pk"))
            | named
        )
    return rows


def lines(edition: Edition, acts: Iterable[JournalEntry]) -> list[Line]:
    """Five queries, however many entries."""
    rows = list(acts)
    people = User.objects.in_bulk(
        {pk for e in rows for pk in (e.by_id, e.person_pk, *e.detail.get("users", ())) if pk}
    )
    teams = _team_names(edition, {e.team_pk for e in rows if e.team_pk})
    departments = list(Department.objects.filter(edition=edition))
    names = {key: d.name for d in departments for key in (d.pk, d.code)}
    return [_line(edition, entry, people, teams, names) for entry in rows]


def _team_names(edition: Edition, pks: set[int]) -> dict[int, str]:
    """For deleted teams: the last name that an entry stores."""
    names = dict(Team.objects.filter(pk__in=pks).values_list("pk", "name"))
    if gone := pks - names.keys():
        naming = JournalEntry.objects.filter(edition_pk=edition.pk, act__in=NAMING).order_by("id")
        for entry in naming.filter(Q(team_pk__in=gone) | Q(act=MERGED)):
            pk = entry.detail.get("gone") if entry.act == MERGED else entry.team_pk
            if pk in gone:
                names[pk] = entry.detail["name"]
    return names


def _line(
    edition: Edition,
    entry: JournalEntry,
    people: Mapping[int, User],
    teams: Mapping[int, str],
    departments: Mapping[int | str, str],
) -> Line:
    def person(pk: int) -> str:
        return people[pk].display_name if pk in people else _("un compte supprimé")

    team = teams.get(entry.team_pk or 0, "")
    if entry.team_pk and not team:
        team = str(entry.detail.get("name") or _("une équipe supprimée"))
    facts = Facts(
        act=entry.act,
        at=entry.at,
        target=entry.target,
        detail=entry.detail,
        zone=edition.zone,
        who=person(entry.by_id) if entry.by_id else _("Le site"),
        person=person(entry.person_pk) if entry.person_pk else "",
        team=team,
        people=", ".join(person(pk) for pk in entry.detail.get("users", ())) or _("aucun membre"),
        department=departments.get(
            entry.department_pk or str(entry.detail.get("department") or ""), ""
        ),
    )
    group = registry.acts.get(entry.act)
    return Line(
        entry.at,
        facts.who,
        str(group.label if group else entry.act),
        registry.text(facts),
        team,
        facts.department,
    )


def _about_people_of(edition: Edition) -> Q:
    organizers = Edition.organizers.through.objects.filter(edition=edition.pk).values("user")
    about = Q(person_pk__in=organizers)
    for model, path in (
        (Colleague, "edition"),
        (Membership, "edition"),
        (Student, "edition"),
        (Duty, "edition"),
        (Juror, "department__edition"),
    ):
        about |= Q(person_pk__in=model._default_manager.filter(**{path: edition.pk}).values("user"))
    return about
