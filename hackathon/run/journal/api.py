from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from hackathon.base.core.acts import registry
from hackathon.base.core.api import InstantField, queried, reads
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.run.journal import selectors
from hackathon.run.journal.selectors import Wanted


class JournalQuery(serializers.Serializer[Any]):
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    group = serializers.ChoiceField(choices=[], required=False)
    since = InstantField(required=False)
    until = InstantField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["group"] = serializers.ChoiceField(choices=sorted(registry.groups), required=False)
        return fields


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    act = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    text = serializers.CharField()
    team = serializers.CharField()
    department = serializers.CharField()


class Journal(EditionEndpoint):
    @reads(LineSerializer, many=True, parameters=[JournalQuery])
    def get(self, request: Request) -> Any:
        """What was done, newest first, for organizers."""
        entries = selectors.entries(self.organized, Wanted(**queried(JournalQuery, request)))
        page = self.page(entries, newest_first=True)
        lines = selectors.lines(self.edition, page)
        page[:] = [
            {"id": entry.pk, "act": entry.act, **vars(line)}
            for entry, line in zip(page, lines, strict=True)
        ]
        return page
