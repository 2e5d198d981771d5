import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.base.core.typography import spaced
from teams.enums import HelpKind, HelpState
from teams.models import Duty, HelpRequest, Team
from teams.services import calls
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.teams.conftest import text_of

pytestmark = pytest.mark.time_machine(NOON, tick=False)

HTMX = {"HX-Request": "true"}
MINE, CARD, QUEUE = "/equipe/", "/equipe/aide/", "/appels/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(comunik, ada) -> HelpRequest:
    at = NOON - 10 * MINUTE
    return calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=at, note="Le planning")


def act(browser: Client, name: str, call: HelpRequest, **headers: str) -> Any:
    return browser.post(reverse(f"teams:help-{name}", args=[call.pk]), headers=headers or None)


# ---------------------------------------------------------------- the team


def test_a_button_makes_a_call_that_the_whole_team_sees(client_of, comunik, ada, ben):
    answer = client_of(ada).post(CARD, {"kind": "client"}, headers=HTMX)

    assert "Vous êtes les prochains" in text_of(answer)
    call = HelpRequest.objects.get()
    assert (call.kind, call.requested_by, call.note) == ("client", ada, "")
    page = text_of(client_of(ben).get(MINE))
    assert all(word in page for word in ("Vous avez appelé le client", "salle 214"))
    assert "Appeler le client" not in page


def test_without_htmx_the_button_is_a_form(client_of, comunik, ada):
    browser = client_of(ada)

    answer = browser.post(CARD, {"kind": "teacher", "note": "Le plan"}, follow=True)

    assert answer.redirect_chain == [(MINE, 302)]
    assert "« Le plan »" in text_of(answer)
    refused = browser.post(CARD, {"kind": "client"}, follow=True)
    assert "déjà un appel en cours" in text_of(refused)


def test_the_card_shows_the_progress_of_the_call(client_of, call, infocom, ada, dan):
    other = make_user("x@example.org", "X")
    five = make_team(infocom, "Les Five", other, room="215", floor=2)
    calls.request(team=five, kind=HelpKind.TEACHER, by=other, at=NOON)
    browser = client_of(other)
    assert "2<sup>e</sup> dans la file" in text_of(browser.get(CARD, headers=HTMX))

    calls.claim(call=call, by=dan.user, at=NOON)

    assert "Vous êtes les prochains" in text_of(browser.get(CARD, headers=HTMX))
    own = client_of(ada)
    assert "Dan s’occupe de vous" in text_of(own.get(CARD, headers=HTMX))
    calls.start(call=call, by=dan.user, at=NOON)
    assert "Dan arrive" in text_of(own.get(CARD, headers=HTMX))
    calls.finish(call=call, by=dan.user, at=NOON)
    assert "terminé à 13:00" in text_of(own.get(CARD, headers=HTMX))


def test_an_unchanged_card_is_204(client_of, call, ada, dan):
    browser = client_of(ada)
    card = text_of(browser.get(CARD, headers=HTMX))
    path = unescape(re.search(r'data-src="([^"]+)"', card)[1])

    assert browser.get(path, headers=HTMX).status_code == 204
    Team.objects.update(room="215")
    assert "salle 215" in text_of(browser.get(path, headers=HTMX))
    Team.objects.update(room="214")
    calls.claim(call=call, by=dan.user, at=NOON)
    assert "Dan s’occupe de vous" in text_of(browser.get(path, headers=HTMX))


def test_the_team_withdraws_its_call(client_of, call, ben):
    browser = client_of(ben)
    path = reverse("teams:help-withdraw", args=[call.pk])

    answer = text_of(browser.post(path, headers=HTMX))
    again = text_of(browser.post(path, headers=HTMX))

    assert "Appeler un professeur" in answer
    assert "l’équipe l’a retiré" in again
    call.refresh_from_db()
    assert call.state == HelpState.WITHDRAWN


def test_a_team_without_a_room_must_give_a_place(client_of, info, cleo):
    make_team(info, "Les Pixels", cleo)
    browser = client_of(cleo)

    refused = text_of(browser.post(CARD, {"kind": "client", "note": "vite"}, headers=HTMX))

    assert "Dites où vous êtes" in refused
    assert 'value="vite"' in refused
    browser.post(CARD, {"kind": "client", "place": "hall"}, headers=HTMX)
    assert HelpRequest.objects.get().where == "hall"


