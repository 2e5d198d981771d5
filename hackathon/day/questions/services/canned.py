from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.day.questions.models import CannedAnswer
from hackathon.day.questions.rules import DEFAULT_ANSWERS
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for


@transaction.atomic
def save(
    *,
    edition: Edition,
    text: str,
    canned: CannedAnswer | None = None,
    by: User,
    at: datetime,
) -> CannedAnswer:
    """Add one at the end, or change `canned`."""
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
    lock_for(by, canned.edition_id)
    journal.record("canned_answer.deleted", canned, by=by, at=at, text=canned.text)
    canned.delete()


def add_defaults(edition: Edition) -> None:
    """Must be called in the transaction that creates the edition."""
    _add(edition, DEFAULT_ANSWERS)


def copy(*, source: Edition, to: Edition) -> None:
    """Must be called in the transaction that creates the edition `to`."""
    _add(to, source.canned_answers.values_list("text", flat=True))


def _add(edition: Edition, texts: Iterable[str]) -> None:
    CannedAnswer.objects.bulk_create(
        CannedAnswer(edition=edition, text=text, position=position)
        for position, text in enumerate(texts, start=1)
    )
