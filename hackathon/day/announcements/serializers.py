from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hackathon.base.core.api import AtLeastOne, InstantField
from hackathon.base.core.formats import iso_utc
from hackathon.day.announcements import audiences
from hackathon.day.announcements.models import ANNOUNCEMENT_MAX_CHARS, Announcement
from hackathon.event.editions.models import Edition


class PendingSerializer(serializers.Serializer[Any]):
    pending = serializers.BooleanField(
        default=False, help_text="For organizers: those not yet published."
    )


class AnnouncementSerializer(serializers.Serializer[Any]):
    """Its context has the `edition` in which `audience` is resolved."""

    audience = serializers.CharField(max_length=60)
    body = serializers.CharField(max_length=ANNOUNCEMENT_MAX_CHARS)
    pinned = serializers.BooleanField(default=False)
    mail = serializers.BooleanField(default=False)
    publish_at = InstantField(default=None, allow_null=True)

    def validate_audience(self, text: str) -> tuple[str, str]:
        edition: Edition = self.context["edition"]
        try:
            return audiences.resolve(edition, text)
        except audiences.UnknownAudience as error:
            raise serializers.ValidationError(
                _("Écrivez everyone, department:CODE ou team:ID."), code="unknown_audience"
            ) from error


class CorrectionSerializer(AtLeastOne):
    body = serializers.CharField(max_length=ANNOUNCEMENT_MAX_CHARS, required=False)
    pinned = serializers.BooleanField(required=False)
    mail = serializers.BooleanField(required=False)


class PublishedAnnouncementSerializer(serializers.Serializer[Any]):
    """Describes `announcement_as_dict`."""

    id = serializers.IntegerField()
    audience = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    body = serializers.CharField()
    html = serializers.CharField()
    published_at = serializers.DateTimeField()
    pinned = serializers.BooleanField()
    corrected_at = serializers.DateTimeField(allow_null=True)


def announcement_as_dict(
    announcement: Announcement, department_codes: Mapping[int, str]
) -> dict[str, Any]:
    corrected_at = announcement.corrected_at
    return {
        "id": announcement.pk,
        "audience": audiences.written(announcement.audience, department_codes),
        "label": announcement.label,
        "body": announcement.body,
        "html": announcement.html,
        "published_at": iso_utc(announcement.published_at),
        "pinned": announcement.pinned,
        "corrected_at": None if corrected_at is None else iso_utc(corrected_at),
    }
