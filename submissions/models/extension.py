from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from submissions.models.deliverable import Deliverable
from teams.models import Team


class Extension(models.Model):
    """It counts from the deadline, also if that moves: of the edition, or of the `deliverable` that
    has its own, and of nothing else. Revoked ones stay, for the jury to read.

    The team and the jury read `reason`. Only organizers read `private_reason`, which may be about
    health: it is in no message, journal, mail, seal or answer of the API.
    """

    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("équipe"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("département"),
    )
    deliverable = models.ForeignKey(
        Deliverable,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="extensions",
        verbose_name=_("livrable"),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    private_reason = models.CharField(
        _("note de l’organisation"), max_length=300, blank=True, default=""
    )
    granted_at = models.DateTimeField(_("accordé"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("accordé par"),
    )
    revoked_at = models.DateTimeField(_("retiré"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retiré par"),
    )

    class Meta:
        ordering = ["-granted_at"]
        verbose_name = _("délai accordé")
        verbose_name_plural = _("délais accordés")
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) ^ Q(department__isnull=True),
                name="extension_one_target",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="extension_adds_time"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="extension_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.minutes} min"

    @property
    def concerned(self) -> Department:
        # One of the two is set: see the constraint `extension_one_target`.
        return self.team.department if self.team else self.department  # type: ignore[return-value]
