from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportKind(TextChoices):
    STUDENTS = "students", _("étudiants")
    TEAMS = "teams", _("équipes")
    JURORS = "jurors", _("jurés")
    ROOMS = "rooms", _("salles")
    COMPLETION = "completion", _("équipes complétées")  # without a file: see `completion`


FILE_KINDS = [kind for kind in ImportKind if kind is not ImportKind.COMPLETION]


class Field(TextChoices):
    """What a column means. The label is shown where a column is mapped by hand."""

    EMAIL = "email", _("adresse e-mail")
    NUMBER = "number", _("numéro étudiant")
    FULL_NAME = "full_name", _("nom et prénom")
    LAST_NAME = "last_name", _("nom")
    FIRST_NAME = "first_name", _("prénom")
    STATE = "state", _("état de l’inscription")
    DEPARTMENT = "department", _("département")
    PROGRAMME = "programme", _("formation")
    GROUP = "group", _("groupe")
    TEAM = "team", _("équipe")
    PROJECT = "project", _("titre du projet")
    ROOM = "room", _("salle")
    FLOOR = "floor", _("étage")
    CAPTAIN = "captain", _("capitaine")
    MEMBERS = "members", _("membres")
    KIND = "kind", _("qualité du juré")
    PRESIDENT = "president", _("préside le jury")
    IGNORED = "ignored", _("à laisser de côté")


# Each is the field of `Team` with this name, and is stored as the file has it.
TEAM_TEXTS = (Field.PROJECT, Field.ROOM)


class RowState(TextChoices):
    CREATED = "created", _("nouvelle")
    UPDATED = "updated", _("modifiée")
    UNCHANGED = "unchanged", _("inchangée")
    SKIPPED = "skipped", _("laissée de côté")


class LeftOutReason(TextChoices):
    """Why somebody who stands in the file is not in the plan."""

    SECOND = "second", _("une autre colonne est lue à sa place")
    UNUSED = "unused", _("cette colonne n’est pas lue")
    NOT_READ = "not_read", _("cette case ou cette ligne n’est pas lue")
    ABOVE = "above", _("au-dessus de la ligne des titres")
    OTHER_SHEET = "other_sheet", _("dans une autre feuille du classeur")
    CHOSEN = "chosen", _("vous avez laissé cette colonne de côté")
    ASIDE = "aside", _("vous avez laissé cette ligne de côté")
    LEFT = "left", _("a quitté la formation")
    WRONG = "wrong", _("la ligne est à corriger")


# Nobody needs to confirm these: an organizer chose them, the file says it, or it is an error.
EXPECTED = frozenset(
    {LeftOutReason.CHOSEN, LeftOutReason.ASIDE, LeftOutReason.LEFT, LeftOutReason.WRONG}
)


class ColumnReason(StrEnum):
    """Why a column has its field."""

    KNOWN = "known"
    MAPPED = "mapped"  # by hand
    SENSITIVE = "sensitive"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    EMPTY = "empty"
