"""What an edition needs. Each app registers its checks of it in `preflight.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras

type Text = str | Promise


class Severity(TextChoices):
    """In the order of the page."""

    BLOCKER = "blocker", _("bloque")
    WARNING = "warning", _("gêne")
    OPTIONAL = "optional", _("facultatif")


class Owner(TextChoices):
    """Who can mend it, in the order of the page."""

    ORGANIZER = "organizer", _("À faire par l’organisation")
    ADMINISTRATOR = "administrator", _("À demander à la personne qui s’occupe du serveur")
    LEGAL = "legal", _("À demander au service juridique")


class Topic(TextChoices):
    """In the order of the page."""

    IDENTITY = "identity", _("Identité")
    CALENDAR = "calendar", _("Calendrier")
    DEPARTMENTS = "departments", _("Départements")
    BRIEFS = "briefs", _("Sujets")
    DELIVERABLES = "deliverables", _("Livrables")
    JURIES = "juries", _("Jurys")
    TEAMS = "teams", _("Équipes")
    PEOPLE = "people", _("Personnes")
    SERVER = "server", _("Serveur")
    NOTICE = "notice", _("Mentions légales")


OWNERS = {Topic.SERVER: Owner.ADMINISTRATOR, Topic.NOTICE: Owner.LEGAL}


@dataclass(frozen=True)
class Problem:
    """`url`: the page that mends it, or tells the operator how, with its label in `remedy`."""

    text: str
    url: str = ""
    remedy: str = ""


def names(departments: Iterable[Any]) -> str:
    return ", ".join(department.name for department in departments)


type Run = Callable[[Any, datetime], Iterable[Problem]]


@dataclass(frozen=True)
class Check:
    """`run(edition, at)` returns the problems."""

    code: str
    topic: Topic
    severity: Severity
    title: Text
    run: Run


@dataclass(frozen=True)
class Line:
    code: str
    topic: Topic
    severity: Severity
    title: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def owner(self) -> Owner:
        return OWNERS.get(self.topic, Owner.ORGANIZER)

    @property
    def is_ok(self) -> bool:
        return not self.problems

    @property
    def is_blocking(self) -> bool:
        return bool(self.problems) and self.severity == Severity.BLOCKER


class Registry:
    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}

    def check(
        self, code: str, topic: Topic, severity: Severity, title: Text
    ) -> Callable[[Run], Run]:
        def add(run: Run) -> Run:
            self.checks[code] = Check(code, topic, severity, title, run)
            return run

        return add


registry = Registry()


def checks(edition: Any, *, at: datetime) -> list[Line]:
    """By owner, severity and topic. A fixed number of queries."""
    order = [*Owner, *Severity, *Topic]
    chosen = [check for check in registry.checks.values() if _is_on(check, edition)]
    lines = [line_of(check, edition, at=at) for check in chosen]
    return sorted(lines, key=lambda x: [*map(order.index, (x.owner, x.severity, x.topic))])


def _is_on(check: Check, edition: Any) -> bool:
    name = extras.extra_of(check.run.__module__)
    return not name or extras.is_on(name, edition)


def line_of(check: Check, edition: Any, *, at: datetime) -> Line:
    problems = list(check.run(edition, at))
    return Line(check.code, check.topic, check.severity, str(check.title), problems)
