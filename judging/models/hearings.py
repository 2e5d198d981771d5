"""What a jury marks while it hears its nominees. No mark of these is in the ranking."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from judging.models.juries import Juror
from judging.scales import OUT_OF, SCALES, Scale
from teams.models import Team


class PassageCriterion(models.Model):
    """Marked out of 20."""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="passage_criteria",
        verbose_name=_("département"),
    )
    name = models.CharField(_("critère"), max_length=120)
    guidance = models.TextField(_("repères pour noter"), blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("critère des passages")
        verbose_name_plural = _("critères des passages")

    def __str__(self) -> str:
        return self.name

    @property
    def mark_scale(self) -> Scale:
        return SCALES[OUT_OF]


class PassageMark(models.Model):
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="passage_marks")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="passage_marks")
    criterion = models.ForeignKey(PassageCriterion, on_delete=models.PROTECT, related_name="marks")
    value = models.DecimalField(
        _("note"),
        max_digits=3,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(OUT_OF)],
    )
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("note d’un passage")
        verbose_name_plural = _("notes des passages")
        constraints = [
            models.UniqueConstraint(
                fields=["juror", "team", "criterion"], name="passage_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=OUT_OF), name="passage_mark_out_of_20"
            ),
        ]

    def __str__(self) -> str:
        return f"Note de passage {self.pk}"
