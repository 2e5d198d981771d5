from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from teams.models import Team

NOTICE_LENGTH = 400
TEXT_LENGTH = 300


class SafetyNotice(models.Model):
    """`text` is public. The two who answer are known to organizers only."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="safety_notice")
    text = models.TextField(
        _("en cas de problème"),
        max_length=NOTICE_LENGTH,
        blank=True,
        help_text=_(
            "Une ligne par adresse : poste de sécurité, infirmerie, cellule d’écoute, un numéro en"
            " dehors de l’organisation. Tout le monde le lit, au pied de chaque page."
        ),
    )
    first = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("première personne prévenue"),
    )
    second = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seconde personne prévenue"),
    )

    class Meta:
        verbose_name = _("consigne en cas de problème")
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None) | Q(first__isnull=False) & ~Q(first=F("second")),
                name="safety_notice_two_people",
            )
        ]

    def __str__(self) -> str:
        return str(self.edition_id)


class Emergency(models.Model):
    """A call for help in an emergency. `text` may be about health: it is for those who answer, in
    no message, mail, notification, journal, log, file or answer of the API, and it is erased
    (`rules.TEXT_KEPT`).
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="emergencies")
    called_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("appelé par")
    )
    called_at = models.DateTimeField(_("appelé"))
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("où, et quoi"), max_length=TEXT_LENGTH, blank=True)
    # When all organizers were notified, because there was no answer.
    escalated_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pris en charge par"),
    )
    taken_at = models.DateTimeField(_("pris en charge"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("terminé"), null=True, blank=True)

    class Meta:
        ordering = ["called_at", "pk"]
        verbose_name = _("urgence")
        verbose_name_plural = _("urgences")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "called_by"],
                condition=Q(closed_at=None),
                name="emergency_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="emergency_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="emergency_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        # Not the text: this is written to logs and error pages.
        return str(self.pk)
