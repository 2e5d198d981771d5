import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from hackathon.extras.presence import rules
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.models import Moment, PresenceSettings, Tick
from teams.models import Membership
from tests.conftest import NOON, make_team, make_user

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(browser: Any, by: Any, *changes: dict[str, Any]) -> Any:
    body = {"for": by.pk, "changes": list(changes)}
    return browser.post("/presence/envoi/", json.dumps(body), content_type="application/json")


def change(person: Any, value: str = "here", **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "person": person.pk, "moment": 0, "value": value, **more}


def test_a_phone_sends_what_it_has_kept_and_reads_the_state(
    edition, comunik, ada, ben, eve, client_of
):
    browser = client_of(eve)

    first = send(browser, eve, change(ada), change(ben, clock="08:05"), {"person": "?"})
    left = send(browser, eve, change(ada, "left"))
    of_another = send(browser, ada, change(ada))

    states = [answer.get("value") or answer["code"] for answer in first.json()["answers"]]
    assert states == ["here", "here", "unreadable"]
    assert left.json()["answers"] == [{"state": "accepted", "value": "left"}]
    assert of_another.status_code == 409
    assert Tick.objects.count() == 3


def test_nobody_sends_that_somebody_said_to_be_here(edition, comunik, ada, eve, client_of):
    answer = send(client_of(eve), eve, change(ada, "said"))

    assert answer.json()["answers"][0]["code"] == "unreadable"


def test_the_list_has_everybody_by_room_with_the_same_number_of_queries(
    edition, infocom, comunik, student, ada, eve, client_of, ticked
):
    browser = client_of(eve)
    ticked(ada)
    with CaptureQueriesContext(connection) as few:
        page = text(browser.get("/presence/"))
    for number in range(3):
        user = make_user(f"u{number}@example.org", f"U{number}")
        make_team(infocom, f"Équipe {number}", user, room=str(number))
        ticked(user)

    with CaptureQueriesContext(connection) as many:
        browser.get("/presence/")

    assert len(many) == len(few)
    assert "Salle 214" in page
    assert "1 présent, 2 pas encore vus" in page
    assert re.search(rf'data-person="{ada.pk}" data-state="here"', page)
    assert re.search(rf'data-person="{student.pk}" data-state="undone"', page)


def test_helpers_note_presence_if_an_organizer_says_so(
    edition, comunik, ada, eve, helper, client_of
):
    browser = client_of(helper)
    before = [browser.get(url).status_code for url in ("/presence/", "/presence/batiment/")]
    refused = send(browser, helper, change(ada)).status_code

    client_of(eve).post(
        reverse("presence:index", args=[edition.slug]), {"confirms": "on", "helpers_tick": "on"}
    )

    assert (before, refused) == ([404, 404], 404)
    assert browser.get("/presence/").status_code == 200
    assert send(browser, helper, change(ada)).status_code == 200
    assert PresenceSettings.objects.get().helpers_tick


def test_the_building_lists_who_was_seen_and_has_not_left(
    edition, comunik, ada, ben, eve, client_of, ticked
):
    ticked(ada, ben)
    ticked(ben, value=TickKind.LEFT, at=LATER)

    page = text(client_of(eve).get("/presence/batiment/"))

    assert '<b class="num">1</b> personne ' in page
    assert "Ada" in page
    assert "Ben" not in page


def test_an_organizer_reads_on_the_page_of_a_team_who_was_seen(
    edition, comunik, ada, ben, eve, client_of, ticked
):
    sheet = reverse("control_room:sheet", args=[ada.memberships.get().team_id])
    browser = client_of(eve)
    before = text(browser.get(sheet))
    ticked(ada)

    page = text(browser.get(sheet))

    assert 'id="presence-of-team"' not in before
    assert re.search(r"<dt>Ada</dt><dd> *<span[^>]*>présent, 13:00", page)
    assert re.search(r"<dt>Ben</dt><dd> *<span[^>]*>pas encore vu", page)
    assert client_of(ada).get(sheet).status_code == 404


def test_a_student_says_to_be_here_and_sees_only_the_own_presence(
    edition, comunik, ada, ben, client_of, ticked, noon
):
    browser = client_of(ada)
    ticked(ben)
    before = text(browser.get("/equipe/"))

    browser.post("/presence/moi/")

    assert "Je suis là" in before
    after = text(browser.get("/presence/moi/?room=214"))
    assert "dit être là, 13:00" in after
    assert "Je suis là</button>" not in after
    assert "présent, 13:00" not in after  # of Ben
    ticked(ada)
    assert "présent, 13:00" in text(browser.get("/presence/carte/"))
    closed = edition.starts_at + rules.CLOSES_AFTER
    noon.move_to(closed)
    ticked(ada, value=TickKind.UNDONE, at=closed)
    late = browser.post("/presence/moi/", follow=True)
    assert "Aucun appel n’est ouvert" in text(late)


