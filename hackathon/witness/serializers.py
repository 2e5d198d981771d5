from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from hackathon.witness.models import Stamp


class StampSerializer(serializers.Serializer[Any]):
    """Of an outside authority (RFC 3161). While it is awaited, `stamped_at` and `file` are null."""

    authority = serializers.CharField(help_text="The name of its host.")
    stamped_at = serializers.DateTimeField(allow_null=True, help_text="By the authority's clock.")
    file = serializers.URLField(allow_null=True, help_text="Its answer: a .tsr file.")


def stamp_body(stamp: Stamp) -> dict[str, Any]:
    file = settings.SITE_URL + reverse("witness:stamp", args=[stamp.pk])
    return {
        "authority": stamp.host,
        "stamped_at": stamp.stamped_at,
        "file": file if stamp.stamped_at else None,
    }