@pytest.mark.parametrize("data", [{}, {"kind": "pizza"}, {"kind": "client", "note": "x" * 161}])
def test_invalid_data_makes_no_call(data, client_of, comunik, ada):
    browser = client_of(ada)

    assert browser.post(CARD, data, headers=HTMX).status_code == 200
    assert browser.post(CARD, data).status_code == 302
    assert not HelpRequest.objects.exists()


def test_before_and_after_the_event_the_card_is_hidden(client_of, comunik, ada):
    browser = client_of(ada)
    for at in (NOON - timedelta(days=1), DEADLINE + timedelta(hours=1)):
        with time_machine.travel(at, tick=False):
            page = text_of(browser.get(MINE))
            refused = text_of(browser.post(CARD, {"kind": "client"}, headers=HTMX))
        assert 'data-calling="no"' in page  # hides the card (page-calls.css)
        assert "On appelle pendant l’événement" in refused
        assert 'class="alert' in refused  # shows it


# ---------------------------------------------------------------- the queue


def test_the_nearest_floor_comes_first_and_a_cookie_keeps_it(client_of, call, infocom, dan):
    for name, floor, minutes in (("Haut", 6, 20), ("Bas", 0, 30), ("Nulle part", None, 40)):
        student = make_user(f"{name}@example.org".replace(" ", ""), name)
        team = make_team(infocom, name, student, room=f"salle-{name}", floor=floor)
        at = NOON - minutes * MINUTE
        calls.request(team=team, kind=HelpKind.TEACHER, by=student, at=at)
    browser = client_of(dan.user)

    def order(path: str = QUEUE) -> list[str]:
        floors = browser.get(path, headers=HTMX).context["floors"]
        return [c.team.name for floor in floors for c in floor.found]

    assert order() == ["Bas", "Com’unik", "Haut", "Nulle part"]
    assert order(f"{QUEUE}?floor=5") == ["Haut", "Com’unik", "Bas", "Nulle part"]
    assert order() == ["Haut", "Com’unik", "Bas", "Nulle part"]
    assert order(f"{QUEUE}?floor=2") == ["Com’unik", "Bas", "Haut", "Nulle part"]
    assert order(f"{QUEUE}?floor=all") == ["Bas", "Com’unik", "Haut", "Nulle part"]
    assert order(f"{QUEUE}?floor=²") == order()
    page = text_of(browser.get(QUEUE))
    assert spaced("Attend le plus : Nulle part") in page
    assert "4 équipes attendent" in page


def test_a_helper_claims_starts_and_finishes_a_call(client_of, call, dan):
    browser = client_of(dan.user)

    assert "À vous" in text_of(act(browser, "claim", call, **HTMX))
    assert "C’est fait" in text_of(act(browser, "start", call, **HTMX))
    assert act(browser, "finish", call)["Location"] == QUEUE

    assert "Personne n’attend" in text_of(browser.get(QUEUE))
    call.refresh_from_db()
    assert (call.state, call.claimed_by) == (HelpState.DONE, dan.user)


def test_the_second_helper_sees_who_has_claimed_the_call(client_of, call, dan, diane):
    calls.claim(call=call, by=diane.user, at=NOON)
    browser = client_of(dan.user)

    fragment = text_of(act(browser, "claim", call, **HTMX))
    page = text_of(browser.post(reverse("teams:help-claim", args=[call.pk]), follow=True))

    assert "Diane s’en occupe déjà." in fragment
    assert "Diane s’en occupe déjà." in page
    assert "Pris par d’autres" in page
    assert "Rendre à la file" not in page  # only organizers do that


def test_organizers_see_how_long_teams_waited(client_of, call, eve, dan):
    calls.claim(call=call, by=dan.user, at=NOON)

    page = text_of(client_of(eve).get(QUEUE))
    block = text_of(client_of(eve).get(blocks_url("calls")))

    assert "attente médiane 10\u202fmin" in page
    assert "attente médiane 10\u202fmin" in block
    assert "médiane" not in text_of(client_of(dan.user).get(QUEUE))


# ---------------------------------------------------------------- who answers


def test_organizers_enter_and_remove_duties(client_of, dan, loner, eve, infocom):
    browser = client_of(eve)
    path = reverse("teams:duties")

    wrong = browser.post(path, {"email": "nobody", "kind": "teacher"})
    browser.post(path, {"email": loner.email, "kind": "teacher", "department": infocom.pk})
    page = text_of(browser.get(path))

    assert wrong.status_code == 422
    duty = Duty.objects.get()
    assert (duty.user, duty.department, duty.kind) == (loner, infocom, HelpKind.TEACHER)
    assert all(name in page for name in ("Sacha", "Dan"))
    assert client_of(loner).get(QUEUE).status_code == 200
    assert client_of(loner).get(reverse("site:start"))["Location"] == QUEUE

    browser.post(reverse("teams:duty-remove", args=[duty.pk]))

    assert client_of(loner).get(QUEUE).status_code == 404


