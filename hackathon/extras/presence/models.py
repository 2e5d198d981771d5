from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.presence.enums import TickKind


class PresenceSettings(models.Model):
    """Without a row: the defaults."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, related_name="presence_settings"
    )
    confirms = models.BooleanField(
        _("quelqu’un de l’accueil confirme « je suis là »"),
        default=True,
        help_text=_("Sinon, qui le dit sur son téléphone est présent."),
    )
    helpers_tick = models.BooleanField(
        _("les personnes qui aident notent aussi la présence"),
        default=False,
        help_text=_("Celles qui ont un rôle d’aide dans l’édition. Les jurés, jamais."),
    )

    class Meta:
        verbose_name = _("réglages de la présence")

    def __str__(self) -> str:
        return str(self.edition_id)


class Moment(models.Model):
    """A roll call. An edition without a row has one, at its launch (`selectors.moments_of`)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="presence_moments")
    name = models.CharField(_("moment"), max_length=40)
    at = models.DateTimeField(_("heure"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("moment d’appel")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="moment_name_in_edition"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Tick(models.Model):
    """What somebody has said of a person at a moment. Rows are added, never changed: what follows
    from them (`rules.status_of`) does not depend on the order in which devices send them.
    """

    key = models.UUIDField(unique=True)  # of the device: sent twice, it is one row
    moment = models.ForeignKey(
        Moment, on_delete=models.CASCADE, related_name="ticks", verbose_name=_("moment d’appel")
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="presence_ticks")
    kind = models.CharField(_("ce qui est noté"), max_length=6, choices=TickKind)
    made_at = models.DateTimeField()  # by the clock of the device
    # When the person came or left. Another instant than `made_at` if typed from paper.
    seen_at = models.DateTimeField(_("heure"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("présence notée")
        verbose_name_plural = _("présences notées")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TickKind.values), name="presence_tick_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} @ {self.moment_id}"
