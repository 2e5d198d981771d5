"""What the ground itself keeps: the messages of the live socket and the journal of acts."""

from django.conf import settings
from django.db import models


class LiveMessage(models.Model):
    """A message of `/ws/live/`, written in the transaction of the change it tells of.

    Its `data` may be read by the whole `audience`; `id` is what a client resumes from.
    """

    audience = models.CharField(max_length=40)
    type = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["audience", "id"])]

    def __str__(self) -> str:
        return f"{self.id} {self.type} → {self.audience}"


class JournalEntry(models.Model):
    """Who did what, when. Only ever added to; read by organizers in the admin."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    act = models.CharField(max_length=60)
    target = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.target}"
