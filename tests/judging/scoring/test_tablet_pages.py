import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from judging.models import Criterion, Deliberation, Juror, Recusal, Score, ScoreSheet, SheetChange
from judging.scoring import sealed_changes
from judging.setup.services import badges
from submissions.models import Deliverable, Inspection
from teams.models import Team
from tests.judging.conftest import NIGHT, text_of
from tests.judging.scoring.test_sheet_pages import link

SEALED = "/jury/scelles/"
SYNC = "/jury/synchroniser/"
KEYS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(10)]

pytestmark = pytest.mark.usefixtures("night")


def change(team: Team, criterion: Criterion, value: str, key: str = KEYS[0], **more: Any) -> dict:
    change_fields = {
        "key": key,
        "team": team.pk,
        "kind": "mark",
        "criterion": criterion.pk,
        "base": 0,
    }
    return {
        **change_fields,
        "value": value,
        "seen": [],
        "device": "a",
        "given_at": NIGHT.isoformat(),
        **more,
    }


def post(browser: Client, address: str, body: Any) -> HttpResponse:
    return browser.post(address, json.dumps(body), content_type="application/json")


def sealed(user: User, *changes: dict, key: str = "", text: str = "") -> dict[str, str]:
    curve = ec.SECP256R1()
    server = base64.b64decode(key or sealed_changes.public_key())
    mine = ec.generate_private_key(curve)
    shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(curve, server))
    cipher = AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=sealed_changes.SHARED).derive(shared))
    written = text or json.dumps({"ticket": sealed_changes.ticket(user), "changes": changes})
    content = written.encode()
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parts = {"point": point, "nonce": b"n" * 12, "data": cipher.encrypt(b"n" * 12, content, None)}
    return {"id": "one", **{name: base64.b64encode(part).decode() for name, part in parts.items()}}


# ---------------------------------------------------------------- changes


def test_a_batch_is_answered_in_order(dan_client, dan, comunik, criteria):
    need, idea = criteria
    batch = [
        change(comunik, need, "14.0", KEYS[0]),
        change(comunik, idea, "99", KEYS[1]),
        "nonsense",
        {**change(comunik, idea, "12", KEYS[2]), "base": -1},
        change(comunik, need, "15", KEYS[3], device="b"),
    ]

    answer = post(dan_client, SYNC, {"for": dan.user.pk, "changes": batch})

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
def test_an_unreadable_change_is_refused(dan_client, dan, comunik, criteria, value):
    body = {"for": dan.user.pk, "changes": [change(comunik, criteria[0], value)]}

    (answer,) = post(dan_client, SYNC, body).json()["answers"]

    assert answer["state"] == ("accepted" if value == "-0" else "refused")


@pytest.mark.parametrize("name", ["team", "criterion", "department"])
def test_a_number_that_no_row_can_have_is_refused_alone(dan_client, dan, comunik, criteria, name):
    good = change(comunik, criteria[0], "14")
    body = {"for": dan.user.pk, "changes": [{**good, "key": KEYS[1], name: 10**30}, good]}

    answers = post(dan_client, SYNC, body).json()["answers"]

    assert [answer["state"] for answer in answers] == ["refused", "accepted"]


def test_changes_of_another_user_are_not_written(client_of, dan, diane, comunik, criteria):
    body = {"for": dan.user.pk, "changes": [change(comunik, criteria[0], "14")]}

    answers = [post(browser, SYNC, body) for browser in (client_of(diane.user), Client())]

    assert [answer.status_code for answer in answers] == [409, 401]
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"for": 1}', b'{"changes": 3}', b"\xff"])
def test_a_body_without_batch_is_unreadable(dan_client, body):
    for address in (SYNC, SEALED):
        answer = dan_client.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()) == (400, {"code": "unreadable"})


def test_synchronising_needs_the_csrf_token(dan):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dan.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert [post(browser, address, {}).status_code for address in (SYNC, SEALED)] == [403, 403]


# ---------------------------------------------------------------- sealed


def test_sealed_changes_are_written_once_for_any_signed_in_user(
    client_of, dan, diane, comunik, criteria
):
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}

    answers = [post(browser, SEALED, body).json() for browser in (Client(), client_of(diane.user))]

    assert answers == [{"answers": [{"id": "one", "state": "written"}]}] * 2
    assert SheetChange.objects.get().juror == dan
    assert ScoreSheet.objects.get().juror == dan


