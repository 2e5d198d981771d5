from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hackathon.extras.letters.enums import TeamReads
from judging.models import Criterion, ScoreSheet


class Sentences(models.Model):
    """What is asked of jurors about a criterion. One without a row: its defaults."""

    criterion = models.OneToOneField(
        Criterion, on_delete=models.CASCADE, related_name="sentences", verbose_name=_("critère")
    )
    team_reads = models.CharField(
        _("l’équipe lit les phrases du jury"),
        max_length=6,
        choices=TeamReads,
        default=TeamReads.ALWAYS,
    )
    # Proposed to jurors, one in a line.
    praise_phrases = models.TextField(_("phrases proposées : ce qui a convaincu"), blank=True)
    advice_phrases = models.TextField(
        _("phrases proposées : ce qui pourrait être mieux"), blank=True
    )

    class Meta:
        db_table = "judging_sentences"
        verbose_name = _("phrases demandées")
        constraints = [
            models.CheckConstraint(
                condition=Q(team_reads__in=TeamReads.values), name="sentences_team_reads_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion_id)


class RemarkQuerySet(models.QuerySet["Remark"]):
    def written(self) -> "RemarkQuerySet":
        """With `team_reads` of the criterion."""
        reads = Coalesce(F("criterion__sentences__team_reads"), Value(TeamReads.ALWAYS.value))
        return self.exclude(praise="", advice="").annotate(team_reads=reads)


class Remark(models.Model):
    """What a juror writes to the team about one criterion. `letter_praise` and `letter_advice` are
    what the letter says: the juror's sentences, until the president edits them; "" withholds one.
    """

    CHARACTERS = 600  # of a sentence
    team_reads: str  # of rows that are `written()`

    sheet = models.ForeignKey(
        ScoreSheet, on_delete=models.CASCADE, related_name="remarks", verbose_name=_("fiche")
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("critère")
    )
    praise = models.TextField(_("ce qui a convaincu"), blank=True, max_length=CHARACTERS)
    advice = models.TextField(_("ce qui pourrait être mieux"), blank=True, max_length=CHARACTERS)
    # The juror's choice, where the organizers leave it to jurors.
    is_shared = models.BooleanField(_("montrée à l’équipe"), default=False)
    letter_praise = models.TextField(
        _("dans la lettre : ce qui a convaincu"), blank=True, max_length=CHARACTERS
    )
    letter_advice = models.TextField(
        _("dans la lettre : ce qui pourrait être mieux"), blank=True, max_length=CHARACTERS
    )
    edited_at = models.DateTimeField(_("changée par la présidence"), null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        db_table = "judging_remark"
        verbose_name = _("phrases pour l’équipe")
        verbose_name_plural = _("phrases pour les équipes")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="remark_once"),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True, edited_by__isnull=True)
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="remark_edited_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.criterion_id}"

    @property
    def goes_to_team(self) -> bool:
        wanted = self.team_reads == TeamReads.IF_JUROR_WANTS and self.is_shared
        return self.team_reads == TeamReads.ALWAYS or wanted
