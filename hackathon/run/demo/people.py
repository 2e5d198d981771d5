import hashlib
import hmac
import itertools
import math
import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.run.demo.day import Day, DemoPhase
from hackathon.run.demo.facts import facts
from teams.models import Team
from teams.placement import Place
from teams.services import membership, rooms
from teams.services import teams as team_services

DOMAIN = "ccd.example.org"
# 40 teams of seven and 20 of six are the 400 students of that day.
TEAMS_OF_SEVEN = 40
ROOM_PLACES = 8


def demo_password() -> str:
    """One password for all demo accounts, derived from the secret key of the installation."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"demo", hashlib.sha256).hexdigest()
    return f"charly-{digest[:8]}"


class Accounts:
    """The password is hashed only once: four hundred hashes take a minute."""

    def __init__(self, domain: str = DOMAIN, password: str = "") -> None:
        self.password = password or make_password(demo_password())
        self._domain = domain
        self._names = _names()

    def get_or_create(self, local: str, name: str, **fields: bool) -> User:
        user, _ = User.objects.get_or_create(
            email=f"{local}@{self._domain}",
            defaults={"name": name, "password": self.password, **fields},
        )
        return user

    def next_students(self, count: int) -> list[User]:
        names = itertools.islice(self._names, count)
        by_email = {f"{_local_part(name)}@{self._domain}": name for name in names}
        return get_or_create_users(by_email, password=self.password)


def get_or_create_users(names: Mapping[str, str], *, password: str) -> list[User]:
    """By address, in this order. `password` is hashed. Two queries for any number."""
    existing = User.objects.in_bulk(list(names), field_name="email")
    created = User.objects.bulk_create(
        User(email=email, name=name, password=password)
        for email, name in names.items()
        if email not in existing
    )
    users = existing | {user.email: user for user in created}
    return [users[email] for email in names]


def create_teams(edition: Edition, day: Day, accounts: Accounts, most: int = 0) -> list[Team]:
    """For registration every fifth team is incomplete and every sixth missing. `most`: fewer of
    them, from all departments.
    """
    departments = {d.code: d for d in edition.departments.all()}
    wanted = [(departments[d["code"]], team) for d in facts()["departments"] for team in d["teams"]]
    if most:
        wanted = wanted[:: math.ceil(len(wanted) / most)]
    registering = day.phase == DemoPhase.REGISTRATION
    sizes = [7 if index < TEAMS_OF_SEVEN else 6 for index in range(len(wanted))]
    students = iter(accounts.next_students(sum(sizes)))
    teams = []
    for index, (department, entry) in enumerate(wanted):
        members = list(itertools.islice(students, sizes[index]))
        if registering and index % 6 == 5:
            continue
        if registering and index % 5 == 4:
            members = members[:3]
        at = _registered_at(day, index)
        team = team_services.register(
            edition=edition,
            department=department,
            name=entry["name"],
            by=members[0],
            at=at,
            project=entry.get("project", "") if not registering else "",
            floor=index // 9,
            room=f"{index // 9}{index % 9 + 1:02d}",
        )
        for user in members[1:]:
            membership.join(team=team, by=user, at=at + timedelta(minutes=1))
        teams.append(team)
    return teams


def create_rooms(edition: Edition, teams: Sequence[Team], day: Day, *, by: User) -> None:
    places = [Place(team.room, team.floor, ROOM_PLACES) for team in teams]
    rooms.write(edition, places, by=by, at=_registered_at(day, 0))


def _registered_at(day: Day, index: int) -> datetime:
    latest = min(day.now, day.registration_closes_at)
    return latest - timedelta(hours=3, minutes=index * 7)


def _names() -> Iterator[str]:
    pairs = list(itertools.product(facts()["first_names"], facts()["last_names"]))
    random.Random(2020).shuffle(pairs)
    return (f"{first} {last}" for first, last in pairs)


def _local_part(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", ".")
