"""The doors of the tablet: changes, seals, what is fetched for offline, the change of hands."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from judging.models import Criterion, Juror, Recusal, ScoreSheet, SheetChange
from judging.scoring import sealed_changes as sealing
from judging.setup.services import badges as handover
from judging.setup.services import seats as jury
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import NIGHT, Fill, text_of
from tests.judging.test_sheet_pages import link

type Browser = Callable[[User], Client]

SEALED = "/jury/scelles/"
SYNC = "/jury/synchroniser/"
HANDOVER = "/jury/changer/"
BADGE = "/jury/badge/"
KEYS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(10)]


@pytest.fixture(autouse=True)
def _at_night() -> object:
    cache.clear()
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def dans(client_of: Browser, dan: Juror) -> Client:
    """Dan's tablet."""
    return client_of(dan.user)


def change(team: Team, criterion: Criterion, value: str, key: str = KEYS[0], **more: Any) -> dict:
    """A change as a tablet sends it."""
    told = {"key": key, "team": team.pk, "kind": "mark", "criterion": criterion.pk, "base": 0}
    return {
        **told,
        "value": value,
        "seen": [],
        "device": "a",
        "given_at": NIGHT.isoformat(),
        **more,
    }


def post(browser: Client, address: str, body: Any) -> HttpResponse:
    return browser.post(address, json.dumps(body), content_type="application/json")


def sealed(user: User, *changes: dict, key: str = "") -> dict[str, str]:
    """As the browser seals."""
    curve = ec.SECP256R1()
    server = base64.b64decode(key or sealing.public_key())
    mine = ec.generate_private_key(curve)
    shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, server))
    cipher = AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=sealing.SHARED).derive(shared))
    content = json.dumps({"ticket": sealing.ticket(user.pk), "changes": changes}).encode()
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parts = {"point": point, "nonce": b"n" * 12, "data": cipher.encrypt(b"n" * 12, content, None)}
    return {"id": "one", **{name: base64.b64encode(part).decode() for name, part in parts.items()}}


# ---------------------------------------------------------------- changes


def test_a_batch_is_answered_in_order(
    dans: Client, dan: Juror, comunik: Team, criteria: list[Criterion]
) -> None:
    need, idea = criteria
    batch = [
        change(comunik, need, "14.0", KEYS[0]),
        change(comunik, idea, "99", KEYS[1]),
        "nonsense",
        {**change(comunik, idea, "12", KEYS[2]), "base": -1},
        change(comunik, need, "15", KEYS[3], device="b"),
    ]

    answer = post(dans, SYNC, {"for": dan.user.pk, "changes": batch})

    answers = answer.json()["answers"]
    assert [a["state"] for a in answers] == [
        "accepted",
        "refused",
        "refused",
        "refused",
        "conflict",
    ]
    assert [a["key"] for a in answers] == [KEYS[0], KEYS[1], "", KEYS[2], KEYS[3]]
    assert answers[1]["code"] == "value_out_of_scale"
    assert answers[2]["code"] == "change_unreadable"
    assert answers[4]["theirs"] == {"value": "14", "at": NIGHT.isoformat(), "device": "a"}
    assert "no-store" in answer["Cache-Control"]
    assert SheetChange.objects.get().value == "14"


@pytest.mark.parametrize("value", ["1e999999999", "NaN", "-0", "0.25", "²", "1" * 4000])
def test_nonsense_is_refused_at_once(
    dans: Client, dan: Juror, comunik: Team, criteria: list[Criterion], value: str
) -> None:
    body = {"for": dan.user.pk, "changes": [change(comunik, criteria[0], value)]}

    (answer,) = post(dans, SYNC, body).json()["answers"]

    assert answer["state"] == ("accepted" if value == "-0" else "refused")


def test_changes_are_never_written_for_somebody_else(
    client_of: Browser, dan: Juror, diane: Juror, comunik: Team, criteria: list[Criterion]
) -> None:
    body = {"for": dan.user.pk, "changes": [change(comunik, criteria[0], "14")]}

    answers = [post(browser, SYNC, body) for browser in (client_of(diane.user), Client())]

    assert [answer.status_code for answer in answers] == [409, 401]
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"for": 1}', b'{"changes": 3}', b"\xff"])
def test_what_is_no_batch_is_said_to_be_none(dans: Client, body: bytes) -> None:
    for address in (SYNC, SEALED):
        answer = dans.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()) == (400, {"code": "unreadable"})


def test_it_needs_the_token_of_the_page(dan: Juror) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dan.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert [post(browser, address, {}).status_code for address in (SYNC, SEALED)] == [403, 403]


# ---------------------------------------------------------------- sealed


def test_sealed_changes_arrive_with_whoever_carries_them_once(
    client_of: Browser, dan: Juror, diane: Juror, comunik: Team, criteria: list[Criterion]
) -> None:
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}

    answers = [post(browser, SEALED, body).json() for browser in (Client(), client_of(diane.user))]

    assert answers == [{"answers": [{"id": "one", "state": "written"}]}] * 2
    assert SheetChange.objects.get().juror == dan
    assert ScoreSheet.objects.get().juror == dan


