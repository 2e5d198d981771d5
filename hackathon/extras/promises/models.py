from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.codes import spoken_code
from submissions.models import Deliverable, Submission
from teams.models import Team

PROMISES_MAX = 3  # of a team for one deliverable
SOURCE = "promises"  # of claims; also in the manifests of seals


class PromiseQuerySet(models.QuerySet["Promise"]):
    def valid(self) -> "PromiseQuerySet":
        return self.filter(voided_at=None)


class Promise(models.Model):
    """That a team without a network will hand in these bytes (decision 49). Never changed, except
    that it is kept once, or voided once: then it is as if it had not been made.

    `digest`: the SHA-256, or its first 20 digits, which a typed code has. `client_at`: the clock of
    the computer, which proves nothing. `recorded_by`: the organizer who typed the code; null: it
    came by a phone.
    """

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="promises", verbose_name=_("équipe")
    )
    deliverable = models.ForeignKey(
        Deliverable,
        on_delete=models.CASCADE,
        related_name="promises",
        verbose_name=_("livrable"),
    )
    number = models.PositiveSmallIntegerField(
        _("numéro"), validators=[MinValueValidator(1), MaxValueValidator(PROMISES_MAX)]
    )
    code = models.CharField(_("code"), max_length=16, unique=True)
    size = models.PositiveBigIntegerField(_("taille (octets)"))
    digest = models.CharField(_("empreinte SHA-256"), max_length=64)
    received_at = models.DateTimeField(_("réception"))
    client_at = models.DateTimeField(_("heure de l’ordinateur"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("saisi par"),
    )
    kept_by = models.OneToOneField(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        related_name="promise",
        verbose_name=_("tenu par"),
    )
    voided_at = models.DateTimeField(_("annulé le"), null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("annulé par"),
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        db_table = "submissions_promise"
        ordering = ["received_at", "id"]
        verbose_name = _("engagement")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "deliverable", "number"],
                condition=Q(voided_at=None),
                name="promise_number_once",
            ),
            models.CheckConstraint(
                condition=Q(kept_by=None) | Q(voided_at=None), name="promise_kept_or_voided"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=PROMISES_MAX), name="promise_few"
            ),
        ]

    def __str__(self) -> str:
        return self.spoken_code

    @property
    def spoken_code(self) -> str:
        """« K7QM2-XRD4P », as that of a receipt."""
        return spoken_code(self.code)


class TeamKey(models.Model):
    """`number` is signed into the addresses of the team: a higher one ends the former addresses.
    Without a row it is 0.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="promise_key")
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.team_id} {self.number}"
