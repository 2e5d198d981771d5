from pathlib import PurePath
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import (
    ALWAYS,
    BLANK,
    DELETE,
    HEALTH,
    KEEP,
    REPLACE,
    WORK,
    Basis,
    Kept,
    Reader,
    registry,
)
from submissions.models import (
    Deliverable,
    Extension,
    Inspection,
    Receipt,
    Seal,
    Submission,
    Upload,
)

PROOF = _("C’est la preuve de ce qui a été rendu, et à quelle heure.")


def extensions_in(edition: Any) -> QuerySet[Extension]:
    of_team, of_department = Q(team__edition=edition), Q(department__edition=edition)
    return Extension.objects.filter(of_team | of_department)


registry.declare(
    Submission,
    "sha256 file content_type url text",
    WORK,
    _("Les dépôts de votre équipe : le fichier, le lien ou le texte, sa taille"),
    beside="team deliverable version begun_at received_at announced_at size",
    kept=ALWAYS,
    owner="team__memberships__user",
    anonymise=KEEP,
    because=PROOF,
)
registry.declare(
    Submission,
    "filename",
    WORK,
    _("Le nom des fichiers que votre équipe rend"),
    beside="deliverable version",
    owner="team__memberships__user",
    among=~Q(filename=""),
    anonymise=REPLACE,
    because=PROOF,
    neutral=lambda submission: f"depot{PurePath(submission.filename).suffix[:10]}",
)
registry.declare(
    Submission,
    "submitted_by",
    WORK,
    _("Qui a rendu quoi, et quand"),
    beside="team deliverable version received_at",
    owner="submitted_by",
    anonymise=REPLACE,
    because=PROOF,
)
registry.declare(
    Submission,
    "entry_reason",
    WORK,
    _("Pourquoi l’organisation a saisi un dépôt à votre place"),
    beside="deliverable version",
    owner="team__memberships__user",
    among=~Q(entry_reason=""),
    anonymise=REPLACE,
    because=PROOF,
    neutral="saisi par l’organisation",
)
registry.declare(
    Receipt,
    "code signature",
    WORK,
    _("Les reçus de vos dépôts : leur code et leur signature"),
    beside="mailed_at",
    kept=ALWAYS,
    owner="submission__team__memberships__user",
    edition="submission__team__edition",
    anonymise=KEEP,
    because=PROOF,
)
registry.declare(
    Seal,
    "manifest digest",
    WORK,
    _("Les scellés : les noms des équipes et l’empreinte de ce qu’elles ont rendu"),
    kept=ALWAYS,
    anonymise=KEEP,
    because=PROOF,
    exported=None,
    readers=(Reader.EVERYONE,),
    erase=DELETE,
)
registry.declare(
    Inspection,
    "facts findings",
    WORK,
    _("Ce que le site a constaté : pages, durée, fichier qui ne s’ouvre pas"),
    kept=ALWAYS,
    owner="submission__team__memberships__user",
    edition="submission__team__edition",
    anonymise=KEEP,
    because=_("Ces constats décrivent un fichier, pas une personne."),
)
registry.declare(
    Inspection,
    "thumbnail reading_copy contents",
    WORK,
    _("Une image, une copie légère ou un sommaire de vos fichiers ; quelqu’un peut y être visible"),
    owner="submission__team__memberships__user",
    edition="submission__team__edition",
    anonymise=BLANK,
    because=_("Elles montrent le travail de toute l’équipe."),
    exported=None,
    on_request=True,
)
registry.declare(
    Upload,
    "begun_by filename metadata",
    WORK,
    _("Vos envois en cours, et leur nom de fichier"),
    beside="team deliverable begun_at",
    kept=Kept(_("1 jour si l’envoi ne s’achève pas ; sinon, avec le dépôt"), "forget"),
    owner="begun_by",
    anonymise=DELETE,
    because=_("Un envoi achevé appartient à un dépôt de l’équipe."),
)
registry.declare(
    Extension,
    "private_reason",
    HEALTH,
    _("Ce que l’organisation note, pour elle seule, quand elle accorde un délai"),
    basis=Basis.MISSION,
    edition=extensions_in,
    anonymise=BLANK,
    exported=None,
)
registry.declare(
    Extension,
    "reason",
    WORK,
    _("Les délais accordés à votre équipe, et leur motif"),
    beside="team minutes granted_at revoked_at",
    owner="team__memberships__user",
    edition=extensions_in,
    anonymise=BLANK,
    because=_("Un délai est celui de toute l’équipe."),
)
registry.actor(
    Extension,
    "granted_by revoked_by",
    _("Les délais que vous accordez ou retirez"),
    edition=extensions_in,
)
registry.not_personal("content of the event, written by organizers", Deliverable)
