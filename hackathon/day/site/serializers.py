from typing import Any

from rest_framework import serializers

from hackathon.base.live.connection import MAX_ID


class AfterSerializer(serializers.Serializer[Any]):
    """`?after=N`: the id of the last live message that was received. `&shows=NAME,NAME`: the
    fragments of the page.
    """

    after = serializers.IntegerField(min_value=0, max_value=MAX_ID, required=False)
    shows = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
