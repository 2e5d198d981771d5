from typing import Any

from rest_framework import serializers

from hackathon.base.core.formats import iso_utc
from hackathon.day.questions.enums import Addressee, QuestionState, Topic
from hackathon.day.questions.models import Question
from hackathon.day.questions.selectors import PublishedAnswer, QueueLine


class AskingTeamSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GivenName(serializers.CharField):
    def get_attribute(self, instance: Any) -> Any:
        if self.field_name not in instance:  # not null: left out
            raise serializers.SkipField
        return super().get_attribute(instance)


class AskedQuestionSerializer(serializers.Serializer[Any]):
    """`asked_by` and `team` only for the team itself and for organizers."""

    id = serializers.IntegerField()
    to = serializers.ChoiceField(choices=Addressee.choices)
    topic = serializers.ChoiceField(choices=Topic.choices)
    body = serializers.CharField()
    state = serializers.ChoiceField(choices=QuestionState.choices)
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)
    department = serializers.CharField(required=False)
    taken_by = GivenName(required=False, allow_null=True)
    asked_by = serializers.CharField(required=False)
    team = AskingTeamSerializer(required=False)


class PublishedAnswerSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    question = serializers.CharField()
    answer = serializers.CharField()
    html = serializers.CharField()
    topic = serializers.ChoiceField(choices=Topic.choices)
    audience = serializers.ChoiceField(choices=["everyone", "department"])
    published_at = serializers.DateTimeField()


class QuestionsSerializer(serializers.Serializer[Any]):
    questions = AskedQuestionSerializer(many=True)
    published = PublishedAnswerSerializer(many=True)


def own_as_dict(question: Question) -> dict[str, Any]:
    """For the team that asked."""
    duplicate = question.duplicate_of
    elsewhere = "" if duplicate is None or duplicate.withdrawn_at else duplicate.answer
    return {
        "id": question.pk,
        "to": question.to,
        "topic": question.topic,
        "body": question.body,
        "state": question.state,
        "asked_by": question.asked_by.display_name,
        "asked_at": iso_utc(question.asked_at),
        "answer": question.answer or elsewhere,
        "settled_at": None if question.settled_at is None else iso_utc(question.settled_at),
    }


def queued_as_dict(line: QueueLine, *, organizer: bool) -> dict[str, Any]:
    """For those who may answer. Only organizers read who asked."""
    question = line.question
    taken_by = question.taken_by
    content: dict[str, Any] = {
        "id": question.pk,
        "department": question.department.code,
        "to": question.to,
        "topic": question.topic,
        "body": question.body,
        "state": question.state,
        "taken_by": None if taken_by is None else taken_by.display_name,
        "asked_at": iso_utc(question.asked_at),
        "answer": question.answer,
        "settled_at": None if question.settled_at is None else iso_utc(question.settled_at),
    }
    if organizer:
        content["asked_by"] = question.asked_by.display_name
        content["team"] = {"id": question.team_pk, "name": question.team_label}
    return content


def published_as_dict(published: PublishedAnswer) -> dict[str, Any]:
    return {
        "id": published.pk,
        "question": published.wording,
        "answer": published.answer,
        "html": published.html,
        "topic": published.topic,
        "audience": "everyone" if published.for_everyone else "department",
        "published_at": iso_utc(published.published_at),
    }
