import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.event.partners.models import stored_key
from teams.models import Team

CAPTION_LENGTH = 120


class ImageRight(models.Model):
    """Whether a person may be seen in public photographs of an edition. No row: no."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="image_rights")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="image_rights"
    )
    agrees = models.BooleanField(_("accord"))
    answered_at = models.DateTimeField(_("réponse donnée"))

    class Meta:
        verbose_name = _("droit à l’image")
        verbose_name_plural = _("droits à l’image")
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="image_right_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.user_id}"


class Photograph(models.Model):
    """`id` is in the addresses of its files. The file that was sent is not kept: `sha256` is its
    digest, by which a second copy is recognized. Files go with the row (`receivers`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="photographs")
    large = models.FileField(_("grande taille"), upload_to=stored_key, max_length=100)  # JPEG
    small = models.FileField(_("petite taille"), upload_to=stored_key, max_length=100)  # WebP
    sha256 = models.CharField(max_length=64)
    caption = models.CharField(_("légende"), max_length=CAPTION_LENGTH, blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    teams = models.ManyToManyField(Team, related_name="photographs", blank=True)
    # An organizer says so. Without it and without teams it is not public.
    shows_nobody = models.BooleanField(default=False)
    added_at = models.DateTimeField(_("ajoutée"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ajoutée par"),
    )

    class Meta:
        ordering = ["position", "added_at", "pk"]
        verbose_name = _("photo")
        constraints = [
            models.UniqueConstraint(fields=["edition", "sha256"], name="photograph_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
