"""Badges and PINs: shown once, stored hashed, not in the journal."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction

from hackathon.accounts import services as accounts
from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from hackathon.editions.models import Department
from hackathon.editions.selectors import is_organizer
from judging import live, locks
from judging.errors import JudgingRefusal
from judging.jury.selectors import juror_of_badge
from judging.models import Juror
from judging.setup import rules

TOKEN_BYTES = 24
PIN_DIGITS = 6
# Limit of wrong PINs for one seat from all tablets, and its period in seconds.
ATTEMPTS, ATTEMPT_SECONDS = 5, 300


@dataclass(frozen=True)
class Badge:
    juror: Juror
    token: str = field(repr=False)
    pin: str = field(repr=False)


@transaction.atomic
def issue_all(
    *, department: Department, jurors: Iterable[Juror], by: User, at: datetime
) -> list[Badge]:
    found = [issue(juror=juror, by=by, at=at) for juror in sorted(jurors, key=lambda j: j.pk)]
    live.jury_changed(department, at=at)
    return sorted(found, key=lambda badge: badge.juror.user.display_name)


@transaction.atomic
def issue(*, juror: Juror, by: User, at: datetime) -> Badge:
    """Former badges and PINs become invalid, and the juror is signed out."""
    seat = locks.seat(juror.pk, juror.department_id)
    edition = juror.department.edition
    check(rules.badge_refusal(organizer=is_organizer(by, edition), seated=seat is not None))
    assert seat is not None
    if seat.badge:
        accounts.sign_out_everywhere(seat.user, by=by, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    seat.badge = digest_of(token)
    seat.pin = make_password(pin)
    seat.save(update_fields=["badge", "pin"])
    journal.record("badge.issued", seat, by=by, at=at)
    return Badge(juror, token, pin)


def read(*, token: str) -> Juror:
    juror = juror_of_badge(digest_of(token))
    if juror is None:
        raise Refused(refuse(JudgingRefusal.BADGE_UNKNOWN))
    return juror


def enter_pin(*, juror: Juror, pin: str) -> Juror:
    """After too many wrong PINs the right one is refused too."""
    name = juror.user.display_name
    slot = next((s for s in _slots(juror) if cache.add(s, True, ATTEMPT_SECONDS)), None)
    if slot is None:
        raise Refused(refuse(JudgingRefusal.PIN_BLOCKED, name=name))
    if not juror.pin or not check_password(pin, juror.pin):
        raise Refused(refuse(JudgingRefusal.PIN_WRONG, name=name))
    cache.delete(slot)
    return juror


def record_sign_in(*, juror: Juror, how: str, at: datetime) -> None:
    """`how` is "badge" or "pin"."""
    journal.record("tablet.taken", juror, by=juror.user, at=at, how=how)


def digest_of(token: str) -> str:
    """A plain digest is enough: the token is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()


def _slots(juror: Juror) -> list[str]:
    """Cache keys. `cache.add` gives each to one request."""
    return [f"judging.pin.{juror.pk}.{number}" for number in range(ATTEMPTS)]
