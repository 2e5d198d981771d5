"""How a shared tablet goes from one juror to the next: by badge, or by PIN.

Both are shown once, to whoever prints them, and kept only hashed. Neither is in the journal.
"""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from hackathon.accounts import services as accounts
from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from hackathon.editions.selectors import is_organizer
from judging import locks
from judging.errors import JudgingRefusal
from judging.jury.selectors import juror_of_badge
from judging.models import Juror
from judging.setup import rules

TOKEN_BYTES = 24
PIN_DIGITS = 6
# Wrong PINs of one seat at a time, wherever they are typed; each is forgotten after so long.
ATTEMPTS, FORGOTTEN_SECONDS = 5, 300


@transaction.atomic
def issue(*, juror: Juror, by: User, at: datetime) -> tuple[str, str]:
    """A new badge and PIN for this seat: (token, PIN). The ones before open nothing any more, and
    whoever came in by them is out: a badge is made anew because it was lost.
    """
    seat = locks.seat(juror.pk, juror.department_id)
    edition = juror.department.edition
    check(rules.badge_refusal(organizer=is_organizer(by, edition), seated=seat is not None))
    assert seat is not None
    if seat.badge:
        accounts.sign_out_everywhere(seat.user, by=by, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    seat.badge = hashed(token)
    seat.pin = make_password(pin)
    seat.save(update_fields=["badge", "pin"])
    journal.record("badge.issued", seat, by=by, at=at)
    return token, pin


def read_badge(*, token: str) -> Juror:
    """Whose badge this is."""
    juror = juror_of_badge(hashed(token))
    if juror is None:
        raise Refused(refuse(JudgingRefusal.BADGE_UNKNOWN))
    return juror


def enter_pin(*, juror: Juror, pin: str) -> Juror:
    """Whether this is the seat's PIN. After some wrong ones the seat takes none for a while."""
    name = juror.user.display_name
    slot = next((s for s in _slots(juror) if cache.add(s, True, FORGOTTEN_SECONDS)), None)
    if slot is None:
        raise Refused(refuse(JudgingRefusal.PIN_BLOCKED, name=name))
    if not juror.pin or not check_password(pin, juror.pin):
        raise Refused(refuse(JudgingRefusal.PIN_WRONG, name=name))
    cache.delete(slot)
    return juror


def arrived(*, juror: Juror, how: str, at: datetime) -> None:
    """Write down that somebody took a tablet over; `how`: badge or pin."""
    journal.record("tablet.taken", juror, by=juror.user, at=at, how=how)


def address_of(token: str) -> str:
    """Where a badge's QR code leads. What follows # never reaches a server or its log."""
    return f"{reverse('judging:badge')}#{token}"


def hashed(token: str) -> str:
    """What is kept of a badge: it is long and random, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _slots(juror: Juror) -> list[str]:
    """An attempt takes one of these; `add` gives each to one request only."""
    return [f"judging.pin.{juror.pk}.{number}" for number in range(ATTEMPTS)]
