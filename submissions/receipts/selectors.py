from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.selectors import AnyUser
from submissions.enums import Health
from submissions.models import Receipt, Submission
from submissions.versions.selectors import get_submission_for, version_of
from teams.enums import ReceiptMails
from teams.models import Team
from teams.selectors.teams import members_of

MAIL_OVERDUE = timedelta(minutes=15)  # before that, the task itself retries
MAIL_GIVEN_UP = timedelta(days=1)
MAILS_PER_RUN = 100
DIGEST_AFTER = timedelta(hours=1)


def get_receipt_for(user: AnyUser, pk: int) -> Receipt:
    """`pk` is that of the submission. Raises `NotFound` unless in its team or an organizer."""
    submission = get_submission_for(user, pk)
    if (receipt := _receipts().filter(submission=submission).first()) is None:
        raise NotFound
    return receipt


def receipt_by_code(code: str) -> Receipt | None:
    """Without an access check: the code itself is the permission."""
    return _receipts().filter(code=code).first()


def receipt_of(submission_pk: int) -> Receipt | None:
    """Without an access check, for tasks."""
    return _receipts().filter(submission=submission_pk).first()


def forgotten_receipts(*, at: datetime) -> list[int]:
    """Ids of submissions of the last day that are not mailed in spite of the task's retries."""
    waiting = Receipt.objects.filter(
        mailed_at=None,
        submission__received_at__lte=at - MAIL_OVERDUE,
        submission__received_at__gt=at - MAIL_GIVEN_UP,
    )
    return list(waiting.order_by("pk").values_list("submission_id", flat=True)[:MAILS_PER_RUN])


def recipients_of(
    submission: Submission, mails: Collection[ReceiptMails] = (ReceiptMails.EACH,)
) -> list[User]:
    """Who submitted it, and the active members who want one of these mails. What an organizer
    entered for the team all its members get.
    """
    people = {
        member.user_id: member.user
        for member in members_of(submission.team)
        if submission.entry_reason
        or member.user_id == submission.submitted_by_id
        or member.receipt_mails in mails
    }
    people.setdefault(submission.submitted_by_id, submission.submitted_by)
    return [user for user in people.values() if user.is_active]


def broken_submission(pk: int) -> Submission | None:
    """The submission with its team, if it does not open and is the version that counts. Without an
    access check, for tasks.
    """
    submissions = Submission.objects.select_related(
        "team__edition", "team__department", "deliverable", "submitted_by", "inspection"
    )
    submission = submissions.filter(pk=pk, inspection__health=Health.BROKEN).first()
    return submission if submission and version_of(submission).counts else None


def warned_of(submission: Submission) -> list[User]:
    """Who gets its receipt, and who gets it in a digest: that could be too late."""
    return recipients_of(submission, mails=(ReceiptMails.EACH, ReceiptMails.DIGEST))


def digest_readers(team: Team) -> list[User]:
    return [
        member.user
        for member in members_of(team)
        if member.receipt_mails == ReceiptMails.DIGEST and member.user.is_active
    ]


def teams_due_for_digest(*, at: datetime) -> list[int]:
    """Teams of which a receipt of the last day has waited for `DIGEST_AFTER`."""
    waiting = Receipt.objects.filter(
        digested_at=None,
        submission__received_at__lte=at - DIGEST_AFTER,
        submission__received_at__gt=at - MAIL_GIVEN_UP,
    )
    return list(waiting.values_list("submission__team", flat=True).distinct()[:MAILS_PER_RUN])


def receipts_of(pks: Sequence[int]) -> list[Receipt]:
    """Without an access check, for tasks; in the order of their arrival."""
    return list(_receipts().filter(pk__in=pks).order_by("submission__received_at"))


def _receipts() -> QuerySet[Receipt]:
    return Receipt.objects.select_related(
        "submission__team__edition",
        "submission__team__department",
        "submission__deliverable",
        "submission__submitted_by",
        "submission__inspection",
    )
