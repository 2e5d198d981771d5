"""Answers that are ready to be sent."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.editions.models import Edition
from hackathon.editions.services.guard import lock_for
from hackathon.questions.models import CannedAnswer
from hackathon.questions.rules import USUAL_ANSWERS


@transaction.atomic
def save(
    *,
    edition: Edition,
    text: str,
    canned: CannedAnswer | None = None,
    by: User,
    at: datetime,
) -> CannedAnswer:
    """Add one at the end, or change the one given."""
    edition = lock_for(by, edition.pk)
    if canned is None:
        last = edition.canned_answers.aggregate(last=Max("position"))["last"] or 0
        canned = CannedAnswer(edition=edition, position=last + 1)
    canned.text = text
    canned.save()
    journal.record("canned_answer.saved", canned, by=by, at=at)
    return canned


@transaction.atomic
def delete(*, canned: CannedAnswer, by: User, at: datetime) -> None:
    """One less."""
    lock_for(by, canned.edition_id)
    journal.record("canned_answer.deleted", canned, by=by, at=at, text=canned.text)
    canned.delete()


def begin(edition: Edition, *, like: Edition | None = None) -> None:
    """Give a new edition its first ones: those of its model, or the usual ones. Inside the
    transaction that makes it.
    """
    texts = USUAL_ANSWERS if like is None else like.canned_answers.values_list("text", flat=True)
    CannedAnswer.objects.bulk_create(
        CannedAnswer(edition=edition, text=text, position=position)
        for position, text in enumerate(texts, start=1)
    )
