"""What a jury decides, and when nothing of it changes any more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refusal, Refused, check
from hackathon.editions.models import Department, Edition
from hackathon.editions.services import editions
from judging import live, locks
from judging.deliberation import envelope, rules
from judging.deliberation.selectors.decision import decision_of, signers_of
from judging.deliberation.selectors.publication import ceremony_has_begun, publication_states
from judging.deliberation.services import records
from judging.jury.selectors import is_locked, is_president
from judging.models import Award, Deliberation, Juror, Nomination, Signature
from judging.ranking.selectors import basis_of, rank, shown

type Special = tuple[str, int]  # the prize's name, the team's id


@transaction.atomic
def decide(
    *,
    department: Department,
    nominees: Collection[int],
    places: Mapping[int, int],
    special: Sequence[Special] = (),
    reason: str = "",
    order_confirmed: bool = False,
    seen: str = "",
    by: User,
    at: datetime,
) -> Deliberation:
    """Replace the draft. `places` is by team id; equal places are ex aequo, gaps are closed up.

    `seen` is the digest of the marks that were on the screen; without it, those of now. If anything
    is another, what was open to the jury is closed, and what was signed is signed no more: they
    read something else. The journal says that something was decided, never what.
    """
    department = locks.jury(department.pk)
    basis = basis_of(department)
    _check(department, by, at, final_sheets=len(basis.sheets))
    decided = rules.decision(nominees, places)
    chosen = {team for _title, team in special}
    check(rules.decision_refusal(decided, basis.teams, special=chosen))
    deliberation, _ = Deliberation.objects.get_or_create(department=department)
    before = _said(deliberation)
    _write(deliberation, decided, special)
    deliberation.reason = reason.strip()
    deliberation.order_confirmed = order_confirmed
    deliberation.basis = seen or basis.digest
    deliberation.save(update_fields=["reason", "order_confirmed", "basis"])
    if _said(deliberation) == before:
        return deliberation
    _close(deliberation, by=by, at=at)
    journal.record("deliberation.drafted", deliberation, by=by, at=at)
    return deliberation


@transaction.atomic
def open_to_sign(*, department: Department, by: User, at: datetime) -> Deliberation:
    """Show the draft to the jury, to be read and signed; it must be one that may be locked."""
    department = locks.jury(department.pk)
    deliberation = _checked(department, department.edition, by, at)
    if deliberation.opened_at is None:
        deliberation.opened_at = at
        deliberation.save(update_fields=["opened_at"])
        journal.record("deliberation.opened", deliberation, by=by, at=at)
        live.deliberation_opened(department, at=at)
    return deliberation


@transaction.atomic
def sign(*, juror: Juror, seen: datetime | None, by: User, at: datetime) -> Signature:
    """A juror signs the decision that they read, which was opened at `seen`. Twice is once."""
    department = locks.jury(juror.department_id)
    deliberation = Deliberation.objects.filter(department=department).first()
    seats = Juror.objects.seated().filter(pk=juror.pk, user=by)
    check(
        rules.signature_refusal(
            seated=seats.exists(),
            locked=is_locked(department),
            opened_at=deliberation.opened_at if deliberation else None,
            seen=seen,
        )
    )
    signature, is_new = Signature.objects.get_or_create(
        deliberation=deliberation, juror=juror, defaults={"signed_at": at}
    )
    if is_new:
        journal.record("deliberation.signed", signature.deliberation, by=by, at=at)
        signers = signers_of(department)
        signed = sum(signer.signed_at is not None for signer in signers)
        live.deliberation_signed(department, signed=signed, jurors=len(signers), at=at)
    return signature


@transaction.atomic
def lock(*, department: Department, by: User, at: datetime) -> Deliberation:
    """Make the draft final, and keep what it came from. Locking is the president's signature;
    who has not signed is named in the minutes. With the last department that has teams the edition
    is deliberated.
    """
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    deliberation = _checked(department, edition, by, at)
    seat = Juror.objects.seated().get(department=department, user=by)
    Signature.objects.get_or_create(
        deliberation=deliberation, juror=seat, defaults={"signed_at": at}
    )
    deliberation.locked_at = at
    deliberation.locked_by = by
    basis, decided = basis_of(department), decision_of(department)
    ranked = rank(basis)
    deliberation.record = records.record_of(
        deliberation,
        basis,
        ranked,
        decided,
        signers_of(department),
        shown(basis, ranked).departing(decided.ranks),
    )
    deliberation.salt, deliberation.digest = envelope.close(deliberation.record["results"])
    deliberation.save(update_fields=["locked_at", "locked_by", "record", "salt", "digest"])
    # The digest is public from here on, also after a reopening: it was on the projector.
    journal.record("deliberation.locked", deliberation, by=by, at=at, digest=deliberation.digest)
    live.deliberation_locked(department, deliberation.digest, at=at)
    if _all_locked(edition):
        editions.mark_deliberated(edition=edition, at=at)
    return deliberation


def lock_refusal(*, department: Department, by: User, at: datetime) -> Refusal | None:
    """Why the draft cannot be locked as it is: asked before anybody is told to press."""
    try:
        _checked(department, department.edition, by, at)
    except Refused as refused:
        return refused.refusal
    return None


@transaction.atomic
def reopen(*, department: Department, reason: str, by: User, at: datetime) -> Deliberation:
    """The jury meets again: nobody has signed, the digest is struck and stays to be seen so.

    The reason is for the minutes; the journal, which organizers read, says only that it happened.
    """
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    check(
        rules.reopening_refusal(
            edition,
            president=is_president(by, department),
            locked=is_locked(department),
            ceremony_begun=ceremony_has_begun(edition),
            reason=reason,
            at=at,
        )
    )
    deliberation = Deliberation.objects.get(department=department)
    assert deliberation.locked_at is not None
    struck = {
        "digest": deliberation.digest,
        "locked_at": deliberation.locked_at.isoformat(),
        "struck_at": at.isoformat(),
        "by": by.display_name,
        "reason": reason.strip(),
    }
    removed = Signature.objects.filter(deliberation=deliberation).delete()[0]
    journal.record(
        "deliberation.reopened",
        deliberation,
        by=by,
        at=at,
        digest=deliberation.digest,
        signatures=removed,
    )
    deliberation.struck = [*deliberation.struck, struck]
    deliberation.locked_at = deliberation.locked_by = deliberation.opened_at = None
    deliberation.salt = deliberation.digest = ""
    deliberation.record = {}
    deliberation.save()
    live.deliberation_reopened(department, at=at)
    editions.mark_judging(edition=edition, at=at)
    return deliberation


def _checked(department: Department, edition: Edition, by: User, at: datetime) -> Deliberation:
    """The draft, if it may stand as it is."""
    basis, decided = basis_of(department), decision_of(department)
    _check(department, by, at, final_sheets=len(basis.sheets))
    check(rules.lock_refusal(edition, winners=decided.winners, teams=len(basis.teams)))
    deliberation = decided.deliberation
    assert deliberation is not None  # it has winners
    ranking = shown(basis, rank(basis))
    check(
        rules.standing_refusal(
            departures=ranking.departing_sentences(decided.ranks),
            reason=deliberation.reason,
            reordered=bool(ranking.order),
            confirmed=deliberation.order_confirmed,
            fresh=deliberation.basis in ("", basis.digest),
        )
    )
    return deliberation


def _check(department: Department, by: User, at: datetime, *, final_sheets: int) -> None:
    check(
        rules.deliberation_refusal(
            department.edition,
            president=is_president(by, department),
            locked=is_locked(department),
            final_sheets=final_sheets,
            at=at,
        )
    )


def _said(deliberation: Deliberation) -> tuple[Any, ...]:
    """All that a draft says, to be compared."""
    nominees = Nomination.objects.filter(deliberation=deliberation)
    awards = Award.objects.filter(deliberation=deliberation)
    return (
        sorted(nominees.values_list("team_id", flat=True)),
        set(awards.values_list("team_id", "rank", "title")),
        deliberation.reason,
        deliberation.order_confirmed,
        deliberation.basis,
    )


def _write(deliberation: Deliberation, decided: rules.Decision, special: Sequence[Special]) -> None:
    Nomination.objects.filter(deliberation=deliberation).delete()
    Award.objects.filter(deliberation=deliberation).delete()
    Nomination.objects.bulk_create(
        Nomination(deliberation=deliberation, team_id=pk) for pk in sorted(decided.nominees)
    )
    awards = [
        Award(deliberation=deliberation, team_id=pk, rank=rank)
        for pk, rank in sorted(decided.ranks.items())
    ]
    awards += [
        Award(deliberation=deliberation, team_id=team, title=title)
        for title, team in dict.fromkeys(special)
    ]
    Award.objects.bulk_create(awards)


def _close(deliberation: Deliberation, *, by: User, at: datetime) -> None:
    """What the jury was reading is not the decision any more."""
    removed = Signature.objects.filter(deliberation=deliberation).delete()[0]
    if removed:
        act = "deliberation.signatures_removed"
        journal.record(act, deliberation, by=by, at=at, signatures=removed)
    if deliberation.opened_at is not None:
        deliberation.opened_at = None
        deliberation.save(update_fields=["opened_at"])
        live.deliberation_closed(deliberation.department, at=at)


def _all_locked(edition: Edition) -> bool:
    return all(state.deliberation is not None for state in publication_states(edition))
