from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import reads
from hackathon.base.core.views import edition_of
from hackathon.event.editions.api import FILE
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.event.roles import roles_of
from hackathon.extras.gallery import files, selectors
from hackathon.extras.gallery.enums import ItemKind
from hackathon.extras.gallery.selectors import Visit, Work


class GalleryItemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the submission.")
    deliverable = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in ItemKind])
    url = serializers.CharField(help_text="Of a link.")
    text = serializers.CharField(help_text="Of a text.")


class GalleryWorkSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the team.")
    team = serializers.CharField()
    department = serializers.CharField()
    project = serializers.CharField()
    sentence = serializers.CharField()
    items = GalleryItemSerializer(many=True)


def _body(work: Work) -> dict[str, Any]:
    return {
        "id": work.team.pk,
        "team": work.team.name,
        "department": work.team.department.code,
        "project": work.team.project,
        "sentence": work.sentence,
        "items": [
            {
                "id": item.submission.pk,
                "deliverable": item.deliverable.name,
                "kind": item.kind.value,
                "url": item.submission.url,
                "text": item.submission.text,
            }
            for item in work.items
        ],
    }


def _visit(endpoint: EditionEndpoint) -> Visit:
    edition = edition_of(endpoint.request)
    roles = roles_of(endpoint.user, edition)
    return selectors.visit_of(endpoint.user, roles, edition, at=clock.now())


class Gallery(EditionEndpoint):
    @reads(GalleryWorkSerializer, many=True, operation_id="gallery")
    def get(self, request: Request) -> Any:
        """Works of teams in which every member has agreed, for those who take part; for jurors once
        their jury has decided. Empty until the gallery opens.
        """
        return [_body(work) for work in selectors.works_of(_visit(self))]


class GalleryContent(EditionEndpoint):
    @extend_schema(operation_id="gallery_content", responses=FILE)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The bytes of an item, for the same people. Supports ranges."""
        item = selectors.get_item(_visit(self), pk)
        return files.content(item, request._request, inline=False)