def test_what_does_not_go_in_is_held_for_its_juror_and_told_to_nobody_else(
    client_of: Browser, dan: Juror, diane: Juror, comunik: Team, criteria: list[Criterion]
) -> None:
    dans = client_of(dan.user)
    post(dans, SYNC, {"for": dan.user.pk, "changes": [change(comunik, criteria[0], "9")]})
    raw = change(comunik, criteria[0], "14.5", KEYS[1], device="b")
    body = {"sealed": [sealed(dan.user, raw)]}

    others = [post(browser, SEALED, body) for browser in (Client(), client_of(diane.user))]
    own = post(dans, SEALED, body).json()["answers"][0]

    assert [other.json() for other in others] == [{"answers": [{"id": "one", "state": "held"}]}] * 2
    assert own["state"] == "returned"
    assert own["changes"][0][0] == raw
    assert own["changes"][0][1]["state"] == "conflict"


def test_nobody_seals_in_anothers_name(
    dans: Client, dan: Juror, comunik: Team, criteria: list[Criterion], settings: Any
) -> None:
    good = sealed(dan.user, change(comunik, criteria[0], "14"))
    data = bytearray(base64.b64decode(good["data"]))
    data[3] ^= 1
    settings.SECRET_KEY = "another"
    foreign = sealed(dan.user, change(comunik, criteria[0], "14"))
    settings.SECRET_KEY = "secret-of-tests"
    bad = [
        {**good, "data": base64.b64encode(bytes(data)).decode()},
        {**good, "point": "AAAA"},
        {"id": "x"},
        7,
        foreign,
    ]

    answers = post(dans, SEALED, {"sealed": bad}).json()["answers"]

    assert {answer["state"] for answer in answers} == {"unreadable"}
    assert not ScoreSheet.objects.exists()


def test_a_seal_opens_after_the_secret_key_was_changed(
    dan: Juror, comunik: Team, criteria: list[Criterion], settings: Any
) -> None:
    settings.SECRET_KEY = "before"
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "after", ["before"]

    answer = post(Client(), SEALED, body).json()["answers"][0]

    assert answer["state"] == "written"


# ---------------------------------------------------------------- offline, installable


def test_the_worker_and_the_manifest_are_nobodys(client: Client, edition: Edition) -> None:
    worker, manifest = client.get("/jury/sw.js"), client.get("/jury/manifest.webmanifest")

    assert worker["Content-Type"].startswith("text/javascript")
    assert "jury-deposits" in worker.content.decode()
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["scope"] == "/jury/"


def test_the_kit_names_my_teams_and_what_counts_of_them(
    dans: Client, world: Any, five: Team, eve: User, dan: Juror
) -> None:
    Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=eve)

    kit = dans.get("/jury/hors-connexion/").json()

    comunik, pk = world.objects["team"], world.objects["submission"].pk
    assert kit["pages"] == ["/jury/", HANDOVER, f"/jury/INFOCOM/equipes/{comunik.pk}/"]
    (file,) = kit["files"]
    assert file["url"] == f"/jury/depots/{pk}/contenu/"
    assert file["size"] == world.objects["submission"].size


def test_what_a_juror_looks_at_stays_in_no_browser(dans: Client, world: Any) -> None:
    pk = world.objects["submission"].pk
    addresses = [f"/jury/depots/{pk}/contenu/", f"/jury/depots/{pk}/apercu/"]

    answers = [dans.get(address) for address in addresses]

    for answer in answers:
        b"".join(answer.streaming_content)
        assert answer["Cache-Control"] == "private, no-store"


def test_a_juror_is_told_when_what_counts_has_changed(
    dans: Client,
    dan: Juror,
    comunik: Team,
    ada: User,
    site_link: Deliverable,
    criteria: list[Criterion],
) -> None:
    first = link(comunik, site_link, ada)
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk])
    mark = change(comunik, criteria[0], "14", seen=[first.pk])
    post(dans, SYNC, {"for": dan.user.pk, "changes": [mark]})
    before = [text_of(dans.get(address)) for address in ("/jury/", sheet)]
    link(comunik, site_link, ada, version=2)

    after = [text_of(dans.get(address)) for address in ("/jury/", sheet)]

    assert not any("dépôt a changé" in page for page in before)
    assert all("dépôt a changé" in page for page in after)


def test_nobody_reads_anothers_notes(
    client_of: Browser, dans: Client, dan: Juror, diane: Juror, comunik: Team, fill: Fill
) -> None:
    note = {"key": KEYS[0], "team": comunik.pk, "kind": "notes", "base": 0, "value": "Marqueur"}
    post(dans, SYNC, {"for": dan.user.pk, "changes": [note]})
    fill(diane, comunik, 10, 10)
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk])
    decision = reverse("judging:deliberation", args=["INFOCOM"])

    assert "Marqueur" in text_of(dans.get(sheet))
    for address in (sheet, decision, "/jury/"):
        assert "Marqueur" not in text_of(client_of(diane.user).get(address))


