"""More teams than the sixty of 2020, for measurements: copies of those, written without services.

Services take 10 ms for a team or a deposit, and publish live messages, which are not needed here.
"""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.codes import new_code
from hackathon.event.editions.models import Edition
from hackathon.run.demo.people import get_or_create_users
from submissions.models import Inspection, Receipt, Submission
from submissions.receipts import rules as receipts
from teams.models import Membership, Student, Team

MEMBERS = 5
FLOORS = 7


@transaction.atomic
def add_teams(edition: Edition, total: int, *, password: str, domain: str) -> list[Team]:
    """Up to `total` teams. `password` is hashed. A copy of a team has its deposits, but five
    members of its own, who are in the list of students. Twelve queries for any number.
    """
    models = list(edition.teams.select_related("department").order_by("pk"))
    missing = total - len(models)
    if missing <= 0:
        return []
    teams = Team.objects.bulk_create(
        _copy(models[number % len(models)], len(models) + number + 1) for number in range(missing)
    )
    first = edition.memberships.count() + 1
    numbers = range(first, first + missing * MEMBERS)
    names = {f"etudiant{number}@{domain}": f"Étudiant {number}" for number in numbers}
    users = get_or_create_users(names, password=password)  # also those of another large edition
    Membership.objects.bulk_create(
        Membership(
            edition=edition,
            team=team,
            user=user,
            is_captain=place == 0,
            joined_at=team.registered_at + timedelta(minutes=place),
        )
        for team, members in zip(teams, itertools.batched(users, MEMBERS), strict=True)
        for place, user in enumerate(members)
    )
    Student.objects.bulk_create(
        Student(
            edition=edition,
            user=user,
            department=team.department,
            number=f"{32_000_000 + number}",
            group=f"TD{number % 12 + 1}",
            listed_at=team.registered_at,
        )
        for number, (team, user) in enumerate(
            (
                (team, user)
                for team, members in zip(teams, itertools.batched(users, MEMBERS), strict=True)
                for user in members
            ),
            first,
        )
    )
    _copy_deposits(models, teams, users[::MEMBERS])
    return teams


def _copy(model: Team, number: int) -> Team:
    floor, room = number % FLOORS, 100 + number // FLOORS
    return Team(
        edition_id=model.edition_id,
        department=model.department,
        name=f"{model.name[:50]} {number}",
        floor=floor,
        room=f"{floor}{room}",
        registered_at=model.registered_at,
    )


def _copy_deposits(models: Sequence[Team], teams: Sequence[Team], captains: Sequence[User]) -> None:
    """The files are those of the model: a stored file is never changed."""
    deposits: dict[int, list[Submission]] = {model.pk: [] for model in models}
    submissions = Submission.objects.filter(team__in=list(deposits)).select_related("inspection")
    for submission in submissions.order_by("pk"):
        deposits[submission.team_id].append(submission)
    copies: list[Submission] = []
    inspections: list[Inspection] = []
    for number, (team, captain) in enumerate(zip(teams, captains, strict=True)):
        for model in deposits[models[number % len(models)].pk]:
            changed = {"team_id": team.pk, "submitted_by_id": captain.pk}
            copy = Submission(**_columns(model) | changed)
            copies.append(copy)
            inspection = getattr(model, "inspection", None)
            if inspection is not None:
                columns = _columns(inspection)
                del columns["submission_id"]
                inspections.append(Inspection(submission=copy, **columns))
    Submission.objects.bulk_create(copies)
    Inspection.objects.bulk_create(inspections)
    Receipt.objects.bulk_create(
        Receipt(
            submission=copy,
            code=(code := new_code(receipts.CODE_LENGTH)),
            signature=receipts.signature_of(copy, code),
            mailed_at=copy.received_at,  # no mail is sent
            digested_at=copy.received_at,
        )
        for copy in copies
    )


def _columns(row: Submission | Inspection) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "id"}
