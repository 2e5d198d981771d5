from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition


class Step(models.Model):
    """What organizers and helpers do at an instant. Students, jurors and visitors never see it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(_("heure"))
    title = models.CharField(_("quoi"), max_length=120)
    who = models.CharField(_("qui"), max_length=80, blank=True)
    place = models.CharField(_("où"), max_length=80, blank=True)
    done_at = models.DateTimeField(_("fait à"), null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fait par"),
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("étape de l’organisation")
        verbose_name_plural = _("étapes de l’organisation")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="step_done_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.title
