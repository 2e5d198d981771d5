from uuid import uuid4

import pytest

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from judging.errors import JudgingRefusal
from judging.models import Badge, Juror
from judging.setup.services import badges
from tests.conftest import make_team
from tests.judging.conftest import NIGHT


def refusal(act: object, **arguments: object) -> object:
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return refused.value.refusal.code


def test_a_badge_and_a_pin_identify_the_juror(dan, eve):
    badge = badges.issue(juror=dan, by=eve, at=NIGHT)
    token, pin = badge.token, badge.pin

    assert badges.read(token=token) == dan
    dan.refresh_from_db()
    assert badges.enter_pin(juror=dan, pin=pin) == dan
    assert len(pin) == 6
    assert pin.isdecimal()


def test_badge_and_pin_are_stored_hashed(dan, eve):
    badge = badges.issue(juror=dan, by=eve, at=NIGHT)
    token, pin = badge.token, badge.pin

    dan.refresh_from_db()
    entry = JournalEntry.objects.get()
    (stored,) = Badge.objects.values_list("digest", "pin", "key")
    kept = f"{stored} {entry.act} {entry.target} {entry.detail}"
    assert token not in kept
    assert pin not in stored[:2]
    assert (entry.act, entry.detail) == ("badge.issued", {})


def test_former_badges_stay_valid_until_they_are_voided(dan, eve):
    first, second = (badges.issue(juror=dan, by=eve, at=NIGHT) for _ in range(2))
    assert [badges.read(token=one.token) for one in (first, second)] == [dan, dan]
    assert [badges.enter_pin(juror=dan, pin=one.pin) for one in (first, second)] == [dan, dan]

    badges.void(badge=Badge.objects.earliest("pk"), by=eve, at=NIGHT)
    assert refusal(badges.read, token=first.token) == JudgingRefusal.BADGE_UNKNOWN
    assert badges.read(token=second.token) == dan

    third = badges.issue(juror=dan, replace=True, by=eve, at=NIGHT)
    assert refusal(badges.read, token=second.token) == JudgingRefusal.BADGE_UNKNOWN
    assert refusal(badges.enter_pin, juror=dan, pin=second.pin) == JudgingRefusal.PIN_WRONG
    assert badges.read(token=third.token) == dan


def test_a_request_that_comes_twice_prints_the_same_badge(dan, eve):
    key = uuid4()

    first, again = (badges.issue(juror=dan, key=key, by=eve, at=NIGHT) for _ in range(2))
    other = badges.issue(juror=dan, by=eve, at=NIGHT)

    assert (first.token, first.pin) == (again.token, again.pin)
    assert other.token != first.token
    assert Badge.objects.count() == 2


def test_a_juror_without_badge_and_pin_is_not_identified(dan):
    for token in ("", "nonsense"):
        assert refusal(badges.read, token=token) == JudgingRefusal.BADGE_UNKNOWN
    assert refusal(badges.enter_pin, juror=dan, pin="") == JudgingRefusal.PIN_WRONG


def test_the_badge_of_a_juror_who_left_is_unknown(dan, diane, eve):
    of_dan = badges.issue(juror=dan, by=eve, at=NIGHT).token
    of_diane = badges.issue(juror=diane, by=eve, at=NIGHT).token
    Juror.objects.filter(pk=dan.pk).update(left_at=NIGHT)
    make_team(diane.department, "Les Profs", diane.user)

    for token in (of_dan, of_diane):
        assert refusal(badges.read, token=token) == JudgingRefusal.BADGE_UNKNOWN


def test_wrong_pins_count_per_juror_and_the_right_one_does_not_count(dan, diane, eve):
    pin = badges.issue(juror=dan, by=eve, at=NIGHT).pin
    dianes = badges.issue(juror=diane, by=eve, at=NIGHT).pin
    for juror in (dan, diane):
        juror.refresh_from_db()
    wrong = "000000" if pin != "000000" else "111111"

    for _ in range(badges.ATTEMPTS * 2):
        badges.enter_pin(juror=dan, pin=pin)
    for _ in range(badges.ATTEMPTS):
        assert refusal(badges.enter_pin, juror=dan, pin=wrong) == JudgingRefusal.PIN_WRONG

    assert refusal(badges.enter_pin, juror=dan, pin=pin) == JudgingRefusal.PIN_BLOCKED
    assert badges.enter_pin(juror=diane, pin=dianes) == diane


def test_a_juror_who_left_gets_no_badge(dan, eve):
    Juror.objects.filter(pk=dan.pk).update(left_at=NIGHT)

    assert refusal(badges.issue, juror=dan, by=eve, at=NIGHT) == JudgingRefusal.NOT_JUROR
