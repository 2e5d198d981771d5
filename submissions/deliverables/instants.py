from collections.abc import Callable
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.program import Instant
from submissions import live
from submissions.models import Deliverable


def instants_of(edition: Edition) -> list[Instant]:
    """Of deliverables that open or are due at another instant than the edition's. One query."""
    found: list[Instant] = []
    tells: dict[Department, Callable[..., None]] = {}
    own = Deliverable.objects.filter(department__edition=edition).select_related("department")
    for deliverable in own.exclude(opens_at=None, due_at=None):
        department = deliverable.department
        department.edition = edition
        tell = tells.setdefault(department, partial(live.deliverables_changed, department))
        labels = {"opens_at": _("Ouverture : {name}"), "due_at": _("Rendu : {name}")}
        url = reverse("submissions:deliverable-edit", args=[deliverable.pk])
        for field, text in labels.items():
            if getattr(deliverable, field) is not None:
                label = text.format(name=deliverable.name)
                found.append(Instant(deliverable, field, label, url, department.code, tell))
    return found
