from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import (
    ALWAYS,
    BLANK,
    JURY,
    KEEP,
    REPLACE,
    WORK,
    Reader,
    registry,
)
from judging.enums import ChangeKind
from judging.models import (
    Assignment,
    Award,
    Badge,
    Ceremony,
    CeremonyMessage,
    ComparisonConsent,
    Criterion,
    Deliberation,
    Flag,
    Juror,
    JuryRules,
    Nomination,
    NominationSeal,
    PassageCriterion,
    PassageMark,
    Recusal,
    Score,
    ScoreSheet,
    SheetChange,
    Signature,
    Skip,
)

# As on the page of a team's own marks.
SHARED = Q(
    team__edition__shares_marks=True,
    team__edition__results_published_at__isnull=False,
    team__department__held_back_at=None,
    finished_at__isnull=False,
)
REMOVED = "(motif retiré)"
RANKS = _("Il faut pouvoir refaire le calcul du classement.")


def record_without_names(deliberation: Any) -> Any:
    """`results`, to which the digest commits, stays as it is."""
    record = dict(deliberation.record)
    if "jurors" in record:
        record["jurors"] = [{**juror, "name": ""} for juror in record["jurors"]]
    if record.get("decision", {}).get("reason"):
        record["decision"] = {**record["decision"], "reason": REMOVED}
    return record


def struck_without_names(deliberation: Any) -> Any:
    return [{**struck, "by": "", "reason": REMOVED} for struck in deliberation.struck]