# ---------------------------------------------------------------- the change of hands


def test_a_tablet_goes_from_hand_to_hand(dans: Client, dan: Juror, diane: Juror, eve: User) -> None:
    _token, pin = handover.issue(juror=diane, by=eve, at=NOON)

    passed = dans.post(HANDOVER)
    waiting = dans.get(HANDOVER)
    taken = dans.post(HANDOVER, {"juror": diane.pk, "pin": f"{pin[:3]} {pin[3:]}"})

    assert passed["Clear-Site-Data"] == '"cache"'
    assert "Diane" in text_of(waiting)
    assert "Dan<" not in text_of(waiting)  # no PIN was made for him
    assert taken["Location"] == "/jury/"
    assert dans.session["_auth_user_id"] == str(diane.user.pk)
    assert 11.9 < dans.session.get_expiry_age() / 3600 <= 12


def test_names_of_a_jury_are_shown_on_its_tablets_only(
    client: Client, dan: Juror, eve: User
) -> None:
    handover.issue(juror=dan, by=eve, at=NOON)

    answer = client.get(HANDOVER)
    client.cookies["jury-tablet"] = f"{dan.department_id}:forged"
    forged = client.get(HANDOVER)
    posted = client.post(HANDOVER, {"juror": dan.pk, "pin": "123456"})

    assert {a.status_code for a in (answer, forged, posted)} == {302}


def test_a_wrong_pin_is_said_and_lets_nobody_in(dans: Client, dan: Juror, eve: User) -> None:
    handover.issue(juror=dan, by=eve, at=NOON)
    dans.post(HANDOVER)

    answers = [
        dans.post(HANDOVER, {"juror": dan.pk, "pin": "12345"}),
        dans.post(HANDOVER, {"juror": 999, "pin": "123456"}),
        dans.post(HANDOVER, {"pin": ""}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "Ce n’est pas le code de Dan" in text_of(answers[0])
    assert "_auth_user_id" not in dans.session


def test_a_badge_asks_first_and_its_token_is_in_no_address(
    client: Client, dan: Juror, eve: User
) -> None:
    token, _pin = handover.issue(juror=dan, by=eve, at=NOON)

    asked = client.post(BADGE, {"token": token})
    signed_in_before = "_auth_user_id" in client.session
    taken = client.post(BADGE, {"token": token, "confirmed": "1"})

    assert handover.address_of(token) == f"{BADGE}#{token}"
    assert "Vous êtes Dan ?" in text_of(asked)
    assert not signed_in_before
    assert taken["Location"] == "/jury/"
    assert client.get("/jury/").status_code == 200


def test_a_new_badge_signs_out_whoever_came_in_by_the_lost_one(
    client: Client, client_of: Browser, infocom: Department, dan: Juror, eve: User
) -> None:
    (lost,) = jury.issue_badges(department=infocom, jurors=[dan], by=eve, at=NIGHT)
    client.post(BADGE, {"token": lost.token, "confirmed": "1"})
    organizer = client_of(eve)
    badges = reverse("judging:badges", args=[infocom.pk])

    before = client.get(reverse("judging:index")).status_code
    organizer.post(badges, {"jurors": [dan.pk], "confirmed": "on"})
    after = client.get(reverse("judging:index"))

    assert before == 200
    assert after.status_code == 302
    assert after.headers["Location"].startswith(reverse("account_login"))
    assert organizer.get(badges).status_code == 200


def test_making_badges_of_others_leaves_ones_own_session_alone(
    client_of: Browser, infocom: Department, dan: Juror, eve: User
) -> None:
    organizer = client_of(eve)
    before = organizer.session.session_key

    organizer.post(reverse("judging:badges", args=[infocom.pk]), {"jurors": [dan.pk]})

    assert Juror.objects.get(pk=dan.pk).badge
    assert organizer.session.session_key == before  # another one would end what open pages hear


def test_who_makes_their_own_badge_anew_stays_signed_in(
    client_of: Browser, infocom: Department, eve: User
) -> None:
    own = Juror.objects.create(department=infocom, user=eve)
    jury.issue_badges(department=infocom, jurors=[own], by=eve, at=NIGHT)
    organizer = client_of(User.objects.get(pk=eve.pk))
    badges = reverse("judging:badges", args=[infocom.pk])

    organizer.post(badges, {"jurors": [own.pk], "confirmed": "on"})

    assert organizer.get(badges).status_code == 200


def test_a_badge_that_was_replaced_says_so(client: Client, dan: Juror, eve: User) -> None:
    token, _pin = handover.issue(juror=dan, by=eve, at=NOON)
    handover.issue(juror=dan, by=eve, at=DEADLINE)

    answer = client.post(BADGE, {"token": token, "confirmed": "1"})

    assert answer.status_code == 422
    assert "a été remplacé" in text_of(answer)
    assert "_auth_user_id" not in client.session
