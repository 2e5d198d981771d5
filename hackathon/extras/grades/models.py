from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.grades.enums import GradeKind


class OwnGrade(models.Model):
    """What one person has in place of the mark of the team, out of 20 as that is. Only the person
    and organizers read it; `reason`, which may be about health, is in no journal, message or file.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="own_grades")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="own_grades")
    kind = models.CharField(_("à la place de la note d’équipe"), max_length=6, choices=GradeKind)
    mark = models.DecimalField(
        _("note sur 20, si c’est une autre note"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
    )
    reason = models.CharField(
        _("motif"), max_length=300, help_text=_("La personne le lit, et personne d’autre.")
    )
    set_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("donnée par")
    )
    set_at = models.DateTimeField(_("donnée"))

    class Meta:
        ordering = ["user__name", "pk"]
        verbose_name = _("note à part")
        verbose_name_plural = _("notes à part")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="own_grade_once"),
            models.CheckConstraint(
                condition=Q(kind=GradeKind.MARK, mark__isnull=False, mark__gte=0, mark__lte=20)
                | Q(kind__in=[GradeKind.ABSENT, GradeKind.NONE], mark=None),
                name="own_grade_mark_of_kind",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="own_grade_has_reason"),
        ]

    def __str__(self) -> str:
        # Neither mark nor reason: this is written to logs and error pages.
        return str(self.pk)
