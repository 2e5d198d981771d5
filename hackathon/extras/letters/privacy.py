from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, JURY, WORK, registry
from hackathon.extras.letters.enums import TeamReads
from hackathon.extras.letters.models import Remark, Sentences

# As in the letter.
IN_LETTER = Q(
    sheet__team__edition__results_published_at__isnull=False,
    sheet__team__department__held_back_at=None,
    sheet__finished_at__isnull=False,
) & (
    Q(criterion__sentences__isnull=True)
    | Q(criterion__sentences__team_reads=TeamReads.ALWAYS)
    | Q(criterion__sentences__team_reads=TeamReads.IF_JUROR_WANTS, is_shared=True)
)

registry.declare(
    Remark,
    "praise advice",
    JURY,
    _("Vos phrases pour les équipes, et ce que la présidence en a fait"),
    beside="criterion is_shared letter_praise letter_advice edited_at",
    owner="sheet__juror__user",
    edition="sheet__team__edition",
    anonymise=BLANK,
    because=_("L’équipe reçoit la phrase dans la lettre du jury, sans le nom de son auteur."),
)
registry.declare(
    Remark,
    "letter_praise letter_advice",
    WORK,
    _("Ce que la lettre du jury dit de votre travail"),
    beside="criterion",
    owner="sheet__team__memberships__user",
    edition="sheet__team__edition",
    anonymise=BLANK,
    because=_("La lettre est pour toute l’équipe."),
    exported=IN_LETTER,
)
registry.actor(Remark, "edited_by", _("Que vous avez revu une phrase du jury"), subject=JURY)
registry.not_personal("what is asked of jurors", Sentences)
