"""What the ground itself keeps: the messages of the live socket and the journal of acts."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LiveMessageQuerySet(models.QuerySet["LiveMessage"]):
    """Reads of messages."""

    def to(self, audiences: Iterable[str]) -> "LiveMessageQuerySet":
        """Those that at least one of these audiences hears."""
        heard = Q(pk__in=[])
        for audience in audiences:
            heard |= Q(audiences__contains=f"|{audience}|")
        return self.filter(heard)


class LiveMessage(models.Model):
    """A message of `/ws/live/`, written in the transaction of the change it tells of.

    Its `data` may be read by each of its audiences; `id` is what a client resumes from. One row,
    whoever hears it: who belongs to two of its audiences hears it once.
    """

    audiences = models.TextField()  # |team:3|organizers|
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    # The database's own clock: `at` is the instant of the change, which may be long before.
    written_at = models.DateTimeField(db_default=Now(), db_index=True)
    # What may be said once only, whoever wants to say it.
    key = models.CharField(max_length=100, default="", blank=True)

    objects = LiveMessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="live_message_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.type} → {', '.join(self.heard_by)}"

    @staticmethod
    def spelt(audiences: Iterable[str]) -> str:
        """How the column writes these audiences."""
        return "".join(f"|{audience}" for audience in audiences) + "|"

    @property
    def heard_by(self) -> tuple[str, ...]:
        """The audiences, each on its own."""
        return tuple(filter(None, self.audiences.split("|")))


class JournalEntry(models.Model):
    """Who did what, when. Only ever added to; read by organizers in the admin."""

    at = models.DateTimeField(_("instant"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("par"),
    )
    act = models.CharField(_("acte"), max_length=60)
    target = models.CharField(_("sur quoi"), max_length=80)
    detail = models.JSONField(_("détail"), default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.target}"
