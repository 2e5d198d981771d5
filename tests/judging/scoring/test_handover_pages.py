from datetime import timedelta

import pytest
from django.urls import reverse

from hackathon.base.accounts.models import User
from judging.jury.selectors import never_came
from judging.models import Badge, Juror
from judging.setup import badges_pdf
from judging.setup.services import badges
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import NIGHT, text_of

pytestmark = pytest.mark.usefixtures("night")

HANDOVER = "/jury/changer/"
BADGE = "/jury/badge/"
KEY = "00000000-0000-4000-8000-000000000001"


def test_a_tablet_passes_from_one_juror_to_the_next(dan_client, dan, diane, eve):
    pin = badges.issue(juror=diane, by=eve, at=NOON).pin

    passed = dan_client.post(HANDOVER)
    waiting = dan_client.get(HANDOVER)
    taken = dan_client.post(HANDOVER, {"juror": diane.pk, "pin": f"{pin[:3]} {pin[3:]}"})

    assert passed["Clear-Site-Data"] == '"cache"'
    assert "Diane" in text_of(waiting)
    assert "Dan<" not in text_of(waiting)  # he has no PIN
    assert taken["Location"] == "/jury/"
    assert dan_client.session["_auth_user_id"] == str(diane.user.pk)
    assert 11.9 < dan_client.session.get_expiry_age() / 3600 <= 12


def test_who_takes_a_tablet_has_come(dan_client, diane, eve):
    """Diane has an account of last year."""
    Juror.objects.update(seated_at=NOON)
    User.objects.filter(pk=diane.user_id).update(last_login=NOON - timedelta(days=365))
    pin = badges.issue(juror=diane, by=eve, at=NOON).pin
    dan_client.post(HANDOVER)
    before = never_came(diane.department)

    dan_client.post(HANDOVER, {"juror": diane.pk, "pin": pin})

    assert diane in before
    assert diane not in never_came(diane.department)


def test_names_of_a_jury_are_shown_on_its_tablets_only(client, dan, eve):
    badges.issue(juror=dan, by=eve, at=NOON)

    answer = client.get(HANDOVER)
    client.cookies["jury-tablet"] = f"{dan.department_id}:forged"
    forged = client.get(HANDOVER)
    posted = client.post(HANDOVER, {"juror": dan.pk, "pin": "123456"})

    assert {a.status_code for a in (answer, forged, posted)} == {302}


def test_a_wrong_pin_is_shown_and_does_not_sign_in(dan_client, dan, eve):
    badges.issue(juror=dan, by=eve, at=NOON)
    dan_client.post(HANDOVER)

    answers = [
        dan_client.post(HANDOVER, {"juror": dan.pk, "pin": "12345"}),
        dan_client.post(HANDOVER, {"juror": 999, "pin": "123456"}),
        dan_client.post(HANDOVER, {"pin": ""}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "Ce n’est pas le code de Dan" in text_of(answers[0])
    assert "_auth_user_id" not in dan_client.session


def test_a_badge_asks_first_and_its_token_is_in_no_address(client, dan, eve):
    made = badges.issue(juror=dan, by=eve, at=NOON)
    token = made.token

    asked = client.post(BADGE, {"token": token})
    signed_in_before = "_auth_user_id" in client.session
    taken = client.post(BADGE, {"token": token, "confirmed": "1"})

    assert badges_pdf.address_of(made).endswith(f"{BADGE}#{token}")
    assert "Vous êtes Dan ?" in text_of(asked)
    assert not signed_in_before
    assert taken["Location"] == "/jury/"
    assert client.get("/jury/").status_code == 200


def test_a_new_badge_signs_out_the_user_of_the_lost_one(client, client_of, infocom, dan, eve):
    (lost,) = badges.issue_all(department=infocom, jurors=[dan], by=eve, at=NIGHT)
    client.post(BADGE, {"token": lost.token, "confirmed": "1"})
    organizer = client_of(eve)
    page = reverse("judging:badges", args=[infocom.pk])

    before = client.get(reverse("judging:index")).status_code
    organizer.post(page, {"jurors": [dan.pk], "replace": "on", "key": KEY})
    after = client.get(reverse("judging:index"))

    assert before == 200
    assert after.status_code == 302
    assert after.headers["Location"].startswith(reverse("account_login"))
    assert organizer.get(page).status_code == 200


def test_making_badges_of_others_keeps_the_own_session(client_of, infocom, dan, eve):
    organizer = client_of(eve)
    before = organizer.session.session_key

    organizer.post(reverse("judging:badges", args=[infocom.pk]), {"jurors": [dan.pk], "key": KEY})

    assert Badge.objects.get().juror == dan
    assert (
        organizer.session.session_key == before
    )  # a new session would close the sockets of open pages


def test_an_organizer_who_replaces_their_own_badge_stays_signed_in(client_of, infocom, eve):
    own = Juror.objects.create(department=infocom, user=eve)
    badges.issue_all(department=infocom, jurors=[own], by=eve, at=NIGHT)
    organizer = client_of(User.objects.get(pk=eve.pk))
    page = reverse("judging:badges", args=[infocom.pk])

    organizer.post(page, {"jurors": [own.pk], "replace": "on", "key": KEY})

    assert organizer.get(page).status_code == 200


def test_a_voided_badge_shows_that_it_was_voided(client, dan, eve):
    token = badges.issue(juror=dan, by=eve, at=NOON).token
    badges.issue(juror=dan, replace=True, by=eve, at=DEADLINE)

    answer = client.post(BADGE, {"token": token, "confirmed": "1"})

    assert answer.status_code == 422
    assert "a été annulé" in text_of(answer)
    assert "_auth_user_id" not in client.session
