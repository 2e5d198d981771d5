from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from hackathon.base.core.api import reads
from hackathon.base.core.views import edition_of
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.extras.witness.enums import Subject
from hackathon.extras.witness.models import Stamp
from hackathon.extras.witness.selectors import stamps_in


class StampSerializer(serializers.Serializer[Any]):
    """Of an outside authority (RFC 3161). While it is awaited, `stamped_at` and `file` are null."""

    id = serializers.IntegerField()
    digest = serializers.CharField()
    subject = serializers.ChoiceField(choices=Subject.choices)
    authority = serializers.CharField(help_text="The name of its host.")
    stamped_at = serializers.DateTimeField(allow_null=True, help_text="By the authority's clock.")
    file = serializers.URLField(allow_null=True, help_text="Its answer: a .tsr file.")


def _body(stamp: Stamp) -> dict[str, Any]:
    file = settings.SITE_URL + reverse("witness:stamp", args=[stamp.edition.slug, stamp.pk])
    return {
        "id": stamp.pk,
        "digest": stamp.digest,
        "subject": stamp.subject,
        "authority": stamp.host,
        "stamped_at": stamp.stamped_at,
        "file": file if stamp.stamped_at else None,
    }


class Stamps(EditionEndpoint):
    public = True

    @reads(StampSerializer, many=True, operation_id="stamps")
    def get(self, request: Request) -> Any:
        """Of the digests of seals and envelopes, by outside authorities."""
        edition = edition_of(request)
        return [] if edition is None else [_body(stamp) for stamp in stamps_in(edition)]
