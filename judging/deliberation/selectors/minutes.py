"""The president reads all marks at any time, and the minutes from the lock on, the jury too if the
edition says so. Everybody else of the jury and the organizers read them after the publication,
organizers with numbers in place of the jurors' names beside marks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import find_department, is_organizer
from judging.deliberation.selectors.hearings import passages_record
from judging.deliberation.selectors.marks import marks_record
from judging.enums import HEARING
from judging.jury.rules import may_read_decision
from judging.jury.selectors import (
    get_department_for,
    get_juror_for,
    get_president_for,
    is_decided,
)
from judging.models import Deliberation, NominationSeal
from judging.ranking.selectors import ranking_inputs, record_at_lock
from submissions.versions.selectors import handed_in

# The columns of the exported marks.
COLUMNS = ("juror", "team", "criterion", "value", "weight", "scale")
PASSAGE_COLUMNS = ("juror", "team", "criterion", "value")  # out of 20
PARAMETER = "#"  # stands for the juror in lines with a parameter: its name, and its value

type Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Minutes:
    """`named`: the reader may know who gave which mark."""

    deliberation: Deliberation
    named: bool

    @property
    def record(self) -> dict[str, Any]:
        return self.deliberation.record

    @property
    def department(self) -> Department:
        return self.deliberation.department

    @property
    def seal(self) -> NominationSeal | None:
        """Of the first of two acts."""
        return getattr(self.deliberation, "nomination_seal", None)

    @property
    def teams(self) -> dict[int, str]:
        """By id."""
        return {team["id"]: team["name"] for team in self.record["teams"]}

    @property
    def announced(self) -> list[tuple[str, str, datetime]]:
        """Team and deliverable of each deposit that counts from an instant before it came."""
        return [
            (deposits.team.name, status.deliverable.name, status.counting.announced_at)
            for deposits in handed_in(self.department).values()
            for status in deposits.statuses
            if status.counting and status.counting.announced_at
        ]

    @property
    def jurors(self) -> dict[int, str]:
        """For use beside marks: without `named`, numbers in a keyed random order."""
        if self.named:
            return {juror["id"]: juror["name"] for juror in self.record["jurors"]}
        shuffled = sorted((juror["id"] for juror in self.record["jurors"]), key=self._order_key)
        return {pk: _("Juré {n}").format(n=n) for n, pk in enumerate(shuffled, 1)}

    @property
    def names(self) -> dict[int, str]:
        """For signatures and recusals. Must never be shown together with numbers of `jurors`."""
        return {juror["id"]: juror["name"] for juror in self.record["jurors"]}

    def _order_key(self, pk: int) -> str:
        value = f"{self.deliberation.pk}:{pk}"
        return salted_hmac("judging.minutes", value, algorithm="sha256").hexdigest()


def get_minutes_for(
    user: User | AnonymousUser, code: str, edition: Edition | None, *, at: datetime
) -> Minutes:
    try:
        juror = get_juror_for(user, code, edition)
    except NotFound:
        return _minutes_of(_published_department(user, code, edition, at), named=False)
    # `_minutes_of` finds nothing before the lock.
    if not may_read_decision(juror, locked=True, at=at):
        raise NotFound
    return _minutes_of(juror.department, named=True)


def get_marks_for(
    user: User | AnonymousUser, code: str, edition: Edition | None, *, at: datetime
) -> Minutes:
    """Of the jury only the president may read all marks, before the lock those of now."""
    try:
        department = get_president_for(user, code, edition).department
    except NotFound:
        return _minutes_of(_published_department(user, code, edition, at), named=False)
    if is_decided(department):
        return _minutes_of(department, named=True)
    record = record_at_lock(department) or marks_record(ranking_inputs(department))
    record = record | {HEARING: passages_record(department)}
    return Minutes(Deliberation(department=department, record=record), named=True)


def get_minutes_of(user: User | AnonymousUser, pk: int, *, at: datetime) -> Minutes:
    """For organizers, of a department of any edition."""
    department = get_department_for(user, pk)
    if not results_are_public(department, at=at):
        raise NotFound
    return _minutes_of(department, named=False)


def rows_of(minutes: Minutes) -> list[Row]:
    """For `manage.py rank`: first the marks, sorted by team and label of the juror (an order by id
    would help to recognize jurors), then the parameters.
    """
    criteria = {str(c["id"]): c for c in minutes.record["criteria"]}
    jurors, teams = _unique_names(minutes.jurors), _unique_names(minutes.teams)
    names = _unique_names({pk: c["name"] for pk, c in criteria.items()})
    marks = [
        (juror, team, names[pk], value, str(criteria[pk]["weight"]), str(criteria[pk]["scale"]))
        for team, juror, marks in sorted(
            ((teams[s["team"]], jurors[s["juror"]], s["marks"]) for s in minutes.record["sheets"]),
            key=lambda row: row[:2],
        )
        for pk, value in marks.items()
    ]
    return marks + [
        (PARAMETER, name, "", value, "", "") for name, value in _parameters(minutes, teams)
    ]


def rows_of_passages(minutes: Minutes) -> list[tuple[str, str, str, str]]:
    """Sorted like the marks; empty unless the jury heard its nominees."""
    passages = minutes.record.get(HEARING, {"criteria": [], "marks": []})
    names = {c["id"]: c["name"] for c in passages["criteria"]}
    jurors, teams = _unique_names(minutes.jurors), _unique_names(minutes.teams)
    return sorted(
        (jurors[m["juror"]], teams[m["team"]], names[m["criterion"]], m["value"])
        for m in passages["marks"]
    )


def _parameters(minutes: Minutes, teams: Mapping[int, str]) -> list[tuple[str, str]]:
    """`noise` is that of all juries. `team`: in the order of teams with equal values."""
    parameters = minutes.record["parameters"]
    return [
        ("method", parameters["method"]),
        ("separation", parameters["separation"]),
        ("noise", json.dumps(parameters["noise"])),
        ("model", str(parameters.get("model", 1))),
        *(("team", teams[team["id"]]) for team in minutes.record["teams"]),
    ]


def _unique_names(names: Mapping[Any, str]) -> dict[Any, str]:
    seen: dict[str, int] = {}
    unique = {}
    for pk, name in names.items():
        seen[name] = seen.get(name, 0) + 1
        unique[pk] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return unique


def _published_department(
    user: User | AnonymousUser, code: str, edition: Edition | None, at: datetime
) -> Department:
    """Raises NotFound unless the user organizes the edition and the results are public."""
    if edition is not None and is_organizer(user, edition):
        department = find_department(edition, code)
        if department is not None and results_are_public(department, at=at):
            return department
    raise NotFound


def _minutes_of(department: Department, *, named: bool) -> Minutes:
    deliberations = Deliberation.objects.select_related(
        "department__edition", "locked_by", "nomination_seal__locked_by"
    )
    deliberation = get_or_not_found(deliberations, department=department, locked_at__isnull=False)
    if "ranking" not in deliberation.record:
        raise NotFound
    return Minutes(deliberation, named)
