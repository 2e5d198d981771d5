"""The shape of what other programs send."""

from typing import Any

from rest_framework import serializers

from hackathon.questions.enums import Addressee, Topic


class QuestionSerializer(serializers.Serializer[Any]):
    """`{to, topic, body}`; without a topic it is about something else."""

    to = serializers.ChoiceField(choices=Addressee.choices)
    topic = serializers.ChoiceField(choices=Topic.choices, default=Topic.OTHER)
    # Length and emptiness are refusals with a code of their own.
    body = serializers.CharField(allow_blank=True, max_length=100_000)
