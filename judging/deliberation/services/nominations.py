"""The first of two acts: the nominees are locked, and the jury hears them before it decides."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department
from judging import live, locks
from judging.deliberation import envelope, rules
from judging.deliberation.selectors.decision import decision_of
from judging.deliberation.selectors.envelopes import nominations_to_seal
from judging.deliberation.selectors.publication import may_be_known
from judging.deliberation.services import records
from judging.deliberation.services.decision import ready_draft, sign_by_locking, struck_digest
from judging.jury.selectors import is_president
from judging.models import NominationSeal, Signature


@transaction.atomic
def lock(
    *, department: Department, absent: Collection[int] = (), by: User, at: datetime
) -> NominationSeal:
    """Closes the marks of the night. The signatures go into its record: the winners are signed
    anew. Locks the edition and the jury. `absent` as in `decision.lock`.
    """
    # The edition too: a ceremony that starts reads which juries have locked.
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    deliberation = ready_draft(department, edition, by, at, nominates=True)
    sign_by_locking(deliberation, by=by, at=at)
    results = nominations_to_seal(deliberation, locked_at=at)
    record = records.record_now(deliberation, results, absent)
    salt, digest = envelope.close(results)
    seal = NominationSeal.objects.create(
        deliberation=deliberation,
        locked_at=at,
        locked_by=by,
        record=record,
        salt=salt,
        digest=digest,
    )
    Signature.objects.filter(deliberation=deliberation).delete()
    deliberation.opened_at = None
    deliberation.save(update_fields=["opened_at"])
    journal.record("nominations.locked", deliberation, by=by, at=at, digest=digest)
    live.nominations_locked(department, digest, at=at)
    return seal


@transaction.atomic
def reopen(*, department: Department, reason: str, by: User, at: datetime) -> None:
    """Until a ceremony has begun, and not while winners are locked. Locks the edition and the jury.
    Marks of passages stay.
    """
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    decided = decision_of(department)
    deliberation, seal = decided.deliberation, decided.seal
    check(
        rules.reopening_refusal(
            edition,
            president=is_president(by, department),
            locked=seal is not None and not decided.is_locked,
            ceremony_begun=may_be_known(edition, decided),
            reason=reason,
            at=at,
        )
    )
    assert deliberation is not None
    assert seal is not None
    struck = struck_digest(seal, reason, by=by, at=at)
    removed = Signature.objects.filter(deliberation=deliberation).delete()[0]
    seal.delete()
    # A draft of winners goes too: it was made for these nominees.
    deliberation.awards.all().delete()
    deliberation.struck = [*deliberation.struck, struck]
    deliberation.opened_at = None
    deliberation.save(update_fields=["struck", "opened_at"])
    detail = {"digest": struck["digest"], "signatures": removed}
    journal.record("nominations.reopened", deliberation, by=by, at=at, **detail)
    live.deliberation_reopened(department, at=at)
