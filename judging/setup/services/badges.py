"""Badges and PINs: stored hashed, not in the journal. They follow from the key of the request that
prints them, so that a repeated request prints the same badges.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.crypto import salted_hmac

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core import attempts, journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.errors import JudgingRefusal
from judging.jury.selectors import juror_of_badge, valid_badges
from judging.models import Badge, Juror
from judging.setup import rules
from judging.setup.selectors import without_badge

TOKEN_BYTES = 24
PIN_DIGITS = 6
# Limit of wrong PINs for one seat from all tablets, and its period in seconds.
ATTEMPTS, ATTEMPT_SECONDS = 5, 300


@dataclass(frozen=True)
class PrintedBadge:
    juror: Juror
    token: str = field(repr=False)
    pin: str = field(repr=False)


@transaction.atomic
def issue_all(
    *,
    department: Department,
    jurors: Iterable[Juror],
    key: UUID | None = None,
    replace: bool = False,
    by: User,
    at: datetime,
) -> list[PrintedBadge]:
    key = key or uuid4()
    printed = [
        issue(juror=juror, key=key, replace=replace, by=by, at=at)
        for juror in sorted(jurors, key=lambda juror: juror.pk)
    ]
    live.jury_changed(department, at=at)
    return sorted(printed, key=lambda badge: badge.juror.user.display_name)


@transaction.atomic
def issue_missing(*, edition: Edition, key: UUID, by: User, at: datetime) -> list[PrintedBadge]:
    """To every juror of the edition who has none, jury by jury."""
    missing = without_badge(edition, apart_from=key)
    made: list[PrintedBadge] = []
    for department in edition.departments.all():
        jurors = Juror.objects.filter(pk__in=missing, department=department)
        if own := list(jurors.select_related("user", "department__edition")):
            made += issue_all(department=department, jurors=own, key=key, by=by, at=at)
    return made


@transaction.atomic
def issue(
    *, juror: Juror, key: UUID | None = None, replace: bool = False, by: User, at: datetime
) -> PrintedBadge:
    """`replace`: former badges and PINs become invalid, and the juror is signed out."""
    key = key or uuid4()
    seat = locks.seat(juror.pk, juror.department_id)
    organizer = is_organizer(by, juror.department.edition)
    printed = seat.badges.filter(key=key).first() if seat else None
    others = valid_badges(juror).exclude(key=key)
    valid = 0 if printed or replace else others.count()
    check(rules.badge_refusal(juror, organizer=organizer, seated=seat is not None, valid=valid))
    assert seat is not None
    if printed and printed.voided_at:
        raise Refused(refuse(JudgingRefusal.BADGE_VOIDED))
    if replace:
        for badge in others:
            _void(badge, by=by, at=at)
    token, pin = _secrets(juror, key)
    if printed is None:
        Badge.objects.create(
            juror=seat, key=key, digest=digest_of(token), pin=make_password(pin), issued_at=at
        )
        journal.record("badge.issued", seat, by=by, at=at)
    return PrintedBadge(juror, token, pin)


@transaction.atomic
def void(*, badge: Badge, by: User, at: datetime) -> None:
    """The juror is signed out: who holds the badge may have opened a session."""
    seat = locks.seat(badge.juror_id, badge.juror.department_id)
    organizer = is_organizer(by, badge.juror.department.edition)
    check(rules.badge_refusal(badge.juror, organizer=organizer, seated=seat is not None, valid=0))
    if valid_badges(badge.juror).filter(pk=badge.pk).exists():
        _void(badge, by=by, at=at)
        live.jury_changed(badge.juror.department, at=at)


def _void(badge: Badge, *, by: User, at: datetime) -> None:
    badge.voided_at = at
    badge.save(update_fields=["voided_at"])
    accounts.sign_out_everywhere(badge.juror.user, by=by, at=at)
    journal.record("badge.voided", badge.juror, by=by, at=at)


def _secrets(juror: Juror, key: UUID) -> tuple[str, str]:
    raw = salted_hmac("judging:badge", f"{juror.pk}:{key}", algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(raw[:TOKEN_BYTES]).decode()
    number = int.from_bytes(raw[TOKEN_BYTES:], "big") % 10**PIN_DIGITS
    return token, f"{number:0{PIN_DIGITS}}"


def read(*, token: str) -> Juror:
    juror = juror_of_badge(digest_of(token))
    if juror is None:
        raise Refused(refuse(JudgingRefusal.BADGE_UNKNOWN))
    return juror


def enter_pin(*, juror: Juror, pin: str) -> Juror:
    """After too many wrong PINs the right one is refused too."""
    name = juror.user.display_name
    attempt = attempts.begin(f"pin.{juror.pk}", limit=ATTEMPTS, seconds=ATTEMPT_SECONDS)
    if attempt is None:
        raise Refused(refuse(JudgingRefusal.PIN_BLOCKED, name=name))
    if not any(check_password(pin, badge.pin) for badge in valid_badges(juror)):
        raise Refused(refuse(JudgingRefusal.PIN_WRONG, name=name))
    attempts.succeed(attempt)
    return juror


def record_sign_in(*, juror: Juror, how: str, at: datetime) -> None:
    """`how` is "badge" or "pin"."""
    journal.record("tablet.taken", juror, by=juror.user, at=at, how=how)


def digest_of(token: str) -> str:
    """A plain digest is enough: the token is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()
