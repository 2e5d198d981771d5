from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.core.models import JournalEntry, KeptAnswer, LiveMessage
from hackathon.core.personal_data import JOURNAL, REPLACE, SERVER, Kept, Reader, registry


def entries_about(user: Any) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(Q(by=user) | Q(person_pk=user.pk))


def entries_on(user: Any) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(person_pk=user.pk)


def without_texts(value: Any) -> Any:
    """Numbers and instants of a detail. Texts may name somebody."""
    if isinstance(value, dict):
        found = ((name, without_texts(part)) for name, part in value.items() if name != "changes")
        return {name: part for name, part in found if part not in (None, {}, [])}
    if isinstance(value, list):
        return [part for part in map(without_texts, value) if part not in (None, {}, [])]
    return value if isinstance(value, bool | int | float) or _is_instant(value) else None


def _is_instant(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


registry.declare(
    JournalEntry,
    "by person_pk",
    JOURNAL,
    _("Ce que vous avez fait sur le site et quand, et ce que d’autres ont fait pour vous"),
    beside="act at",
    owner=entries_about,
    edition="edition_pk",
    anonymise=REPLACE,
    because=_("Le journal ne se modifie pas ; sans votre nom, une ligne ne dit plus qui."),
)
registry.declare(
    JournalEntry,
    "detail",
    JOURNAL,
    _("Les précisions d’une ligne du journal : un nom d’équipe, une heure, un motif"),
    owner=entries_on,
    edition="edition_pk",
    erase=REPLACE,
    anonymise=REPLACE,
    neutral=lambda entry: without_texts(entry.detail),
    exported=None,
)
registry.not_personal("a code, or a model with a key", JournalEntry, only="act target")
registry.declare(
    LiveMessage,
    "data",
    SERVER,
    _("Les nouvelles envoyées aux pages ouvertes : une annonce, un dépôt reçu"),
    kept=Kept(_("3 jours"), "prune"),
    exported=None,
)
registry.not_personal("names of groups and keys", LiveMessage, only="audiences type key")
registry.declare(
    KeptAnswer,
    "user body key",
    SERVER,
    _("La dernière réponse à un programme qui agit pour vous, pour ne rien faire deux fois"),
    kept=Kept(_("1 jour"), "prune"),
    exported=None,
)
registry.not_personal("a digest", KeptAnswer, only="fingerprint")
registry.outside(
    SERVER,
    _(
        "Les journaux techniques : heure, page demandée, numéro du compte, adresse du réseau."
        " Ni nom, ni texte, ni note."
    ),
    _("14 jours, réglés par les personnes qui administrent le serveur"),
)
registry.outside(
    SERVER,
    _("Les sauvegardes : une copie de tout ce qui est sur cette page"),
    _("30 jours, réglés par les personnes qui administrent le serveur"),
)
registry.outside(
    SERVER,
    _("Les e-mails que le site vous envoie, chez le fournisseur de courrier de l’école"),
    _("selon les règles de l’école"),
    readers=(Reader.YOU, Reader.OPERATOR),
)
