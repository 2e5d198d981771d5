from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.event.editions.models import Edition
from hackathon.extras.emergency import services
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from tests.conftest import NOON
from tests.extras.emergency.cases import TEXT
from tests.extras.emergency.conftest import LATER
from tests.queries import queries_of
from tests.responses import MARKER

pytestmark = pytest.mark.django_db
FOOT = 'id="foot-safety"'


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_every_page_says_whom_to_call(notice, comunik, ada, client_of):
    for answer in (Client().get("/"), client_of(ada).get("/equipe/"), Client().get("/nulle-part/")):
        page = text(answer)
        assert page.count(FOOT) == 1
        for address in ("tel:15", "tel:17", "tel:18", "tel:112", "sms:114", "tel:0383000001"):
            assert f'href="{address}"' in page


def test_off_no_page_and_no_query(edition, notice, comunik, ada, client_of):
    browser = client_of(ada)
    browser.get("/contact/")
    on = queries_of(lambda: browser.get("/contact/"))
    Edition.objects.update(extras=[])

    off = queries_of(lambda: browser.get("/contact/"))

    assert on - off <= 1
    assert "foot-safety" not in text(browser.get("/contact/"))
    for address in ("/urgence/", "/urgence/appels/"):
        assert browser.get(address).status_code == 404
    assert browser.post("/urgence/prevenir/").status_code == 404


def test_one_tap_then_the_name_of_who_answers(edition, notice, comunik, ada, helper, client_of):
    student, answering = client_of(ada), client_of(helper)
    before = text(student.get("/urgence/"))
    told = text(student.post("/urgence/prevenir/", follow=True))
    emergency = Emergency.objects.get()

    queue = text(answering.get("/urgence/appels/"))
    answering.post(f"/urgence/{emergency.pk}/prendre/")

    assert before.index("tel:15") < before.index("sms:114") < before.index("Poste de sécurité")
    assert before.index("Poste de sécurité") < before.index("/urgence/prevenir/")
    assert "L’organisation est prévenue" in told
    assert "Ada" in queue
    assert "salle 214" in queue
    assert "Hal s’en occupe" in text(student.get("/urgence/"))
    answering.post(f"/urgence/{emergency.pk}/terminer/")
    assert "Terminé à 13:00" in text(student.get("/urgence/"))


def test_a_visitor_has_the_numbers_and_signs_in_for_the_rest(edition):
    page = text(Client().get("/urgence/"))

    assert 'href="tel:15"' in page
    assert "/urgence/prevenir/" not in page
    answer = Client().post("/urgence/prevenir/")
    assert answer.status_code == 302
    assert Emergency.objects.count() == 0


def test_what_is_too_long_is_refused_and_stays_in_the_form(comunik, ada, client_of):
    answer = client_of(ada).post("/urgence/prevenir/", {"text": "a" * 301})

    assert answer.status_code == 422
    assert "a" * 301 in text(answer)
    assert Emergency.objects.count() == 0


def test_only_organizers_and_the_named_read_it(
    edition, notice, comunik, ada, ben, dan, eve, rhea, dora, helper, call, client_of
):
    emergency = call(ada, f"Malaise {MARKER}")
    readers = [client_of(eve), client_of(helper)]
    others = [client_of(user) for user in (ben, dan.user, rhea, dora)]

    for browser in readers:
        assert MARKER in text(browser.get("/urgence/appels/"))
    for browser in others:
        assert browser.get("/urgence/appels/").status_code == 404
        assert MARKER not in text(browser.get("/urgence/"))
        for act in ("prendre", "terminer"):
            assert browser.post(f"/urgence/{emergency.pk}/{act}/").status_code in (403, 404)
    assert MARKER in text(client_of(eve).get("/pilotage/"))
    assert MARKER not in text(client_of(rhea).get("/pilotage/"))
    assert Emergency.objects.get().taken_by is None


def test_the_control_room_rings_until_somebody_answers(edition, ada, eve, call, client_of):
    browser = client_of(eve)
    emergency = call(ada, "Malaise")
    row = f'id="emergency-{emergency.pk}" data-urgent="1"'

    page = text(browser.get("/pilotage/"))
    block = text(browser.get("/pilotage/blocs/?parts=block-wrong"))
    services.take(emergency=emergency, by=eve, at=LATER)

    assert row in page
    assert row in block
    assert "results emergency" in block
    assert row not in text(browser.get("/pilotage/"))
    services.close(emergency=emergency, by=eve, at=LATER)
    assert "Malaise" not in text(browser.get("/pilotage/"))


def test_the_list_has_a_constant_number_of_queries(edition, ada, ben, eve, call, client_of):
    browser = client_of(eve)
    services.close(emergency=call(ada), by=eve, at=NOON)
    one = queries_of(lambda: browser.get("/urgence/appels/"))
    for user in (ada, ben):
        services.take(emergency=call(user), by=eve, at=NOON)

    assert queries_of(lambda: browser.get("/urgence/appels/")) == one


def test_an_organizer_writes_the_notice_and_prints_it(edition, eve, helper, client_of):
    browser, address = client_of(eve), "/organisation/editions/ccd-2020/urgence/"
    sent = {"text": TEXT, "first": eve.pk, "second": helper.pk}

    refused = browser.post(address, {**sent, "second": eve.pk})
    browser.post(address, sent)
    poster = browser.get(f"{address}affiche.pdf")

    assert refused.status_code == 422
    assert "deux personnes différentes" in text(refused)
    assert SafetyNotice.objects.get().second == helper
    assert b"".join(poster.streaming_content).startswith(b"%PDF")
    assert "En cas de problème" in text(browser.get(address))