def test_the_code_of_a_room_leads_who_notes_presence_to_its_list(edition, comunik, eve, client_of):
    answer = client_of(eve).get("/presence/moi/?room=2 14")

    assert answer["Location"] == "/presence/?room=2+14"


def test_moments_are_edited_in_a_table(edition, eve, client_of):
    url, browser = reverse("presence:moments", args=[edition.slug]), client_of(eve)
    rows = {"moments-TOTAL_FORMS": 1, "moments-INITIAL_FORMS": 0, "moments-0-name": "Soir"}

    assert "Sans rien écrire ici" in text(browser.get(url))
    bad = browser.post(url, {**rows, "moments-0-at": "?"})
    browser.post(url, {**rows, "moments-0-at": "2020-02-13T18:00:00"})
    twice = browser.post(url, {**rows, "moments-0-at": "2020-02-13T19:00:00"})

    assert bad.status_code == twice.status_code == 422
    assert "Un moment s’appelle déjà" in text(twice)
    assert Moment.objects.get().at == NOON + timedelta(hours=5)
    assert "Soir" in text(browser.get(url))


def test_the_office_gets_arrivals_and_departures_with_numbers(
    edition, comunik, student, ada, eve, client_of, ticked
):
    url = reverse("presence:people", args=[edition.slug])
    ticked(ada, student)
    ticked(ada, value=TickKind.LEFT, at=LATER)
    browser = client_of(eve)

    page = text(browser.get(f"{url}?q=ada"))
    file = browser.get(f"{url}?export=xlsx")

    assert "13:00, parti à 14:00" in page
    header, *lines = load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True)
    assert header[-4:] == ("Matin", "Matin, arrivée", "Matin, départ", "Matin, noté par")
    by_name = {line[0]: line for line in lines}
    assert by_name["Sam"][1] == "42"
    assert by_name["Ada"][6] == "parti"
    assert by_name["Ben"][6] == "pas encore vu"
    assert [str(cell)[11:16] for cell in by_name["Ada"][7:9]] == ["13:00", "14:00"]


def test_one_of_six_never_came_and_is_taken_back(edition, infocom, eve, client_of, ticked):
    people = [make_user(f"six{n}@example.org", f"Six {n}") for n in range(6)]
    team = make_team(infocom, "Les Six", *people, room="306")
    url, browser = reverse("presence:absences", args=[edition.slug]), client_of(eve)
    before = text(browser.get(url))
    ticked(*people[:5])
    member = team.memberships.get(user=people[5])
    page = text(browser.get(url))

    done = browser.post(url, {"absent": "on", "members": [member.pk]}, follow=True)

    assert "Personne n’a encore été noté présent" in before
    assert f'value="{member.pk}" id="member-{member.pk}" checked' in page
    assert "C’est noté pour 1 personne." in text(done)
    assert list(Membership.objects.exclude(absent_at=None)) == [member]
    ticked(people[5], at=LATER)
    control = text(browser.get("/pilotage/"))
    assert "1 personne notée absente a été vue" in control
    browser.post(url, {"members": [member.pk]})
    assert not Membership.objects.exclude(absent_at=None).exists()
    assert browser.post(url, {"absent": "on", "members": ["x"]}).status_code == 422


def test_the_control_room_counts_and_says_where_who_is_missing_should_be(
    edition, comunik, ada, eve, client_of, ticked
):
    browser = client_of(eve)
    assert 'id="block-presence"' in text(browser.get("/pilotage/"))
    assert "pas encore vu" not in text(browser.get("/pilotage/"))
    ticked(ada)

    page = text(browser.get("/pilotage/"))

    assert "1 présent, 1 pas encore vu" in page
    assert re.search(r"Salle 214 .*Ben", page)


def test_each_room_has_a_code_on_paper(edition, comunik, eve, client_of):
    answer = client_of(eve).get(reverse("presence:codes", args=[edition.slug]))

    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    (page,) = document
    assert "214" in page.get_textpage().get_text_range()


def test_an_edition_without_the_extra_has_no_page_and_no_query(
    edition, comunik, ada, eve, client_of, ticked
):
    ticked(ada)
    edition.extras = [name for name in edition.extras if name != "presence"]
    edition.save()
    browser = client_of(eve)

    codes = [browser.get(url).status_code for url in ("/presence/", "/presence/moi/")]
    with CaptureQueriesContext(connection) as captured:
        pages = [text(browser.get("/pilotage/")), text(client_of(ada).get("/equipe/"))]

    assert codes == [404, 404]
    assert not [query for query in captured if "presence_" in query["sql"]]
    assert "Votre présence" not in "".join(pages)
    assert Tick.objects.count() == 1
