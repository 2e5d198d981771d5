"""Services raise `Refused`."""

from datetime import datetime
from threading import Lock

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check, refuse
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.voices import rules, selectors
from hackathon.extras.voices.errors import VoiceRefusal
from hackathon.extras.voices.models import Sentence, Survey
from teams.models import Membership

_turn = Lock()  # orders the answers of a process, as the votes of decision 44


def _check_open(edition: Edition, at: datetime) -> None:
    check(None if results_are_public(edition, at=at) else refuse(VoiceRefusal.TOO_EARLY))


def answer(membership: Membership, *, given: rules.Answers, at: datetime) -> None:
    """A second time changes nothing and is not refused. No entry of the journal, no message."""
    _check_open(membership.edition, at)
    with _turn, transaction.atomic():
        survey = _locked(membership.edition)
        ballot = selectors.ballot_of(survey)
        voter = rules.digest(survey, membership.user_id)
        if voter in ballot.voters:
            return
        ballot.voters = sorted([*ballot.voters, voter])
        ballot.answers = rules.merged(ballot.answers, given)
        if len(ballot.voters) % rules.BATCH == 0:
            survey.people += rules.BATCH
            survey.answers, ballot.answers = rules.merged(survey.answers, ballot.answers), {}
            survey.save()
        ballot.save()


def _locked(edition: Edition) -> Survey:
    """Excludes other answers and a change of the questions."""
    Survey.objects.get_or_create(edition=edition)
    return Survey.objects.select_for_update(no_key=True).get(edition=edition)


@transaction.atomic
def set_up(edition: Edition, *, by: User, at: datetime, **questions: str) -> None:
    """`questions`: by `rules.QUESTIONS`; an empty one is not asked."""
    survey = _locked(edition)  # first: the row that an answer makes waits for the edition
    edition = lock_for(by, edition.pk)
    is_answered = survey.people or selectors.ballot_of(survey).voters
    check(refuse(VoiceRefusal.ANSWERED) if is_answered else None)
    Survey.objects.filter(pk=survey.pk).update(**questions)
    journal.record("survey.changed", edition, by=by, at=at)


@transaction.atomic
def sign(membership: Membership, *, text: str, at: datetime) -> None:
    """To be accepted again. Without a text it is withdrawn."""
    if not text:
        Sentence.objects.filter(membership=membership).delete()
        return
    _check_open(membership.edition, at)
    signed = {"text": text, "accepted_at": None}
    Sentence.objects.update_or_create(membership=membership, defaults=signed)


@transaction.atomic
def decide(edition: Edition, pk: int, *, text: str, accept: bool, by: User, at: datetime) -> None:
    """`text`: that the organizer has read; the author may change it meanwhile."""
    edition = lock_for(by, edition.pk)
    # Without a join: PostgreSQL would not compare the text again after it has waited for the row.
    read = Sentence.objects.filter(membership__in=edition.memberships.all(), pk=pk, text=text)
    is_there = read.update(accepted_at=at if accept else None)
    check(None if is_there else refuse(VoiceRefusal.CHANGED))
    journal.record("sentence.accepted" if accept else "sentence.hidden", edition, by=by, at=at)