def test_refused_sealed_changes_are_returned_only_to_their_juror(
    client_of, dan, diane, comunik, criteria
):
    dan_client = client_of(dan.user)
    post(dan_client, SYNC, {"for": dan.user.pk, "changes": [change(comunik, criteria[0], "9")]})
    raw = change(comunik, criteria[0], "14.5", KEYS[1], device="b")
    body = {"sealed": [sealed(dan.user, raw)]}

    others = [post(browser, SEALED, body) for browser in (Client(), client_of(diane.user))]
    own = post(dan_client, SEALED, body).json()["answers"][0]

    assert [other.json() for other in others] == [{"answers": [{"id": "one", "state": "held"}]}] * 2
    assert own["state"] == "returned"
    assert own["changes"][0][0] == raw
    assert own["changes"][0][1]["state"] == "conflict"


def test_a_batch_needs_the_ticket_of_its_juror(dan_client, dan, comunik, criteria, settings):
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
        sealed(dan.user, text="[" * 100_000),
        sealed(dan.user, text='{"ticket": [":"], "changes": []}'),
    ]

    answers = post(dan_client, SEALED, {"sealed": bad}).json()["answers"]

    assert {answer["state"] for answer in answers} == {"unreadable"}
    assert not ScoreSheet.objects.exists()


def test_a_seal_opens_after_the_secret_key_was_changed(dan, comunik, criteria, settings):
    settings.SECRET_KEY = "before"
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "after", ["before"]

    answer = post(Client(), SEALED, body).json()["answers"][0]

    assert answer["state"] == "written"


def sign_out(juror: Juror, eve: User) -> None:
    accounts.sign_out_everywhere(juror.user, by=eve, at=NIGHT)


def deactivate(juror: Juror, eve: User) -> None:
    User.objects.filter(pk=juror.user_id).update(is_active=False)


def set_password(juror: Juror, eve: User) -> None:
    juror.user.set_password("another-password")
    juror.user.save()


def replace_badge(juror: Juror, eve: User) -> None:
    badges.issue(juror=juror, replace=True, by=eve, at=NIGHT)


def lock_the_jury(juror: Juror, eve: User) -> None:
    Deliberation.objects.update_or_create(
        department=juror.department, defaults={"locked_at": NIGHT, "locked_by": eve}
    )


@pytest.mark.parametrize("end", [sign_out, deactivate, set_password, replace_badge, lock_the_jury])
def test_a_ticket_ends_with_the_sessions_of_its_account(
    end, dan, diane, client_of, eve, comunik, criteria
):
    badges.issue(juror=dan, by=eve, at=NIGHT)
    dan.user.refresh_from_db()
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}
    end(dan, eve)

    answers = [post(browser, SEALED, body).json() for browser in (Client(), client_of(diane.user))]

    assert answers == [{"answers": [{"id": "one", "state": "held"}]}] * 2
    assert not SheetChange.objects.exists()


def test_a_juror_who_signs_in_again_brings_what_was_held(dan, client_of, eve, comunik, criteria):
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}
    sign_out(dan, eve)
    held = post(Client(), SEALED, body).json()["answers"][0]["state"]
    dan.user.refresh_from_db()

    answer = post(client_of(dan.user), SEALED, body).json()["answers"][0]

    assert (held, answer["state"]) == ("held", "written")
    assert SheetChange.objects.get().juror == dan


def test_a_ticket_ends_after_the_night(dan, comunik, criteria):
    body = {"sealed": [sealed(dan.user, change(comunik, criteria[0], "14"))]}

    with time_machine.travel(NIGHT + timedelta(hours=36, minutes=1), tick=False):
        answer = post(Client(), SEALED, body).json()["answers"][0]

    assert answer["state"] == "held"
    assert not SheetChange.objects.exists()


# ---------------------------------------------------------------- offline, installable


def test_the_worker_and_the_manifest_have_no_personal_data(client, edition):
    worker, manifest = client.get("/jury/sw.js"), client.get("/jury/manifest.webmanifest")

    assert worker["Content-Type"].startswith("text/javascript")
    assert "jury-deposits" in worker.content.decode()
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["scope"] == "/jury/"


