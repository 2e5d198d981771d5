from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.extras.rounds.enums import Progress
from teams.models import Team

NOTE_LENGTH = 300
ANSWER_LENGTH = 140


class RoundVisit(models.Model):
    """`by` has seen the team on the round. Nobody else may read `note`."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="round_visits", verbose_name=_("équipe")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("vue par"),
    )
    # Representatives of the client share one round: what one of them has seen, the client has.
    for_client = models.BooleanField(_("pour le client"), default=False)
    at = models.DateTimeField(_("vue"))
    note = models.CharField(_("note personnelle"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("équipe vue")
        verbose_name_plural = _("équipes vues")
        constraints = [
            models.UniqueConstraint(fields=["team", "by"], name="round_visit_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.team_id}"


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def standing(self) -> "CheckInQuerySet":
        return self.filter(cancelled_at=None)


class CheckIn(models.Model):
    """« Où en êtes-vous ? », asked of all teams at `asks_at`. The next one replaces it."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="check_ins", verbose_name=_("édition")
    )
    asks_at = models.DateTimeField(_("posée à"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("posée par"),
    )
    cancelled_at = models.DateTimeField(_("annulée"), null=True, blank=True)
    # When devices were notified, which may be late or never.
    notified_at = models.DateTimeField(null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["asks_at", "pk"]
        verbose_name = _("question aux équipes")
        verbose_name_plural = _("questions aux équipes")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "asks_at"],
                condition=Q(cancelled_at=None),
                name="check_in_one_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.asks_at}"


class CheckInAnswer(models.Model):
    """Of the team, by whoever answered last. Juries must not read it."""

    check_in = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="check_in_answers", verbose_name=_("équipe")
    )
    progress = models.CharField(_("avancement"), max_length=10, choices=Progress)
    text = models.CharField(_("un mot"), max_length=ANSWER_LENGTH, blank=True)
    answered_at = models.DateTimeField(_("répondu"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("répondu par"),
    )

    class Meta:
        ordering = ["answered_at", "pk"]
        verbose_name = _("réponse d’une équipe")
        verbose_name_plural = _("réponses des équipes")
        constraints = [
            models.UniqueConstraint(fields=["check_in", "team"], name="check_in_answer_once"),
        ]

    def __str__(self) -> str:
        # Not the text: this is written to logs and error pages.
        return f"{self.team_id} {self.check_in_id}"
