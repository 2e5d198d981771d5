from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from judging.models.juries import Juror
from teams.models import Team


class DeliberationQuerySet(models.QuerySet["Deliberation"]):
    def nominated(self) -> "DeliberationQuerySet":
        """Their nominees are fixed, with the winners or before them: no mark of the night changes
        any more.
        """
        return self.filter(Q(locked_at__isnull=False) | Q(nomination_seal__isnull=False))

    def published(self, at: datetime) -> "DeliberationQuerySet":
        """Everybody may know them, as `results_are_public` of the department."""
        return self.filter(
            locked_at__isnull=False,
            department__held_back_at=None,
            department__edition__results_published_at__lte=at,
        )


class Deliberation(models.Model):
    """Does not change while it is locked. In two acts the nominees have a `NominationSeal` before
    the jury decides about winners.
    """

    department = models.OneToOneField(
        Department,
        on_delete=models.PROTECT,
        related_name="deliberation",
        verbose_name=_("département"),
    )
    # Why the decision departs from the ranking.
    reason = models.TextField(_("motif"), blank=True, max_length=2000)
    # The president has confirmed an order other than that of plain means (`order_change`).
    order_confirmed = models.BooleanField(_("ordre confirmé"), default=False)
    # Digest of the ranking inputs when the draft was saved (`RankingInputs.digest`).
    basis = models.CharField(_("état des notes"), max_length=64, blank=True, editable=False)
    # Since when the jury may read and sign the draft.
    opened_at = models.DateTimeField(_("ouverte à la signature"), null=True, blank=True)
    locked_at = models.DateTimeField(_("verrouillée"), null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verrouillée par"),
    )
    # The record (`deliberation.services.records`) and the envelope (`deliberation.envelope`) of the
    # lock.
    record = models.JSONField(_("pièces gardées"), default=dict, blank=True)
    salt = models.CharField(_("sel"), max_length=64, blank=True)
    digest = models.CharField(_("empreinte"), max_length=64, blank=True)
    # Digests that a reopening made void, oldest first: `{"digest", "locked_at", "struck_at",
    # "by", "reason"}`.
    struck = models.JSONField(_("empreintes annulées"), default=list, blank=True)

    objects = DeliberationQuerySet.as_manager()

    class Meta:
        verbose_name = _("délibération")
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, locked_by__isnull=True, digest="")
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="deliberation_locked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"Délibération {self.department_id}"


class NominationSeal(models.Model):
    """The first of two acts: the nominees, locked before the jury hears them. Exists from then on;
    a reopening deletes it.
    """

    deliberation = models.OneToOneField(
        Deliberation,
        on_delete=models.CASCADE,
        related_name="nomination_seal",
        verbose_name=_("délibération"),
    )
    locked_at = models.DateTimeField(_("verrouillées"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("verrouillées par"),
    )
    # Like those of a deliberation, of the nominees alone.
    record = models.JSONField(_("pièces gardées"), default=dict)
    salt = models.CharField(_("sel"), max_length=64)
    digest = models.CharField(_("empreinte"), max_length=64)

    class Meta:
        verbose_name = _("nominations scellées")
        verbose_name_plural = _("nominations scellées")

    def __str__(self) -> str:
        return f"Nominations {self.deliberation_id}"


class Nomination(models.Model):
    deliberation = models.ForeignKey(
        Deliberation,
        on_delete=models.CASCADE,
        related_name="nominations",
        verbose_name=_("délibération"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="nominations", verbose_name=_("équipe")
    )

    class Meta:
        verbose_name = _("nomination")
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "team"], name="nomination_once"),
        ]

    def __str__(self) -> str:
        return f"Nomination {self.pk}"


class Award(models.Model):
    """A place (`rank`) or a special prize (`title`). Equal ranks are ex aequo: 1, 1, 3."""

    deliberation = models.ForeignKey(
        Deliberation,
        on_delete=models.CASCADE,
        related_name="awards",
        verbose_name=_("délibération"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="awards", verbose_name=_("équipe")
    )
    rank = models.PositiveSmallIntegerField(_("rang"), null=True, blank=True)
    title = models.CharField(_("prix spécial"), max_length=120, blank=True)

    class Meta:
        ordering = ["rank", "title", "team__name"]
        verbose_name = _("prix")
        verbose_name_plural = _("prix")
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "team"],
                condition=Q(rank__isnull=False),
                name="award_once_per_team",
            ),
            models.UniqueConstraint(
                fields=["deliberation", "team", "title"],
                condition=Q(rank__isnull=True),
                name="special_award_once",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, title="") | (Q(rank__isnull=True) & ~Q(title="")),
                name="award_is_place_or_special",
            ),
        ]

    def __str__(self) -> str:
        return f"Prix {self.pk}"


class Signature(models.Model):
    deliberation = models.ForeignKey(
        Deliberation, on_delete=models.CASCADE, related_name="signatures"
    )
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at"]
        verbose_name = _("signature")
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "juror"], name="signature_once"),
        ]

    def __str__(self) -> str:
        return f"Signature {self.pk}"


class ComparisonConsent(models.Model):
    """A team lets the one just behind it see its marks beside theirs, and may see those of the one
    just before it, if that one has consented too. Withdrawn: there is no row.
    """

    team = models.OneToOneField(
        Team,
        on_delete=models.CASCADE,
        related_name="comparison_consent",
        verbose_name=_("équipe"),
    )
    given_at = models.DateTimeField(_("donné"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("donné par"),
    )

    class Meta:
        verbose_name = _("accord de comparaison")
        verbose_name_plural = _("accords de comparaison")

    def __str__(self) -> str:
        return f"Accord {self.team_id}"
