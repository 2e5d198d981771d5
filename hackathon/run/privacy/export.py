"""Everything about one person, by the declarations. Names of other people are in none of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core import acts
from hackathon.base.core.acts import Facts
from hackathon.base.core.formats import clock_exact, date_text
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.personal_data import Declaration, registry, subjects
from hackathon.event.editions.models import Department
from teams.models import Team

# Of fields that have no name on any other page.
LABELS = {
    "at": gettext_lazy("heure"),
    "to": gettext_lazy("adresse"),
    "reason": gettext_lazy("motif"),
    "act": gettext_lazy("acte"),
    "uid": gettext_lazy("identifiant"),
    "type": gettext_lazy("sorte"),
    "kind": gettext_lazy("sorte"),
    "created_at": gettext_lazy("créé"),
    "made_at": gettext_lazy("fait"),
    "expires_at": gettext_lazy("fin"),
    "last_used_at": gettext_lazy("dernière utilisation"),
    "scopes": gettext_lazy("droits"),
    "device": gettext_lazy("appareil"),
    "language": gettext_lazy("langue"),
    "key": gettext_lazy("code"),
    "code": gettext_lazy("code"),
    "stamp": gettext_lazy("code"),
    "claimed_at": gettext_lazy("préparé"),
    "sent_at": gettext_lazy("envoyé"),
    "declined_at": gettext_lazy("refusée"),
    "team": gettext_lazy("équipe"),
    "team_name": gettext_lazy("équipe"),
    "edition": gettext_lazy("édition"),
    "deliverable": gettext_lazy("livrable"),
    "dish": gettext_lazy("plat"),
    "facts": gettext_lazy("constats"),
    "findings": gettext_lazy("défauts"),
    "filename": gettext_lazy("nom du fichier"),
    "metadata": gettext_lazy("en-tête de l’envoi"),
    "begun_at": gettext_lazy("début de l’envoi"),
    "value": gettext_lazy("valeur"),
    "text": gettext_lazy("texte"),
    "given_at": gettext_lazy("sur l’appareil"),
    "received_at": gettext_lazy("réception"),
    "signed_at": gettext_lazy("signé"),
    "raised_at": gettext_lazy("signalé"),
    "closed_at": gettext_lazy("réglé"),
    "changed_at": gettext_lazy("dernier changement"),
    "criterion": gettext_lazy("critère"),
    "marked_at": gettext_lazy("dernier changement"),
    "edited_by": gettext_lazy("changée par"),
    "invited_by": gettext_lazy("invité par"),
    "served_at": gettext_lazy("remis"),
    "consented_at": gettext_lazy("accord donné"),
    "person_pk": gettext_lazy("personne concernée"),
    "moved_at": gettext_lazy("heure"),
    "chosen_at": gettext_lazy("heure"),
    "made_by": gettext_lazy("par"),
    "begun_by": gettext_lazy("par"),
    "closed_by": gettext_lazy("par"),
    "moved_by": gettext_lazy("par"),
    "chosen_by": gettext_lazy("par"),
    "served_by": gettext_lazy("par"),
    "created_by": gettext_lazy("par"),
    "user": gettext_lazy("personne"),
    "minutes": gettext_lazy("minutes"),
    "version": gettext_lazy("version"),
    "signature": gettext_lazy("signature"),
}


@dataclass(frozen=True)
class Item:
    what: str
    kept: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    title: str
    purpose: str
    items: list[Item]


def of_person(user: User) -> list[Section]:
    """Subjects without a row are left out. Two queries for each declaration at most."""
    items_of = {subject: list(_items(subject, user)) for subject in subjects()}
    return [
        Section(str(subject.title), str(subject.purpose), items)
        for subject, items in items_of.items()
        if items
    ]


def as_data(user: User, *, at: datetime) -> dict[str, Any]:
    """For JSON."""
    sections = [
        {
            "subject": section.title,
            "purpose": section.purpose,
            "data": [
                {"what": item.what, "kept": item.kept, "rows": item.rows} for item in section.items
            ],
        }
        for section in of_person(user)
    ]
    return {"person": user.email, "made_at": at, "subjects": sections}


def readable(user: User) -> list[Section]:
    """Of each row what is not empty, as texts in the active language and zone."""
    sections = []
    for section in of_person(user):
        items = [item for item in map(_readable, section.items) if item.rows]
        sections += [replace(section, items=items)] if items else []
    return sections


def _readable(item: Item) -> Item:
    rows = [{n: text for n, value in row.items() if (text := text_of(value))} for row in item.rows]
    return replace(item, rows=[row for row in rows if row])


def text_of(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{date_text(value, 'j F Y')}, {clock_exact(value)}"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder) if value else ""
    return "" if value is None else str(value)


def _items(subject: object, user: User) -> Iterator[Item]:
    for declared in registry.declarations:
        if declared.subject != subject or declared.model is None or declared.exported is None:
            continue
        if rows := _rows(declared, user):
            yield Item(str(declared.what), str(declared.kept.text), rows)


def _rows(declared: Declaration, user: User) -> list[dict[str, Any]]:
    assert declared.model is not None
    assert declared.exported is not None
    if declared.model is JournalEntry:
        return _acts(list(declared.rows_of(user).order_by("-pk")), user)
    fields = [
        declared.model._meta.get_field(n) for n in (*declared.fields, *declared.beside.split())
    ]
    named = [f.name for f in fields if f.is_relation and not f.many_to_many]
    owned = declared.rows_of(user).filter(declared.exported)
    rows = owned.select_related(*named).order_by("-pk") if named else owned.order_by("-pk")
    return [dict(_shown(row, field, user) for field in fields if _is_shown(field)) for row in rows]


def _acts(entries: list[JournalEntry], user: User) -> list[dict[str, Any]]:
    """In sentences. Two queries."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    teams = dict(
        Team.objects.filter(pk__in={e.team_pk for e in entries if e.team_pk}).values_list(
            "pk", "name"
        )
    )
    pks = {entry.department_pk for entry in entries if entry.department_pk}
    departments = dict(Department.objects.filter(pk__in=pks).values_list("pk", "name"))

    def name(pk: int | None) -> str:
        return user.display_name if pk == user.pk else _("une autre personne") if pk else ""

    return [
        {
            str(LABELS["at"]): entry.at,
            str(LABELS["act"]): acts.registry.text(
                Facts(
                    act=entry.act,
                    at=entry.at,
                    target=entry.target,
                    detail=entry.detail,
                    zone=zone,
                    who=name(entry.by_id) or _("Le site"),
                    person=name(entry.person_pk),
                    team=teams.get(entry.team_pk or 0, ""),
                    department=departments.get(entry.department_pk or 0, ""),
                )
            ),
        }
        for entry in entries
    ]


def _is_shown(field: Any) -> bool:
    """A file has its own address, on the page of the team."""
    return not isinstance(field, models.FileField) and not field.many_to_many


def _shown(row: models.Model, field: Any, user: User) -> tuple[str, Any]:
    value = getattr(row, field.name)
    if isinstance(value, User) or field.name == "person_pk":
        # Whom another account belongs to is no business of this person.
        pk = value.pk if isinstance(value, User) else value
        value = _("vous") if pk == user.pk else _("une autre personne") if pk else None
    elif isinstance(value, models.Model):
        value = str(value)
    elif field.choices:
        value = str(dict(field.flatchoices).get(value, value))
    return label_of(field), value


def label_of(field: Any) -> str:
    automatic = str(field.verbose_name) == field.name.replace("_", " ")
    return str(LABELS.get(field.name, field.verbose_name) if automatic else field.verbose_name)
