"""Badges and PINs of shared tablets."""

import pytest
from django.core.cache import cache
from django.test import Client

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from judging.errors import JudgingRefusal
from judging.models import Juror
from judging.setup.services import badges as handover
from tests.conftest import make_team
from tests.judging.conftest import NIGHT

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _no_attempts() -> None:
    cache.clear()


def refusal(act: object, **arguments: object) -> object:
    with pytest.raises(Refused) as refused:
        act(**arguments)  # type: ignore[operator]
    return refused.value.refusal.code


def test_a_badge_and_a_pin_open_the_seat(dan: Juror, eve: User) -> None:
    token, pin = handover.issue(juror=dan, by=eve, at=NIGHT)

    assert handover.read_badge(token=token) == dan
    dan.refresh_from_db()
    assert handover.enter_pin(juror=dan, pin=pin) == dan
    assert len(pin) == 6
    assert pin.isdecimal()


def test_neither_is_kept_in_clear(dan: Juror, eve: User) -> None:
    token, pin = handover.issue(juror=dan, by=eve, at=NIGHT)

    dan.refresh_from_db()
    entry = JournalEntry.objects.get()
    kept = f"{dan.badge} {dan.pin} {entry.act} {entry.target} {entry.detail}"
    assert token not in kept
    assert pin not in dan.badge + dan.pin
    assert (entry.act, entry.detail) == ("badge.issued", {})


def test_a_new_badge_voids_the_one_before(dan: Juror, eve: User) -> None:
    first, _pin = handover.issue(juror=dan, by=eve, at=NIGHT)
    second, _pin = handover.issue(juror=dan, by=eve, at=NIGHT)

    assert refusal(handover.read_badge, token=first) == JudgingRefusal.BADGE_UNKNOWN
    assert handover.read_badge(token=second) == dan


def test_whom_a_new_badge_signs_out_is_told_to_scan_it(
    client: Client, dan: Juror, eve: User
) -> None:
    handover.issue(juror=dan, by=eve, at=NIGHT)
    client.force_login(dan.user)
    assert client.get("/jury/", follow=True).redirect_chain == []

    handover.issue(juror=dan, by=eve, at=NIGHT)
    thrown_out = client.get("/jury/", follow=True)

    assert thrown_out.redirect_chain == [("/compte/connexion/?next=/jury/", 302)]
    assert "Avec un badge de jury, scannez-le." in thrown_out.content.decode()


def test_no_badge_opens_a_seat_without_one(dan: Juror) -> None:
    for token in ("", "nonsense"):
        assert refusal(handover.read_badge, token=token) == JudgingRefusal.BADGE_UNKNOWN
    assert refusal(handover.enter_pin, juror=dan, pin="") == JudgingRefusal.PIN_WRONG


def test_a_badge_of_who_left_the_jury_opens_nothing(dan: Juror, diane: Juror, eve: User) -> None:
    of_dan, _pin = handover.issue(juror=dan, by=eve, at=NIGHT)
    of_diane, _pin = handover.issue(juror=diane, by=eve, at=NIGHT)
    Juror.objects.filter(pk=dan.pk).update(left_at=NIGHT)
    make_team(diane.department, "Les Profs", diane.user)

    for token in (of_dan, of_diane):
        assert refusal(handover.read_badge, token=token) == JudgingRefusal.BADGE_UNKNOWN


def test_attempts_count_per_seat_and_the_right_pin_is_none(
    dan: Juror, diane: Juror, eve: User
) -> None:
    _token, pin = handover.issue(juror=dan, by=eve, at=NIGHT)
    _token, dianes = handover.issue(juror=diane, by=eve, at=NIGHT)
    for juror in (dan, diane):
        juror.refresh_from_db()
    wrong = "000000" if pin != "000000" else "111111"

    for _ in range(handover.ATTEMPTS * 2):
        handover.enter_pin(juror=dan, pin=pin)
    for _ in range(handover.ATTEMPTS):
        assert refusal(handover.enter_pin, juror=dan, pin=wrong) == JudgingRefusal.PIN_WRONG

    assert refusal(handover.enter_pin, juror=dan, pin=pin) == JudgingRefusal.PIN_BLOCKED
    assert handover.enter_pin(juror=diane, pin=dianes) == diane


def test_a_seat_that_was_left_gets_no_badge(dan: Juror, eve: User) -> None:
    Juror.objects.filter(pk=dan.pk).update(left_at=NIGHT)

    assert refusal(handover.issue, juror=dan, by=eve, at=NIGHT) == JudgingRefusal.NOT_JUROR
