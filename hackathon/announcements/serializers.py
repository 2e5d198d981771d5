"""The shape of what other programs send."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hackathon.announcements import audiences
from hackathon.announcements.models import ANNOUNCEMENT_MAX_CHARS
from hackathon.editions.models import Edition
from hackathon.editions.rules import EARLIEST, LATEST

MAX_ID = 2**63 - 1


class AnnouncementSerializer(serializers.Serializer[Any]):
    """`{audience, body}`; `audience` is resolved within the edition of the context. An instant
    without offset is in the edition's zone.
    """

    audience = serializers.CharField(max_length=60)
    body = serializers.CharField(max_length=ANNOUNCEMENT_MAX_CHARS)
    pinned = serializers.BooleanField(default=False)
    mail = serializers.BooleanField(default=False)
    publish_at = serializers.DateTimeField(
        default=None,
        allow_null=True,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )

    def validate_audience(self, spoken: str) -> tuple[str, str]:
        """The audience of `core.live` and its label."""
        edition: Edition = self.context["edition"]
        try:
            return audiences.resolve(edition, spoken)
        except audiences.UnknownAudience as error:
            raise serializers.ValidationError(
                _("Écrivez everyone, department:CODE ou team:ID."), code="unknown_audience"
            ) from error
