import re
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry as acts
from hackathon.base.core.models import FailedMail, JournalEntry, KeptAnswer, LiveMessage
from hackathon.base.core.personal_data import JOURNAL, REPLACE, SERVER, Kept, Reader, registry

DIGEST = re.compile("[0-9a-f]{64}")
NOTHING = "…"


def entries_about(user: Any) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(Q(by=user) | Q(person_pk=user.pk))


def entries_on(user: Any) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(person_pk=user.pk)


def without_texts(entry: Any) -> dict[str, Any]:
    """The detail of an entry, with numbers, instants, digests and codes. Other texts may name
    somebody.
    """
    plain: dict[str, Any] = {n: _plain(v) for n, v in entry.detail.items() if n != "changes"}
    if "changes" in entry.detail:
        changes = entry.detail["changes"].items()
        plain["changes"] = {name: pair for name, pair in changes if _plain(pair) == pair}
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, str) and not (_is_instant(value) or DIGEST.fullmatch(value)):
        return value if value in _codes() else NOTHING
    return value


def _is_instant(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@cache
def _codes() -> frozenset[str]:
    """Of all closed lists."""
    columns: Any = (f for model in apps.get_models() for f in model._meta.concrete_fields)
    stored = (str(value) for column in columns for value, _label in column.flatchoices)
    labels = (label for group in acts.groups.values() for label in group.labels.values())
    return frozenset(stored) | {str(value) for label in labels for value in label.values}


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
    neutral=without_texts,
    exported=None,
)
registry.not_personal("a code, or a model with a key", JournalEntry, only="act target")
registry.declare(
    LiveMessage,
    "data",
    SERVER,
    _("Les nouvelles envoyées aux pages ouvertes : une annonce, un dépôt reçu"),
    kept=Kept(_("3 jours"), "messages"),
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
registry.declare(
    FailedMail,
    "user to",
    SERVER,
    _("Un e-mail qui n’a pas pu partir : à quelle adresse, de quelle sorte, quand et pourquoi"),
    beside="reason at",
    kept=Kept(_("7 jours"), "prune"),
    readers=(Reader.ORGANIZERS, Reader.OPERATOR),
)
registry.not_personal("a name of the program, keys and a digest", FailedMail, only="task args key")
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
