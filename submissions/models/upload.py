import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.deliverable import Deliverable
from submissions.models.submission import Submission
from teams.models import Team


class Upload(models.Model):
    """A resumable transfer. The size of its partial file, named by its id, is the offset."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="uploads")
    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="uploads")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    length = models.PositiveBigIntegerField()
    filename = models.CharField(max_length=255, blank=True)
    # The header of the client, which the protocol wants in the answers to HEAD.
    metadata = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    whole_at = models.DateTimeField(null=True)  # when the last byte was durable
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, related_name="upload"
    )

    class Meta:
        verbose_name = _("envoi")
        constraints = [
            models.CheckConstraint(
                condition=Q(submission=None) | Q(whole_at__isnull=False),
                name="upload_whole_before_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.id.hex
