"""Juries, what they mark on, their marks and their decision."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department
from judging.enums import JurorKind, SheetState
from teams.models import Membership, Team


class JurorQuerySet(models.QuerySet["Juror"]):
    """Reads of juries."""

    def seated(self) -> "JurorQuerySet":
        """Those who may act: whoever has joined a team of the department has left its jury."""
        in_team = Membership.objects.filter(
            user=OuterRef("user"), team__department=OuterRef("department")
        )
        return self.exclude(Exists(in_team))


class Juror(models.Model):
    """Someone's seat in a department's jury."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="juries"
    )
    kind = models.CharField(
        _("qualité"), max_length=10, choices=JurorKind, default=JurorKind.TEACHER
    )
    is_president = models.BooleanField(_("préside le jury"), default=False)

    objects = JurorQuerySet.as_manager()

    class Meta:
        ordering = ["-is_president", "user__name"]
        verbose_name = _("juré")
        constraints = [
            models.UniqueConstraint(fields=["department", "user"], name="juror_once_per_jury"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.department_id}"


class Criterion(models.Model):
    """What a jury marks on: marks go from 0 to `scale`, and count `weight` times."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="criteria")
    name = models.CharField(_("critère"), max_length=120)
    guidance = models.TextField(_("repères pour noter"), blank=True)
    weight = models.PositiveSmallIntegerField(
        _("coefficient"), default=1, validators=[MinValueValidator(1)]
    )
    scale = models.PositiveSmallIntegerField(
        _("noté sur"), default=20, choices=[(5, "5"), (10, "10"), (20, "20")]
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("critère")
        verbose_name_plural = _("critères")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="criterion_weighs"),
            models.CheckConstraint(
                condition=Q(scale__in=[5, 10, 20]), name="criterion_scale_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScoreSheet(models.Model):
    """One juror's marks for one team. Only final sheets enter the ranking."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="sheets")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=5, choices=SheetState, default=SheetState.DRAFT)
    comment = models.TextField(_("commentaire"), blank=True, max_length=4000)
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("fiche")
        constraints = [
            models.UniqueConstraint(fields=["juror", "team"], name="sheet_once_per_juror_and_team"),
            models.CheckConstraint(
                condition=Q(state=SheetState.DRAFT, finished_at__isnull=True)
                | Q(state=SheetState.FINAL, finished_at__isnull=False),
                name="sheet_final_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} → {self.team_id}"


class Score(models.Model):
    """A mark for one criterion. What is not marked has no row: an empty mark is not a zero."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=4, decimal_places=1)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=20), name="score_in_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.criterion_id}"


class Deliberation(models.Model):
    """A jury's decision. Once locked, nothing below it changes."""

    department = models.OneToOneField(
        Department, on_delete=models.PROTECT, related_name="deliberation"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("délibération")
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="deliberation_locked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"Délibération {self.department_id}"


class Nomination(models.Model):
    """A team whose name is shown before the prizes."""

    deliberation = models.ForeignKey(
        Deliberation, on_delete=models.CASCADE, related_name="nominations"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="nominations")

    class Meta:
        verbose_name = _("nomination")
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "team"], name="nomination_once"),
        ]

    def __str__(self) -> str:
        return f"Nomination {self.pk}"


class Award(models.Model):
    """A prize. Equal ranks are ex aequo, and the next rank leaves their places free (1, 1, 3)."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.CASCADE, related_name="awards")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="awards")
    rank = models.PositiveSmallIntegerField(_("rang"))

    class Meta:
        ordering = ["rank", "team__name"]
        verbose_name = _("prix")
        verbose_name_plural = _("prix")
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "team"], name="award_once_per_team"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="award_rank_from_one"),
        ]

    def __str__(self) -> str:
        return f"Prix {self.pk}"
