import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.extras.gallery.enums import Opening
from submissions.models import Deliverable
from teams.models import Team

SENTENCE_LENGTH = 200
KEY_BYTES = 24


def new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


class Gallery(models.Model):
    """When it opens. Without a row: `Opening.HAND_IN`. `Membership` has to whom it is shown."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="gallery")
    opening = models.CharField(
        _("ouverture de la galerie"), max_length=8, choices=Opening, default=Opening.HAND_IN
    )
    opens_at = models.DateTimeField(_("heure choisie"), null=True, blank=True)

    class Meta:
        verbose_name = _("galerie")
        constraints = [
            models.CheckConstraint(
                condition=Q(opening__in=[Opening.HAND_IN, Opening.RESULTS])
                | Q(opening=Opening.INSTANT, opens_at__isnull=False),
                name="gallery_instant_given",
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition_id)


class ShownDeliverable(models.Model):
    """What an organizer has chosen. Without a row: files and links are shown, texts are not."""

    deliverable = models.OneToOneField(Deliverable, on_delete=models.CASCADE, related_name="+")
    is_shown = models.BooleanField()

    class Meta:
        verbose_name = _("livrable de la galerie")

    def __str__(self) -> str:
        return f"{self.deliverable_id} {self.is_shown}"


class ProjectSentence(models.Model):
    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="sentence")
    text = models.CharField(_("une phrase sur le projet"), max_length=SENTENCE_LENGTH)

    class Meta:
        verbose_name = _("phrase d’un projet")

    def __str__(self) -> str:
        return str(self.team_id)


class Guest(models.Model):
    """A partner, the client, a professor: who has `key` reads the gallery until `ends_at`."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(_("pour qui"), max_length=80)
    key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    ends_at = models.DateTimeField(_("jusqu’à"))
    invited_at = models.DateTimeField(_("invité"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("lien d’invitation à la galerie")
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="guest_name_in_edition"),
        ]

    def __str__(self) -> str:
        return self.name
