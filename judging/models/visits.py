from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from judging.enums import SkipReason
from judging.models.juries import Juror
from teams.models import Team


class Skip(models.Model):
    """A team that a juror has put off. Without a reason it was taken back."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="skips")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="skips")
    reason = models.CharField(_("motif"), max_length=6, choices=SkipReason, blank=True)
    changed_at = models.DateTimeField()  # on the device, by its estimate of the server's clock

    class Meta:
        verbose_name = _("équipe passée")
        constraints = [
            models.UniqueConstraint(fields=["juror", "team"], name="skip_once_per_juror_and_team"),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} : {self.team_id}"


class Flag(models.Model):
    """A note of a juror to the organizers about a team."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="flags")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="flags")
    key = models.UUIDField()
    text = models.CharField(_("signalement"), max_length=300)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["raised_at", "pk"]
        verbose_name = _("signalement")
        constraints = [
            models.UniqueConstraint(fields=["juror", "key"], name="flag_once_per_key"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="flag_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} : {self.team_id}"