registry.declare(
    Juror,
    "user",
    JURY,
    _("Votre jury, votre place, si vous présidez, vos pauses, le dernier rappel"),
    beside="department kind is_president seated_at left_at paused_until reminded_at",
    anonymise=REPLACE,
    because=RANKS,
    readers=(Reader.JURY, Reader.ORGANIZERS),
)
registry.declare(
    Juror,
    "own_order",
    JURY,
    _("Votre ordre personnel des équipes"),
    erase=BLANK,
    anonymise=BLANK,
    readers=(Reader.YOU,),
)
registry.declare(
    Badge,
    "key",
    JURY,
    _("Vos badges de juré, sous une forme que personne ne peut lire"),
    beside="issued_at voided_at",
    owner="juror__user",
    edition="juror__department__edition",
    readers=(Reader.ORGANIZERS,),
)
registry.not_personal("a digest", Badge, only="digest pin")
registry.declare(
    Score,
    "value seen",
    JURY,
    _("Les notes que vous donnez, et les dépôts que vous aviez devant vous"),
    beside="criterion changed_at",
    owner="sheet__juror__user",
    edition="sheet__team__edition",
    kept=ALWAYS,
    anonymise=KEEP,
    because=RANKS,
)
registry.declare(
    ScoreSheet,
    "comment",
    JURY,
    _("Vos commentaires pour les équipes"),
    beside="team state changed_at finished_at",
    owner="juror__user",
    anonymise=BLANK,
    because=_("L’équipe reçoit le commentaire."),
)
registry.declare(
    ScoreSheet,
    "notes",
    JURY,
    _("Vos notes personnelles sur les équipes"),
    beside="team",
    owner="juror__user",
    among=~Q(notes=""),
    erase=BLANK,
    anonymise=BLANK,
    readers=(Reader.YOU,),
)
registry.declare(
    ScoreSheet,
    "comment",
    WORK,
    _("Les commentaires du jury sur votre travail"),
    owner="team__memberships__user",
    anonymise=BLANK,
    because=_("Un commentaire est pour toute l’équipe."),
    exported=SHARED,
)
registry.declare(
    Score,
    "value",
    WORK,
    _("Les notes de votre équipe"),
    beside="criterion",
    kept=ALWAYS,
    owner="sheet__team__memberships__user",
    edition="sheet__team__edition",
    anonymise=KEEP,
    because=RANKS,
    exported=Q(
        sheet__team__edition__shares_marks=True,
        sheet__team__edition__results_published_at__isnull=False,
        sheet__team__department__held_back_at=None,
        sheet__finished_at__isnull=False,
    ),
)
registry.declare(
    SheetChange,
    "value",
    JURY,
    _("Les états successifs de vos phrases, commentaires et notes personnelles"),
    beside="kind received_at",
    owner="juror__user",
    edition="sheet__team__edition",
    among=~Q(kind=ChangeKind.MARK),
    anonymise=BLANK,
    because=RANKS,
)
registry.declare(
    SheetChange,
    "device",
    JURY,
    _("Sur quelle tablette et à quelle heure vous avez noté"),
    beside="given_at received_at",
    owner="juror__user",
    edition="sheet__team__edition",
    erase=BLANK,
    anonymise=BLANK,
)
registry.declare(
    Recusal,
    "reason",
    JURY,
    _("Pourquoi vous ne lisez pas une équipe"),
    beside="team made_at",
    owner="juror__user",
    erase=BLANK,
    anonymise=BLANK,
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Signature,
    "signed_at",
    JURY,
    _("Que vous avez signé la décision du jury, et quand"),
    kept=ALWAYS,
    owner="juror__user",
    edition="deliberation__department__edition",
    anonymise=KEEP,
    because=RANKS,
)
registry.declare(
    Deliberation,
    "reason",
    JURY,
    _("Le motif d’une décision qui s’écarte du classement"),
    among=~Q(reason=""),
    anonymise=REPLACE,
    neutral=REMOVED,
    exported=None,
)
registry.declare(
    Deliberation,
    "record",
    JURY,
    _("Le procès-verbal : les jurés, les notes, la décision"),
    kept=ALWAYS,
    anonymise=REPLACE,
    neutral=record_without_names,
    exported=None,
)
registry.declare(
    Deliberation,
    "struck",
    JURY,
    _("Qui a rouvert une décision, et pourquoi"),
    anonymise=REPLACE,
    neutral=struck_without_names,
    exported=None,
)
registry.not_personal("digests and a random value", Deliberation, only="basis salt digest")
registry.declare(
    NominationSeal,
    "record",
    JURY,
    _("Le procès-verbal des nominations : les jurés, les notes, les équipes nommées"),
    edition="deliberation__department__edition",
    kept=ALWAYS,
    anonymise=REPLACE,
    neutral=record_without_names,
    exported=None,
)
registry.not_personal("digests and a random value", NominationSeal, only="salt digest")
registry.declare(
    PassageMark,
    "value",
    JURY,
    _("Vos notes des passages"),
    beside="criterion marked_at",
    owner="juror__user",
    edition="team__edition",
    kept=ALWAYS,
    anonymise=KEEP,
    because=RANKS,
)
registry.declare(
    PassageMark,
    "value",
    WORK,
    _("Les notes du passage de votre équipe"),
    beside="criterion",
    kept=ALWAYS,
    owner="team__memberships__user",
    edition="team__edition",
    anonymise=KEEP,
    because=RANKS,
    exported=Q(
        team__edition__shares_marks=True,
        team__edition__results_published_at__isnull=False,
        team__department__held_back_at=None,
    ),
)
registry.declare(
    Flag,
    "text",
    JURY,
    _("Ce que vous signalez à l’organisation"),
    beside="team raised_at closed_at",
    owner="juror__user",
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Skip,
    "reason",
    JURY,
    _("Les équipes que vous avez remises à plus tard"),
    beside="team changed_at",
    owner="juror__user",
)
registry.actor(Deliberation, "locked_by", _("Que vous avez verrouillé la décision"), subject=JURY)
registry.actor(
    NominationSeal, "locked_by", _("Que vous avez verrouillé les nominations"), subject=JURY
)
registry.actor(
    ComparisonConsent,
    "given_by",
    _("Que vous avez accepté, pour votre équipe, de montrer ses notes à l’équipe juste derrière"),
    subject=WORK,
)
registry.actor(Recusal, "made_by", _("Les déports que vous enregistrez"))
registry.actor(Flag, "closed_by", _("Les signalements que vous réglez"))
registry.actor(Ceremony, "moved_by", _("Que vous conduisez la cérémonie"))
registry.not_personal("texts of organizers, for the screens", CeremonyMessage)
registry.not_personal(
    "about teams and the method",
    Assignment,
    Award,
    Criterion,
    JuryRules,
    Nomination,
    PassageCriterion,
)
