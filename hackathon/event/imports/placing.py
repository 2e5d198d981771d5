"""Teams of a file, and who is in them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import cells
from hackathon.event.imports.accounts import People
from hackathon.event.imports.departments import Departments
from hackathon.event.imports.enums import TEAM_TEXTS, Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.people import Person
from hackathon.event.imports.plan import Plan, label_of
from hackathon.event.imports.rows import Line
from teams.errors import TeamRefusal
from teams.models import Membership, Team


@dataclass(eq=False)
class Placed:
    """A team of the edition or of the file."""

    team: Team
    members: list[Membership]  # as they will be
    row: int = 0  # the first one of this file
    default: Department | None = None  # of a new team, if no row says it
    arrivals: dict[Person, int] = field(default_factory=dict)  # their rows
    captain: tuple[Person, int] | None = None
    captain_left: bool = False

    def __str__(self) -> str:
        return self.team.name

    def named(self, name: str) -> list[Person]:
        """Who comes to the team and has this name."""
        same = cells.same_name(name)
        return [person for person in self.arrivals if cells.same_name(person.name) == same]


class Placing:
    """Three queries for the teams and colleagues of the edition."""

    def __init__(
        self, plan: Plan, edition: Edition, departments: Departments, *, at: datetime
    ) -> None:
        self.plan = plan
        self.edition = edition
        self.departments = departments
        self.at = at
        members = Membership.objects.select_related("user").order_by("joined_at", "pk")
        teams = Team.objects.filter(edition=edition).select_related("department")
        self.teams = {
            _key(team.name): Placed(team, list(team.memberships.all()))
            for team in teams.prefetch_related(Prefetch("memberships", members))
        }
        self.colleagues = set(edition.colleagues.values_list("user", flat=True))
        self.without_accents = {_plain(name): placed for name, placed in self.teams.items()}

    def known(self, name: str) -> Placed | None:
        """« EQUIPE 1 » is « Équipe 1 » unless there are both."""
        return self.teams.get(_key(name)) or self.without_accents.get(_plain(name))

    def department_of(self, name: str) -> Department | None:
        """Of a team of the edition, or as an earlier row has it."""
        placed = self.known(name) if name else None
        if placed is None or placed.team.department_id:
            return placed.team.department if placed else None
        return self.plan.given.get((placed, Field.DEPARTMENT), (None, 0))[0]

    def read(self, lines: Iterable[Line], people: People) -> None:
        captains = []
        for line in lines:
            if self.plan.kind is ImportKind.ROOMS:
                self._read_room(line)
            elif (read := self._read(line, people)) and line.captain_named:
                captains.append((line, *read))
        # After all rows: a captain who is only named may be a member of a later one.
        for line, team, near in captains:
            assert line.captain_named is not None
            email, name = line.captain_named
            members = team.named(name) if name and not email else []
            person = members[0] if len(members) == 1 else None
            if person is None:
                captain = Line(line.row, {Field.EMAIL: email, Field.FULL_NAME: name})
                person = people.find(captain, near, (Field.CAPTAIN,))
            if person is not None:
                self._place(person, team, line.row, captain=True)

    def _read(self, line: Line, people: People) -> tuple[Placed, Department | None] | None:
        """Its team, and the department in which names are looked for."""
        department = people.department(line)
        near = department or self.department_of(line[Field.TEAM])
        person = people.of_row(line, near)
        if not line[Field.TEAM]:
            if self._is_about_teams:
                people.missing(line, Field.TEAM)
            return None
        own = person.student.department if person and person.student else None
        if own and line.row in people.guessed:
            department = None
        team = self._team(line, department, own or self.departments.default)
        if person is not None:
            self._place(person, team, line.row, captain=line.captain)
        for email, name in line.members:
            member = Line(line.row, {Field.EMAIL: email, Field.FULL_NAME: name})
            if (person := people.find(member, near, (Field.MEMBERS, Field.EMAIL))) is not None:
                self._place(person, team, line.row)
        return team, near

    def _team(
        self, line: Line, department: Department | None, default: Department | None
    ) -> Placed:
        placed = self.known(line[Field.TEAM])
        if placed is None:
            team = Team(edition=self.edition, name=line[Field.TEAM], registered_at=self.at)
            placed = self.teams[_key(team.name)] = Placed(team, [])
            self.without_accents[_plain(team.name)] = placed
        placed.row = placed.row or line.row
        placed.default = placed.default or default
        self.plan.give(line.row, placed, Field.DEPARTMENT, department)
        self.plan.give(line.row, placed, Field.FLOOR, line.floor)
        for text in TEAM_TEXTS:
            self.plan.give(line.row, placed, text, line[text])
        return placed

    def _read_room(self, line: Line) -> None:
        """A room of one or more teams, or the floor of a room."""
        if text := line[Field.TEAM]:
            parts = [part for part in re.split(r"[;,/\n]", text) if part.strip()]
            for name in [text] if self.known(text) else parts:
                if self.known(name):
                    line.texts[Field.TEAM] = name
                    self._team(line, None, None)
                else:
                    refusal = refuse(ImportRefusal.TEAM_UNKNOWN, value=cells.shown(name))
                    self.plan.refuse(line.row, (Field.TEAM,), refusal)
            return
        in_room = [t for t in self.teams.values() if _key(t.team.room) == _key(line[Field.ROOM])]
        if not in_room or not line[Field.ROOM] or line.floor is None:
            self.plan.skip(
                line.row,
                _(
                    "aucune équipe n’est dans cette salle (les salles et leurs places s’écrivent"
                    " dans « Équipes », « Salles »)"
                ),
            )
            return
        for placed in in_room:
            placed.row = placed.row or line.row
            self.plan.give(line.row, placed, Field.FLOOR, line.floor)

    def _place(
        self, person: Person, team: Placed, row: int, *, captain: bool | None = None
    ) -> None:
        if not self.plan.give(row, person, Field.TEAM, team):
            return
        team.arrivals.setdefault(person, row)
        if not captain:
            return
        if team.captain is None:
            team.captain = person, row
        elif team.captain[0] is not person:
            refusal = refuse(ImportRefusal.TWO_CAPTAINS, team=team.team.name, row=team.captain[1])
            self.plan.refuse(row, (Field.CAPTAIN,), refusal)

    def save(self) -> None:
        named = [placed for placed in self.teams.values() if placed.row]
        for placed in named:
            self._save_team(placed)
        before = {placed: len(placed.members) for placed in self.teams.values()}
        for placed in named:
            for person, row in placed.arrivals.items():
                self._save_member(placed, person, row)
        for placed in self.teams.values():
            self._check_size(placed, before[placed])
            if placed.arrivals or placed.captain_left:
                self._save_captain(placed)

    def _save_team(self, placed: Placed) -> None:
        team, row = placed.team, placed.row
        department, row_of = self.plan.given.get((placed, Field.DEPARTMENT), (None, row))
        if team.pk is None:
            team.department = department or placed.default
            if team.department_id is None:
                codes = self.departments.known
                refusal = refuse(ImportRefusal.DEPARTMENT_MISSING, known=codes)
                self.plan.refuse(row, (Field.DEPARTMENT, Field.TEAM), refusal)
                return
            self.plan.create(team)
            if self._is_about_teams:
                self.plan.mark_created(row)
                self.plan.mark_changed(row, label_of(team, "department"), "", team.department)
            else:
                self.plan.mark_changed(row, _("nouvelle équipe"), "", team.name)
        elif department is not None and team.department_id != department.pk:
            refusal = refuse(
                ImportRefusal.TEAM_ELSEWHERE, team=team.name, department=team.department
            )
            self.plan.refuse(row_of, (Field.DEPARTMENT, Field.TEAM), refusal)
        self.plan.fill(team, placed, {field: field.value for field in (Field.FLOOR, *TEAM_TEXTS)})

    @property
    def _is_about_teams(self) -> bool:
        return self.plan.kind is ImportKind.TEAMS

    def _save_member(self, placed: Placed, person: Person, row: int) -> None:
        membership = person.membership
        if membership is None:
            membership = Membership(
                edition=self.edition, team=placed.team, user=person.user, joined_at=self.at
            )
            person.membership = membership
            self.plan.create(membership)
            if person.user.pk in self.colleagues:
                self.plan.refuse(row, (Field.TEAM,), refuse(TeamRefusal.COLLEAGUE))
            if self._is_about_teams:
                self.plan.mark_created(row)
            label = Field.TEAM.label
            self.plan.mark_changed(row, label, "", placed.team.name, user=person.user)
        elif membership.team_id != placed.team.pk or placed.team.pk is None:
            old = self.teams[_key(membership.team.name)]
            old.members = [m for m in old.members if m.user_id != person.user.pk]
            self.plan.change(row, membership, "team", placed.team, user=person.user)
            for consent in Membership.CONSENTS:  # it was given for the former team
                self.plan.set(membership, consent, False)
            if self.plan.set(membership, "is_captain", False):
                old.captain_left = True
        else:
            # The object of the team, so that there is one for each row of the database.
            person.membership = next(m for m in placed.members if m.pk == membership.pk)
            return
        placed.members.append(membership)

    def _check_size(self, placed: Placed, before: int) -> None:
        limit = self.edition.team_size_max
        if len(placed.members) <= max(limit, before):
            return
        refusal = refuse(ImportRefusal.TEAM_FULL, team=placed.team.name, max=limit)
        members = set(map(id, placed.members))  # most are not in the database yet
        new = [row for one, row in placed.arrivals.items() if id(one.membership) in members]
        for row in dict.fromkeys(new[limit - len(placed.members) :] or [placed.row]):
            self.plan.refuse(row, (Field.TEAM,), refusal)

    def _save_captain(self, placed: Placed) -> None:
        """Without one in the file, the captain stays; a team without captain gets one."""
        current = next((m for m in placed.members if m.is_captain), None)
        person, row = placed.captain or (None, placed.row)
        wanted = person.membership if person else None
        if wanted is None and current is None and placed.members:
            wanted = placed.members[0]
        if wanted is None or wanted is current:
            return
        if current is not None:
            self.plan.set(current, "is_captain", False)
        self.plan.set(wanted, "is_captain", True)
        if row:
            before = current.user.display_name if current else ""
            name = wanted.user.display_name
            self.plan.mark_changed(row, Field.CAPTAIN.label, before, name)


def _key(name: str) -> str:
    """Apostrophes are typed in two ways."""
    return " ".join(name.replace("'", "’").split()).casefold()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", _key(name))
    return "".join(c for c in letters if not unicodedata.combining(c))
