from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs.enums import Part


class SmallRehearsal(models.Model):
    """That an organizer has started from the page of an edition. `report`: HTML."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # by a worker
    ended_at = models.DateTimeField(null=True)
    is_good = models.BooleanField(null=True)
    numbers = models.JSONField(default=dict)
    report = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(ended_at=None), name="one_rehearsal_at_a_time"
            )
        ]

    @property
    def failed(self) -> list[Part]:
        return [Part(value) for value in self.numbers.get("failed", [])]

    def __str__(self) -> str:
        return f"{self.edition} {self.begun_at:%Y-%m-%d %H:%M}"
