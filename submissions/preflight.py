from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Count, Q
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.formats import size_text
from hackathon.base.core.preflight import Problem, Severity, Topic, names, registry
from hackathon.event.editions import rules
from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.models import Edition
from submissions.budget import selectors as budget
from submissions.models import Deliverable, Submission


@registry.check(
    "calendar.past", Topic.CALENDAR, Severity.BLOCKER, _("L’heure limite est encore à venir")
)
def past(edition: Edition, at: datetime) -> Iterator[Problem]:
    """What is over and has submissions is no mistake."""
    oddity = rules.past_oddity(edition, at=at)
    if oddity and not Submission.objects.filter(team__edition=edition).exists():
        url = resolve_url("editions:schedule", edition.slug)
        yield Problem(str(oddity), url, gettext("Corriger le calendrier"))


@registry.check(
    "deliverable.missing",
    Topic.DELIVERABLES,
    Severity.BLOCKER,
    _("Chaque département demande au moins un livrable obligatoire"),
)
def deliverables(edition: Edition, at: datetime) -> Iterator[Problem]:
    required = Count("deliverables", filter=Q(deliverables__required=True))
    if without := names(edition.departments.annotate(required=required).filter(required=0)):
        text = gettext("Sans livrable obligatoire : {departments}.").format(departments=without)
        url = resolve_url("submissions:deliverables-table", edition.slug)
        yield Problem(text, url, gettext("Ajouter des livrables"))


@registry.check(
    "deliverable.instants",
    Topic.DELIVERABLES,
    Severity.WARNING,
    _("Les livrables à rendre à un autre moment ouvrent et ferment à temps"),
)
def own_instants(edition: Edition, at: datetime) -> Iterator[Problem]:
    own = Deliverable.objects.filter(department__edition=edition)
    own = own.exclude(opens_at=None, due_at=None).select_related("department")
    kind, none = MilestoneKind.AWARDS, datetime.max.replace(tzinfo=UTC)
    awards = edition.milestones.filter(kind=kind).order_by("at").values_list("at", flat=True)
    ceremony = awards.first() or none
    for deliverable in own:
        due_at = deliverable.due_at or edition.deadline_at
        if due_at <= edition.starts_at:
            text = gettext("« {name} » ({department}) est à rendre avant le lancement : {when}.")
        elif due_at >= ceremony:
            text = gettext("« {name} » ({department}) est à rendre après la remise : {when}.")
        elif deliverable.opens_at is not None and deliverable.opens_at >= due_at:
            text = gettext("« {name} » ({department}) ouvre après son heure limite : {when}.")
        else:
            continue
        when = rules.day_and_time(due_at, edition)
        values = {"name": deliverable.name, "department": deliverable.department.code, "when": when}
        url = resolve_url("submissions:deliverable-edit", deliverable.pk)
        yield Problem(text.format(**values), url, gettext("Corriger ce livrable"))


@registry.check(
    "disk.space",
    Topic.SERVER,
    Severity.BLOCKER,
    _("Le disque contient une version de chaque livrable de chaque équipe"),
)
def disk(edition: Edition, at: datetime) -> Iterator[Problem]:
    space, needed = budget.space(at=at), budget.first_versions(edition)
    if needed > space.available:
        text = gettext(
            "Sur le disque, toutes les équipes peuvent avoir besoin de {needed} :"
            " {free} sont libres."
        )
        sizes = {"needed": size_text(needed), "free": size_text(space.available)}
        url = f"{resolve_url('operations:server', edition.slug)}#disk.space"
        yield Problem(text.format(**sizes), url, gettext("Voir que faire"))
