from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from hackathon.extras.voices.models import Survey

QUESTIONS = ("scale", "first", "second")
TOP = 5  # of the scale, from 1
BATCH = 5  # people whose answers are shown together; also the fewest of an average

type Answers = Mapping[str, list[Any]]  # by question


def digest(survey: Survey, user_pk: int) -> str:
    return salted_hmac("voices", f"{survey.pk}:{user_pk}", algorithm="sha256").hexdigest()


def merged(kept: Answers, more: Answers) -> dict[str, list[Any]]:
    """Sorted: their order tells nothing."""
    return {name: sorted([*kept.get(name, []), *more.get(name, [])]) for name in QUESTIONS}