def test_the_kit_names_my_teams_and_what_counts_of_them(dan_client, world, five, eve, dan):
    Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=eve)
    Inspection.objects.update(reading_copy="")

    kit = dan_client.get("/jury/hors-connexion/").json()

    comunik, pk = world.objects["team"], world.objects["submission"].pk
    sheet, compared = f"/jury/INFOCOM/equipes/{comunik.pk}/", "/jury/INFOCOM/comparer/"
    assert kit["pages"] == ["/jury/", "/jury/changer/", sheet, compared]
    assert kit["sheets"] == 1
    (file,) = kit["files"]
    assert file["url"] == f"/jury/depots/{pk}/contenu/"
    assert file["size"] == world.objects["submission"].size


def test_deposits_are_not_kept_in_the_http_cache(dan_client, world):
    pk = world.objects["submission"].pk
    addresses = [f"/jury/depots/{pk}/{name}/" for name in ("contenu", "apercu", "copie")]

    answers = [dan_client.get(address) for address in addresses]

    for answer in answers:
        b"".join(answer.streaming_content)
        assert answer["Cache-Control"] == "private, no-store"


def test_a_juror_sees_that_the_counting_deposit_has_changed(
    dan_client, dan, comunik, ada, site_link, criteria
):
    first = link(comunik, site_link, ada)
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk])
    mark = change(comunik, criteria[0], "14", seen=[first.pk])
    post(dan_client, SYNC, {"for": dan.user.pk, "changes": [mark]})
    before = [text_of(dan_client.get(address)) for address in ("/jury/", sheet)]
    link(comunik, site_link, ada, version=2)

    after = [text_of(dan_client.get(address)) for address in ("/jury/", sheet)]

    assert not any("dépôt a changé" in page for page in before)
    assert all("dépôt a changé" in page for page in after)


def test_a_deck_that_is_handed_in_later_changes_no_mark(
    dan_client, dan, comunik, ada, site_link, criteria
):
    first = link(comunik, site_link, ada)
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk])
    mark = change(comunik, criteria[0], "14", seen=[first.pk])
    post(dan_client, SYNC, {"for": dan.user.pk, "changes": [mark]})
    deck = Deliverable.objects.create(
        department=comunik.department, name="Support", kind="link", is_deck=True
    )
    link(comunik, deck, ada)

    after = [text_of(dan_client.get(address)) for address in ("/jury/", sheet)]

    assert not any("dépôt a changé" in page for page in after)


def test_what_is_due_later_is_not_counted_as_missing(dan_client, comunik, site_link, ada, edition):
    link(comunik, site_link, ada)
    deck = Deliverable.objects.create(
        department=comunik.department,
        name="Support",
        kind="link",
        is_deck=True,
        due_at=NIGHT + timedelta(hours=12),
    )
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk]) + f"?deliverable={deck.pk}"

    night = [text_of(dan_client.get(address)) for address in ("/jury/", sheet)]
    Deliverable.objects.filter(pk=deck.pk).update(due_at=NIGHT - timedelta(minutes=1))
    after = text_of(dan_client.get(sheet))

    assert "1 livrable sur 1" in night[0]
    assert "Support : à rendre plus tard, jusqu’à" in night[1]
    assert "rien rendu" not in night[1]
    assert "Support : rien rendu" in after


def test_notes_are_shown_only_to_their_juror(client_of, dan_client, dan, diane, comunik, fill):
    note = {"key": KEYS[0], "team": comunik.pk, "kind": "notes", "base": 0, "value": "Marqueur"}
    post(dan_client, SYNC, {"for": dan.user.pk, "changes": [note]})
    fill(diane, comunik, 10, 10)
    sheet = reverse("judging:sheet", args=["INFOCOM", comunik.pk])
    decision = reverse("judging:deliberation", args=["INFOCOM"])

    assert "Marqueur" in text_of(dan_client.get(sheet))
    for address in (sheet, decision, "/jury/"):
        assert "Marqueur" not in text_of(client_of(diane.user).get(address))


def test_the_list_offers_to_finish_the_complete_sheets(
    dan_client, dan, comunik, five, third, fill, ada, site_link
):
    fill(dan, five, 14, 12, finish=False)
    before = text_of(dan_client.get("/jury/"))
    fill(dan, third, 14, 12, finish=False)
    fill(dan, comunik, 14, 12, finish=False)
    link(comunik, site_link, ada)
    Score.objects.filter(sheet__team=comunik).update(seen=[0])  # it has to be looked at again

    page = text_of(dan_client.get("/jury/"))

    assert "Terminer la fiche complète (1)" in before
    assert "Terminer les fiches complètes (2)" in page
    assert page.count('<b class="num">13,20</b>') == 3  # what would be finished is shown
