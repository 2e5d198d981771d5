"""What of an edition is set up, what is missing, and what a change would mean. Asks nothing but the
apps above.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.editions import rules
from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import deadline_inspected, edition_inspected


@dataclass(frozen=True)
class Step:
    """A line of the overview; `page` is the URL name where it is done."""

    title: str
    words: str
    done: bool
    page: str


@dataclass(frozen=True)
class DepartmentState:
    """A department with the state of its brief, and what the apps above say of it."""

    department: Department
    brief_words: str
    brief_done: bool
    published_at: datetime | None
    notes: list[tuple[str, bool]] = field(default_factory=list)


def steps(edition: Edition, *, milestones: int, departments: int, organizers: int) -> list[Step]:
    """The edition's own lines, in the order in which one does them."""
    return [
        Step(
            _("Identité"),
            edition.client or _("Le client manque encore."),
            bool(edition.client),
            "editions:identity",
        ),
        Step(
            _("Étapes de la journée"),
            ngettext("%(n)s étape", "%(n)s étapes", milestones) % {"n": milestones}
            if milestones
            else _("Aucune étape : la journée n’a que son lancement et son rendu."),
            milestones > 0,
            "editions:milestones",
        ),
        Step(
            _("Départements"),
            ngettext("%(n)s département", "%(n)s départements", departments) % {"n": departments}
            if departments
            else _("Aucun département : personne ne peut inscrire d’équipe."),
            departments > 0,
            "editions:departments",
        ),
        Step(
            _("Organisation"),
            ngettext("%(n)s personne", "%(n)s personnes", organizers) % {"n": organizers},
            organizers > 0,
            "editions:organizers",
        ),
    ]


def departments_state(
    edition: Edition, departments: Iterable[Department], *, at: datetime
) -> list[DepartmentState]:
    """Each department's state; `departments` come with their briefs."""
    notes: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for __, answer in edition_inspected.send(Edition, edition=edition):
        lines_by_department: Mapping[int, list[tuple[str, bool]]] = answer or {}  # type: ignore[assignment]
        for pk, lines in lines_by_department.items():
            notes[pk] += lines
    return [_department_state(department, notes[department.pk], at) for department in departments]


def _department_state(
    department: Department, notes: list[tuple[str, bool]], at: datetime
) -> DepartmentState:
    brief = getattr(department, "brief", None)
    if brief is None:
        return DepartmentState(department, _("Sujet à écrire"), False, None, notes)
    published = rules.brief_is_published(brief, at=at)
    words = _("Sujet publié") if published else _("Sujet prêt")
    return DepartmentState(department, words, True, brief.published_at, notes)


@dataclass(frozen=True)
class Forward:
    """A deadline that would come earlier than it does now: what is to be confirmed.

    `key` is what the confirmation carries, so that it holds for this instant and no other.
    """

    before: datetime
    to: datetime
    is_past: bool
    notes: list[str]
    key: str


def forward(
    edition: Edition, instants: Mapping[str, object], *, confirmed: str, at: datetime
) -> Forward | None:
    """What to ask before these changes are made, unless `confirmed` answers it. None for all that
    takes no time away from the teams, and for what the rules will refuse.
    """
    to = instants.get("deadline_at")
    if not isinstance(to, datetime) or not rules.is_brought_forward(edition, instants, at=at):
        return None
    key = to.astimezone(UTC).isoformat()
    if confirmed == key:
        return None
    answers = deadline_inspected.send(Edition, edition=edition)
    notes = [str(sentence) for __, answer in answers for sentence in answer or ()]
    return Forward(edition.deadline_at, to, to <= at, notes, key)