def test_who_has_no_account_yet_gets_one_with_the_duty(client_of, edition, eve):
    sent = {"email": "zoe@example.org", "kind": "teacher"}
    client_of(eve).post(reverse("teams:duties"), sent)
    User.objects.filter(email="zoe@example.org").update(is_active=False)
    disabled = client_of(eve).post(reverse("teams:duties"), sent)

    assert Duty.objects.get().user.email == "zoe@example.org"
    assert "Le compte zoe@example.org est désactivé." in text_of(disabled)


# ---------------------------------------------------------------- secrets


def _name_the_room(call: HelpRequest) -> None:
    """A number can also be that of a row."""
    Team.objects.filter(pk=call.team_id).update(room="Belvédère")


def test_another_team_sees_neither_the_caller_nor_the_room(client_of, call, pixels, cleo, dan):
    _name_the_room(call)
    calls.request(team=pixels, kind=HelpKind.TEACHER, by=cleo, at=NOON)
    calls.claim(call=call, by=dan.user, at=NOON)
    browser = client_of(cleo)

    pages = [text_of(browser.get(path)) for path in (MINE, CARD, "/annonces/", "/rendu/")]
    body = browser.get("/api/v1/help-requests/").content.decode()
    received = browser.get("/api/v1/live/?after=0").json()["messages"]

    for found in (*pages, body):
        found = re.sub("<svg.*?</svg>", "", found)  # their numbers
        assert not re.search(r"Com’unik|Belvédère|Le planning|\bDan\b", found)
    about_calls = [m["data"] for m in received if m["type"].startswith("help.")]
    assert {data.get("team", pixels.pk) for data in about_calls} == {pixels.pk}
    for name in ("claim", "start", "finish", "release", "withdraw"):
        assert act(browser, name, call).status_code == 404


def test_helpers_of_another_kind_or_department_see_nothing(
    client_of,
    call,
    info,
    max,  # noqa: A002
    loner,
    edition,
):
    _name_the_room(call)
    Duty.objects.create(edition=info.edition, department=info, user=loner, kind=HelpKind.TEACHER)
    for user in (max.user, loner):
        browser = client_of(user)
        page = text_of(browser.get(QUEUE))
        assert not any(word in page for word in ("Com’unik", "Belvédère", "Le planning"))
        assert act(browser, "claim", call).status_code == 404
        assert browser.get("/api/v1/help-requests/").json() == []


def test_no_message_names_a_person_or_a_room(call, dan):
    calls.claim(call=call, by=dan.user, at=NOON)
    calls.start(call=call, by=dan.user, at=NOON)

    published = list(
        LiveMessage.objects.filter(type__startswith="help.").values_list("data", flat=True)
    )

    assert published
    assert {key for data in published for key in data} <= {
        "id",
        "kind",
        "state",
        "team",
        "department",
    }


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("dan", QUEUE, 18),
        ("eve", QUEUE, 16),
        ("eve", "/organisation/appels/", 16),
        ("ada", CARD, 9),
        ("dan", "/api/v1/help-requests/", 10),
        ("ada", "/api/v1/help-requests/", 7),
        ("eve", "/pilotage/blocs/?parts=block-calls", 8),
    ],
)
def test_queries_do_not_grow_with_calls(who, path, most, client_of, call, infocom, dan, ada, eve):
    browser = client_of({"dan": dan.user, "eve": eve, "ada": ada}[who])
    headers = HTMX if path in (CARD, "/pilotage/blocs/?parts=block-calls") else None

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path, headers=headers).status_code == 200
        return len(captured)

    queries()  # fills the caches of the process
    with_one = queries()
    for number in range(3):
        student = make_user(f"s{number}@example.org", "S")
        team = make_team(infocom, f"Équipe {number}", student, room="1", floor=number)
        made = calls.request(team=team, kind=HelpKind.TEACHER, by=student, at=NOON)
        if number:
            calls.claim(call=made, by=[dan.user, eve][number - 1], at=NOON)

    assert queries() == with_one <= most
