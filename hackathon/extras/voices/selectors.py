from statistics import mean
from typing import Any

from django.db.models import QuerySet

from hackathon.event.editions.models import Edition
from hackathon.extras.voices import rules
from hackathon.extras.voices.models import Ballot, Sentence, Survey


def survey_of(edition: Edition) -> Survey:
    """Not saved if there is none. One query."""
    return Survey.objects.filter(edition=edition).first() or Survey(edition=edition)


def ballot_of(survey: Survey) -> Ballot:
    return Ballot.objects.filter(survey=survey.pk).first() or Ballot(survey=survey)


def results_of(survey: Survey) -> dict[str, Any]:
    """`lines`: question and answer, of the `shown` among the `people`. One query."""
    answers = {name: survey.answers.get(name, []) for name in rules.QUESTIONS}
    marks = answers["scale"]
    return {
        "people": survey.people + len(ballot_of(survey).voters) % rules.BATCH,
        "shown": survey.people,
        "marks": [(mark, marks.count(mark)) for mark in range(1, rules.TOP + 1)],
        "average": round(mean(marks), 1) if marks else None,
        "lines": [(getattr(survey, name), each) for name in answers for each in answers[name]],
    }


def sentences_of(edition: Edition) -> "QuerySet[Sentence]":
    found = Sentence.objects.filter(membership__edition=edition).order_by("text", "pk")
    return found.select_related("membership__user", "membership__team__department")
