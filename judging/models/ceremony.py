from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Edition


class Ceremony(models.Model):
    """Exists only while the ceremony runs. `step` is counted from 0 (`ceremony.steps`)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="ceremony")
    step = models.PositiveSmallIntegerField(default=0)
    is_blank = models.BooleanField(_("écran noir"), default=False)
    is_rehearsal = models.BooleanField(_("répétition"), default=True)  # placeholder teams
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cérémonie")

    def __str__(self) -> str:
        return f"Cérémonie {self.edition_id}"
