from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from judging.enums import ChangeKind, SheetState
from judging.models.juries import Criterion, Juror
from judging.scales import MOST
from teams.models import Team

OF_SHEET = [kind for kind in ChangeKind if kind != ChangeKind.MARK]  # the others: of a criterion


class ScoreSheet(models.Model):
    """Only final sheets count in the ranking."""

    juror = models.ForeignKey(
        Juror, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("juré")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("équipe")
    )
    state = models.CharField(_("état"), max_length=5, choices=SheetState, default=SheetState.DRAFT)
    comment = models.TextField(_("commentaire pour l’équipe"), blank=True, max_length=4000)
    notes = models.TextField(_("notes personnelles"), blank=True, max_length=4000)
    version = models.PositiveIntegerField(_("version"), default=0)
    changed_at = models.DateTimeField(_("dernier changement"))
    finished_at = models.DateTimeField(_("terminée"), null=True, blank=True)

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
    """A criterion without a mark has no row: it is not a zero."""

    sheet = models.ForeignKey(
        ScoreSheet, on_delete=models.CASCADE, related_name="scores", verbose_name=_("fiche")
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="scores", verbose_name=_("critère")
    )
    value = models.DecimalField(_("note"), max_digits=4, decimal_places=1)
    seen = models.JSONField(_("dépôts regardés"), default=list)  # ids of submissions on the page
    changed_at = models.DateTimeField(_("dernier changement"))

    class Meta:
        verbose_name = _("note")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=MOST), name="score_in_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.criterion_id}"


class SheetChangeQuerySet(models.QuerySet["SheetChange"]):
    def of_remarks(self) -> "SheetChangeQuerySet":
        return self.filter(criterion__isnull=False).exclude(kind=ChangeKind.MARK)


class SheetChange(models.Model):
    """Never changed. A repeated key is refused."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="changes")
    key = models.UUIDField()
    kind = models.CharField(max_length=8, choices=ChangeKind)
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.TextField(blank=True)  # a mark as "14.5", a text; "" removes it
    version = models.PositiveIntegerField()  # of the sheet after this change
    device = models.CharField(max_length=36, blank=True)
    given_at = models.DateTimeField()  # on the device, by its estimate of the server's clock
    received_at = models.DateTimeField()

    objects = SheetChangeQuerySet.as_manager()

    class Meta:
        ordering = ["version"]
        verbose_name = _("changement")
        constraints = [
            models.UniqueConstraint(fields=["juror", "key"], name="change_once_per_key"),
            models.UniqueConstraint(fields=["sheet", "version"], name="change_one_per_version"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_SHEET, criterion__isnull=True)
                | (~Q(kind__in=OF_SHEET) & Q(criterion__isnull=False)),
                name="change_of_a_criterion_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.version}"
