"""All instants of an edition, and what moves when its whole day moves."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import cast

from django.db.models import Model
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core import extras
from hackathon.base.core.errors import Refusal
from hackathon.event.editions import live, moves, rules, selectors
from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import instants_asked


@dataclass(frozen=True)
class Instant:
    """The field `name` of `row`, which is changed at `url`. `department`: its code, if it has one.
    `tell(at=…)` publishes that it has moved.
    """

    row: Model
    name: str
    label: str
    url: str
    department: str = ""
    tell: Callable[..., None] | None = None

    @property
    def at(self) -> datetime:
        instant: datetime = getattr(self.row, self.name)
        return instant


@dataclass(frozen=True)
class Line:
    """`instants`: alike, each of another department; none if it follows from another line."""

    at: datetime
    label: str
    instants: list[Instant] = field(default_factory=list)

    @property
    def departments(self) -> str:
        return ", ".join(instant.department for instant in self.instants if instant.department)

    @property
    def title(self) -> str:
        return f"{self.label} ({self.departments})" if self.departments else self.label


def instants_of(edition: Edition) -> list[Instant]:
    """A fixed number of queries."""
    slug = edition.slug
    calendar = reverse("editions:schedule", args=[slug])
    found = [
        Instant(edition, name, capfirst(rules.field_label(name)), f"{calendar}#id_{name}")
        for name in rules.INSTANTS
    ]
    for milestone in edition.milestones.all():
        url = reverse("editions:milestone", args=[slug, milestone.pk])
        found.append(Instant(milestone, "at", milestone.label, url))
    for brief in selectors.briefs_of(edition):
        url = reverse("editions:brief-edit", args=[slug, brief.department_id])
        code = brief.department.code
        tell = partial(live.brief_changed, edition, code, is_public=False)
        found.append(Instant(brief, "published_at", _("Sujet"), url, code, tell))
    for receiver, more in instants_asked.send(Edition, edition=edition):
        extra = extras.extra_of(receiver.__module__)
        if not extra or extras.is_on(extra, edition):
            found += cast(list[Instant], more)
    return found


def lines_of(edition: Edition) -> list[Line]:
    """In the order of time."""
    ordered = sorted(instants_of(edition), key=lambda i: (i.at, i.label))
    lines = [
        Line(at, label, list(alike))
        for (at, label), alike in groupby(ordered, lambda i: (i.at, i.label))
    ]
    if edition.grace_seconds:
        lines.append(Line(rules.grace_ends_at(edition), _("Fin de la marge")))
    return sorted(lines, key=lambda line: (line.at, bool(line.instants)))


def moved(edition: Edition, instant: datetime, to: datetime) -> datetime:
    """As the launch moves to `to`, in local time."""
    # Typed instants have whole seconds.
    delay = rules.local_delay(edition.starts_at.replace(microsecond=0), to, edition.zone)
    return rules.shifted(instant, delay, edition.zone)


def refusal(edition: Edition, lines: list[Line], to: datetime, *, at: datetime) -> Refusal | None:
    coming = [(line.title, moved(edition, line.at, to)) for line in lines if line.at > at]
    return rules.day_move_refusal(edition, to, coming, at=at)


def preview(edition: Edition, to: datetime, *, at: datetime) -> moves.Move | None:
    """None if rules refuse it. What has passed stays."""
    lines = [line for line in lines_of(edition) if line.instants]
    if refusal(edition, lines, to, at=at) is not None:
        return None
    changes = [
        moves.Change(line.title, line.at, moved(edition, line.at, to))
        for line in lines
        if line.at > at
    ]
    keys = ",".join(moves.key_of(change.label, change.before, change.to) for change in changes)
    n = moves.concerned(edition, at=at).members
    follows = ngettext(
        "Toute la journée bouge, pour %(n)s étudiant. Aucun e-mail ne part : écrivez une annonce.",
        "Toute la journée bouge, pour %(n)s étudiants. Aucun e-mail ne part : écrivez une annonce.",
        n,
    )
    notes = [_("Suivent d’eux-mêmes : la marge, les délais accordés, les scellés et les rappels.")]
    if passed := ", ".join(line.title for line in lines if line.at <= at):
        notes.append(_("Ne bouge pas, parce que c’est passé : {what}.").format(what=passed))
    return moves.Move(
        edition=edition,
        at=at,
        changes=changes,
        key=hashlib.sha256(keys.encode()).hexdigest(),
        follows=(follows % {"n": n},),
        notes=tuple(notes),
    )
