from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import commitments, journal
from hackathon.base.core.errors import Refusal, Refused, check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import editions
from judging import live, locks
from judging.deliberation import envelope, rules
from judging.deliberation.selectors.decision import decision_of, signers_of
from judging.deliberation.selectors.envelopes import results_to_seal
from judging.deliberation.selectors.publication import all_decided, may_be_known
from judging.deliberation.services import records
from judging.jury.selectors import is_decided, is_president
from judging.models import Award, Deliberation, Juror, Nomination, NominationSeal, Signature
from judging.ranking.explanation import explain_departures
from judging.ranking.selectors import ranking_from, ranking_inputs

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
    """Replaces the draft; a change deletes the signatures. Locks the jury.

    `places` is by team id. `seen` is the digest of the ranking inputs on the page.
    """
    department = locks.jury(department.pk)
    inputs = ranking_inputs(department)
    _check_may_decide(department, by, at, final_sheets=len(inputs.sheets))
    decided = rules.decision(nominees, places)
    with_prize = {team for _title, team in special}
    check(rules.decision_refusal(decided, inputs.teams, special=with_prize))
    now = decision_of(department)
    sealed = [team.pk for team in now.nominees] if now.seal else None
    check(rules.act_refusal(decided, special=with_prize, nominates=now.nominates, sealed=sealed))
    deliberation, _ = Deliberation.objects.get_or_create(department=department)
    # Compared by content: saving the same draft again must not cost the signatures.
    before = _content(deliberation)
    _replace_rows(deliberation, decided, special)
    deliberation.reason = reason.strip()
    deliberation.order_confirmed = order_confirmed
    deliberation.basis = seen or inputs.digest
    deliberation.save(update_fields=["reason", "order_confirmed", "basis"])
    if _content(deliberation) == before:
        return deliberation
    _withdraw(deliberation, by=by, at=at)
    journal.record("deliberation.drafted", deliberation, by=by, at=at)
    return deliberation


@transaction.atomic
def open_to_sign(*, department: Department, by: User, at: datetime) -> Deliberation:
    department = locks.jury(department.pk)
    deliberation = _ready_draft(department, department.edition, by, at).deliberation
    if deliberation.opened_at is None:
        deliberation.opened_at = at
        deliberation.save(update_fields=["opened_at"])
        journal.record("deliberation.opened", deliberation, by=by, at=at)
        live.deliberation_opened(department, at=at)
    return deliberation


