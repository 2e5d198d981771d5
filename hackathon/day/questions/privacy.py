from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import DELETE, HELP, Reader, registry
from hackathon.day.announcements.models import ReadMark
from hackathon.day.questions.models import CannedAnswer, Publication, Question


def answer_marks_in(edition: Any) -> QuerySet[ReadMark]:
    questions = Question.objects.filter(department__edition=edition)
    published = Publication.objects.filter(question__in=questions)
    stamps = [
        f"{kind}{pk}-{n}"
        for kind, rows in (("q", questions), ("p", published))
        for pk, revision in rows.values_list("pk", "revision")
        for n in range(revision + 1)
    ]
    return ReadMark.objects.filter(stamp__in=stamps)


registry.declare(
    ReadMark,
    "stamp",
    HELP,
    _("Quelles réponses vous avez lues"),
    edition=answer_marks_in,
    exported=None,
    readers=(Reader.YOU,),
    owner=None,
)
registry.declare(
    Question,
    "asked_by body answer",
    HELP,
    _("Les questions que vous posez, et leur réponse"),
    beside="asked_at topic state settled_at",
    owner="asked_by",
    anonymise=DELETE,
    because=_("Une question est celle de toute l’équipe."),
)
registry.declare(
    Question,
    "team_label",
    HELP,
    _("Quelle équipe pose une question : celle ou celui qui répond ne le voit pas"),
    exported=None,
    readers=(Reader.TEAM, Reader.ORGANIZERS),
)
registry.declare(
    Publication,
    "wording answer",
    HELP,
    _("Les réponses publiées pour tous, sans dire qui a demandé"),
    edition="question__department__edition",
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.not_personal("a group", Publication, only="audience")
registry.actor(Question, "taken_by settled_by", _("Les questions auxquelles vous répondez"))
registry.not_personal("written by organizers in advance", CannedAnswer)
