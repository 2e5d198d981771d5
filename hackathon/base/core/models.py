from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.enums import MailFailure


class LiveMessageQuerySet(models.QuerySet["LiveMessage"]):
    def for_audiences(self, audiences: Iterable[str]) -> "LiveMessageQuerySet":
        addressed = Q(pk__in=[])
        for audience in audiences:
            addressed |= Q(audiences__contains=f"|{audience}|")
        return self.filter(addressed)


class LiveMessage(models.Model):
    """Each of its audiences may read all of `data`. A client resumes from the `id` it saw last."""

    audiences = models.TextField()  # |team:3|organizers|
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    # By the clock of the database. `at` is the instant of the change, which may be long before.
    written_at = models.DateTimeField(db_default=Now(), db_index=True)
    # Unique unless empty: see `live.publish_once`.
    key = models.CharField(max_length=100, default="", blank=True)

    objects = LiveMessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="live_message_key_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.type} → {', '.join(self.audience_names)}"

    @staticmethod
    def join(audiences: Iterable[str]) -> str:
        return "".join(f"|{audience}" for audience in audiences) + "|"

    @property
    def audience_names(self) -> tuple[str, ...]:
        return tuple(filter(None, self.audiences.split("|")))


class KeptAnswer(models.Model):
    """To a request with an `Idempotency-Key`. Deleted after a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    written_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


class FailedMail(models.Model):
    """A mail that a task could not send. Without its text, which may have a code; the row goes when
    the mail does. See `core.mail_tasks`.
    """

    task = models.CharField(max_length=120)
    args = models.JSONField(default=list)  # keys of rows; empty if the task takes a text
    key = models.CharField(max_length=64)  # digest: the same for every try
    to = models.EmailField()
    # Whose account has the address.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    reason = models.CharField(max_length=10, choices=MailFailure)
    at = models.DateTimeField(db_index=True)  # of the last try
    is_over = models.BooleanField(default=False)  # the task tries no more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "to"], name="failed_mail_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.reason}"


class JournalEntry(models.Model):
    """Append-only: triggers of the database refuse every change and deletion, except in a
    transaction with a `JournalRelease`.
    """

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
    # What the target belonged to, which may be deleted by now.
    edition_pk = models.BigIntegerField(_("édition"), null=True, editable=False)
    department_pk = models.BigIntegerField(_("département"), null=True, editable=False)
    team_pk = models.BigIntegerField(_("équipe"), null=True, editable=False)
    person_pk = models.BigIntegerField(_("personne"), null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")
        indexes = [
            models.Index(fields=["edition_pk", "id"], name="journal_edition"),
            models.Index(fields=["target", "act"], name="journal_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.target}"


class JournalRelease(models.Model):
    """Exists only inside a transaction that removes personal data from the journal: see
    `journal.released`. No other transaction sees it.
    """

    def __str__(self) -> str:
        return str(self.pk)