@transaction.atomic
def sign(*, juror: Juror, seen: datetime | None, by: User, at: datetime) -> Signature:
    """`seen` is the `opened_at` of the draft on the page. Locks the jury. Idempotent."""
    department = locks.jury(juror.department_id)
    deliberation = Deliberation.objects.filter(department=department).first()
    seats = Juror.objects.seated().filter(pk=juror.pk, user=by)
    check(
        rules.signature_refusal(
            seated=seats.exists(),
            locked=is_decided(department),
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
def lock(
    *,
    department: Department,
    nominees: bool = False,
    absent: Collection[int] = (),
    by: User,
    at: datetime,
) -> Deliberation:
    """Of the winners, or in the first of two acts of the `nominees`, which closes the marks of the
    night. Locks the edition and the jury. The last jury to lock makes the edition deliberated.

    `absent`: ids of the jurors who were not there, for the minutes.
    """
    # The edition too: of two juries that lock at once, each would see the other one still open, and
    # a ceremony that starts reads which juries have locked.
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    draft = _ready_draft(department, edition, by, at, nominates=nominees)
    deliberation = draft.deliberation
    seat = Juror.objects.seated().get(department=department, user=by)
    signed = {"signed_at": at}
    Signature.objects.get_or_create(deliberation=deliberation, juror=seat, defaults=signed)
    sealed = NominationSeal(deliberation=deliberation) if nominees else deliberation
    sealed.locked_at, sealed.locked_by = at, by
    results = results_to_seal(sealed)
    sealed.record = draft.record(results, absent)
    sealed.salt, sealed.digest = envelope.close(results)
    sealed.save()
    if nominees:  # their signatures are in the record; the winners are signed anew
        Signature.objects.filter(deliberation=deliberation).delete()
        deliberation.opened_at = None
        deliberation.save(update_fields=["opened_at"])
    # Projectors show the digest, so organizers may read it in the journal.
    act = "nominations.locked" if nominees else "deliberation.locked"
    journal.record(act, deliberation, by=by, at=at, digest=sealed.digest)
    live.deliberation_locked(department, sealed.digest, nominees=nominees, at=at)
    commitments.made.send(type(sealed), edition=edition, digests=[sealed.digest], at=at)
    if all_decided(edition):
        editions.mark_deliberated(edition=edition, at=at)
    return deliberation


def lock_refusal(*, department: Department, by: User, at: datetime) -> Refusal | None:
    """For the page, which shows it before the president tries."""
    try:
        _ready_draft(department, department.edition, by, at)
    except Refused as refused:
        return refused.refusal
    return None


@transaction.atomic
def reopen(
    *, department: Department, nominees: bool = False, reason: str, by: User, at: datetime
) -> Deliberation:
    """The winners, or the `nominees` while no winner is locked. Marks of passages stay. Locks the
    edition and the jury.

    The reason is not in the journal, which organizers read: it may name a winner.
    """
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    decided = decision_of(department)
    sealed = decided.seal if nominees else decided.deliberation
    check(
        rules.reopening_refusal(
            department,
            president=is_president(by, department),
            locked=decided.is_locked != nominees and sealed is not None,
            ceremony_begun=may_be_known(department, decided),
            reason=reason,
            at=at,
        )
    )
    deliberation = decided.deliberation
    assert deliberation is not None
    assert sealed is not None
    assert sealed.locked_at is not None
    struck = {
        "digest": sealed.digest,
        "locked_at": sealed.locked_at.isoformat(),
        "struck_at": at.isoformat(),
        "by": by.display_name,
        "reason": reason.strip(),
    }
    removed = Signature.objects.filter(deliberation=deliberation).delete()[0]
    deliberation.struck = [*deliberation.struck, struck]
    deliberation.opened_at = None
    if nominees:
        sealed.delete()
        deliberation.awards.all().delete()  # a draft of winners was made for these nominees
    else:
        deliberation.locked_at = deliberation.locked_by = None
        deliberation.salt = deliberation.digest = ""
        deliberation.record = {}
    deliberation.save()
    act = "nominations.reopened" if nominees else "deliberation.reopened"
    detail = {"digest": struck["digest"], "signatures": removed}
    journal.record(act, deliberation, by=by, at=at, **detail)
    live.deliberation_reopened(department, at=at)
    if not all_decided(edition):
        editions.mark_judging(edition=edition, at=at)
    return deliberation


def _ready_draft(
    department: Department,
    edition: Edition,
    by: User,
    at: datetime,
    *,
    nominates: bool | None = None,
) -> records.Draft:
    """Raises `Refused` unless the draft may be opened for signatures and locked: in the first of
    two acts the nominees, else the winners. `nominates`: which of them is meant to be locked.
    """
    inputs, decided = ranking_inputs(department), decision_of(department)
    _check_may_decide(department, by, at, final_sheets=len(inputs.sheets))
    check(rules.meant_refusal(nominates, nominating=decided.nominates))
    teams = len(inputs.teams)
    if decided.nominates:
        prizes = decided.winners + len(decided.special)
        named = len(decided.nominees)
        check(rules.nominations_refusal(edition, nominees=named, prizes=prizes, teams=teams))
    else:
        check(rules.lock_refusal(edition, winners=decided.winners, teams=teams))
    deliberation = decided.deliberation
    assert deliberation is not None  # it has winners or nominees
    ranking = ranking_from(inputs)
    check(
        rules.readiness_refusal(
            departures=explain_departures(ranking.departures(decided.ranks), ranking.team_names),
            reason=deliberation.reason,
            reordered=bool(ranking.order_change),
            confirmed=deliberation.order_confirmed,
            fresh=rules.is_up_to_date(deliberation.basis, inputs.digest),
        )
    )
    return records.Draft(inputs, decided, ranking, deliberation, decided.seal)


def _check_may_decide(department: Department, by: User, at: datetime, *, final_sheets: int) -> None:
    check(
        rules.deliberation_refusal(
            department,
            president=is_president(by, department),
            locked=is_decided(department),
            final_sheets=final_sheets,
            at=at,
        )
    )


def _content(deliberation: Deliberation) -> tuple[Any, ...]:
    nominees = Nomination.objects.filter(deliberation=deliberation)
    awards = Award.objects.filter(deliberation=deliberation)
    return (
        sorted(nominees.values_list("team_id", flat=True)),
        set(awards.values_list("team_id", "rank", "title")),
        deliberation.reason,
        deliberation.order_confirmed,
        deliberation.basis,
    )


def _replace_rows(
    deliberation: Deliberation, decided: rules.Decision, special: Sequence[Special]
) -> None:
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


def _withdraw(deliberation: Deliberation, *, by: User, at: datetime) -> None:
    removed = Signature.objects.filter(deliberation=deliberation).delete()[0]
    if removed:
        act = "deliberation.signatures_removed"
        journal.record(act, deliberation, by=by, at=at, signatures=removed)
    if deliberation.opened_at is not None:
        deliberation.opened_at = None
        deliberation.save(update_fields=["opened_at"])
        live.deliberation_closed(deliberation.department, at=at)
