from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SHARED = "yes"  # value of `Kind.SHARE`: the team may read what the juror writes


class TeamReads(TextChoices):
    """Whether a team reads what its jurors write about a criterion."""

    NEVER = "never", _("jamais : pour le jury seulement")
    IF_JUROR_WANTS = "juror", _("si le juré le veut")
    ALWAYS = "always", _("toujours")


class Kind(StrEnum):
    """Of a change of a sheet (`judging.scoring.remarks`)."""

    PRAISE = "praise"
    ADVICE = "advice"
    SHARE = "share"


TEXTS = {
    Kind.PRAISE: _("ce qui a convaincu"),
    Kind.ADVICE: _("ce qui pourrait être mieux"),
}
