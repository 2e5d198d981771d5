import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition
from hackathon.event.partners.models import Partner
from judging.enums import Anchor


def passage_token() -> str:
    """A migration names it."""
    return secrets.token_urlsafe(12)


class Ceremony(models.Model):
    """Exists only while the ceremony runs. `step` is counted from 0 (`ceremony.steps`)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="ceremony")
    step = models.PositiveSmallIntegerField(default=0)
    is_blank = models.BooleanField(_("écran noir"), default=False)
    is_rehearsal = models.BooleanField(_("répétition"), default=True)  # placeholder teams
    moved_at = models.DateTimeField()
    # When a screen after the pause for deliberation was first shown: from then on people outside of
    # a jury may know its winners. Stays if the remote goes back.
    resumed_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cérémonie")

    def __str__(self) -> str:
        return f"Cérémonie {self.edition_id}"


class CeremonyMessage(models.Model):
    """A slide of the organizers. `anchor` and `department` say after which steps it comes."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="ceremony_messages")
    anchor = models.CharField(_("moment"), max_length=9, choices=Anchor)
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    title = models.CharField(_("titre"), max_length=80)
    text = models.TextField(_("texte"), max_length=600, blank=True)
    partner = models.ForeignKey(
        Partner, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("message de la cérémonie")
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor__in=("opening", "finale"), department=None)
                | Q(
                    anchor__in=[each.value for each in Anchor if each.needs_department],
                    department__isnull=False,
                ),
                name="ceremonymessage_anchor",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def moment(self) -> str:
        """Anchor and department as one key."""
        return f"{self.anchor}-{self.department_id}" if self.department_id else self.anchor
