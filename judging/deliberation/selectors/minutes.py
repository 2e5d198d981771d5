"""A locked decision with all it came from, as it was kept, for who may read that.

The president and the other jurors from the lock on, with the jurors' names. The organizers after
the publication, with a number for each juror: who gave a mark is not said, though whoever knows
which teams a juror read can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from hackathon.editions.selectors import is_organizer
from judging.jury.selectors import jury_of
from judging.models import Deliberation


@dataclass(frozen=True)
class Minutes:
    """A deliberation's record; `named`: whether its reader may know who gave a mark."""

    deliberation: Deliberation
    named: bool

    @property
    def record(self) -> dict[str, Any]:
        """What was kept (`judging.deliberation.services.records`)."""
        return self.deliberation.record

    @property
    def department(self) -> Department:
        """Whose jury."""
        return self.deliberation.department

    @property
    def teams(self) -> dict[int, str]:
        """Names by id."""
        return {team["id"]: team["name"] for team in self.record["teams"]}

    @property
    def jurors(self) -> dict[int, str]:
        """Who marked: names by id, or numbers in an order that says nothing."""
        if self.named:
            return {juror["id"]: juror["name"] for juror in self.record["jurors"]}
        mixed = sorted((juror["id"] for juror in self.record["jurors"]), key=self._mixed)
        return {pk: _("Juré {n}").format(n=n) for n, pk in enumerate(mixed, 1)}

    @property
    def names(self) -> dict[int, str]:
        """Jurors by name: who signed, or is recused, is no secret to whoever may read minutes. No
        number stands beside it.
        """
        return {juror["id"]: juror["name"] for juror in self.record["jurors"]}

    def _mixed(self, pk: int) -> str:
        said = f"{self.deliberation.pk}:{pk}"
        return salted_hmac("judging.minutes", said, algorithm="sha256").hexdigest()


def get_minutes_for(
    user: User | AnonymousUser, code: str, edition: Edition | None, *, at: datetime
) -> Minutes:
    """Those of a locked deliberation. Raises NotFound to everybody else, and before."""
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == code.casefold():
            return _of(juror.department, named=True)
    return _of(_published(user, code, edition, at), named=False)


def get_marks_for(
    user: User | AnonymousUser, code: str, edition: Edition | None, *, at: datetime
) -> Minutes:
    """The same for the table of all marks: of the jury, only for who presides it."""
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == code.casefold() and juror.is_president:
            return _of(juror.department, named=True)
    return _of(_published(user, code, edition, at), named=False)


def rows_of(minutes: Minutes) -> list[tuple[str, str, str, str, str]]:
    """Every mark for `manage.py rank`: juror, team, criterion, value, weight.

    Values are out of 20 whatever the criterion's scale, as that command makes a sheet's total of
    values and weights alone; no half point is rounded by it. Equal names are told apart. In the
    order of teams and labels, which says nothing of who is who.
    """
    criteria = {str(c["id"]): c for c in minutes.record["criteria"]}
    jurors, teams = _told_apart(minutes.jurors), _told_apart(minutes.teams)
    names = _told_apart({pk: c["name"] for pk, c in criteria.items()})
    return [
        (juror, team, names[pk], *_value(criteria[pk], value))
        for team, juror, marks in sorted(
            ((teams[s["team"]], jurors[s["juror"]], s["marks"]) for s in minutes.record["sheets"]),
            key=lambda row: row[:2],
        )
        for pk, value in marks.items()
    ]


def _value(criterion: Mapping[str, Any], value: str) -> tuple[str, str]:
    out_of_20 = Decimal(value) * 20 / Decimal(criterion["scale"])
    return f"{out_of_20.normalize():f}", str(criterion["weight"])


def _told_apart(names: Mapping[Any, str]) -> dict[Any, str]:
    seen: dict[str, int] = {}
    found = {}
    for pk, name in names.items():
        seen[name] = seen.get(name, 0) + 1
        found[pk] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return found


def _published(
    user: User | AnonymousUser, code: str, edition: Edition | None, at: datetime
) -> Department:
    if edition is not None and is_organizer(user, edition) and results_are_public(edition, at=at):
        for department in Department.objects.select_related("edition").filter(edition=edition):
            if department.code.casefold() == code.casefold():
                return department
    raise NotFound


def _of(department: Department, *, named: bool) -> Minutes:
    found = Deliberation.objects.select_related("department__edition", "locked_by")
    deliberation = found.filter(department=department, locked_at__isnull=False).first()
    if deliberation is None or "ranking" not in deliberation.record:
        raise NotFound
    return Minutes(deliberation, named)
