"""The page that a phone opens, and the desk where an organizer types the code."""

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hackathon.base.core.logs import scrubbed
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.promises import addresses
from hackathon.extras.promises.addresses import Key
from hackathon.extras.promises.models import Promise
from submissions.models import Deliverable, Submission
from submissions.versions.selectors import period_of
from teams.models import Team
from teams.services import membership
from tests.conftest import DEADLINE, NOON, make_user
from tests.extras.promises.making import address, digest_of, key_of, promise, typed
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit

END = DEADLINE + 20 * MINUTE
BEFORE = DEADLINE - 40 * SECOND
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(BEFORE, tick=False)]


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ")


def addresses_on(page: str) -> dict[str, str]:
    found = re.search(r'data-addresses="([^"]*)"', page)
    assert found is not None
    parsed: dict[str, str] = json.loads(html.unescape(found[1]))
    return parsed


def own_address(team: Team, deliverable: Deliverable) -> str:
    path = reverse("promises:promise", args=[key_of(team, deliverable), "-"])
    return settings.SITE_URL + path.removesuffix("-/")


@pytest.fixture
def phone() -> Client:
    return Client()


def test_a_phone_without_an_account_records_the_promise_and_keeps_its_receipt(
    phone, comunik, dossier
):
    url = address(comunik, dossier)
    asked = text_of(phone.get(url))
    posted = phone.post(url)
    receipt = text_of(phone.get(posted["Location"]))

    made = Promise.objects.get()
    assert all(word in asked for word in ("Com’unik", dossier.name, digest_of(PDF)[:16]))
    assert "Enregistrer l’engagement" in asked
    assert (posted.status_code, posted["Location"]) == (302, url)
    assert (made.received_at, made.digest, made.recorded_by) == (BEFORE, digest_of(PDF), None)
    assert all(word in receipt for word in (made.spoken_code, "22:59:20", "23:20:00", "à l’heure"))
    assert "Enregistrer l’engagement" not in receipt


def test_a_robot_that_reads_the_address_promises_nothing(phone, comunik, dossier):
    url = address(comunik, dossier)

    assert [phone.get(url).status_code, phone.head(url).status_code] == [200, 200]
    assert not Promise.objects.exists()


def test_a_late_promise_says_so(phone, comunik, dossier):
    with time_machine.travel(DEADLINE + SECOND, tick=False):
        receipt = text_of(phone.post(address(comunik, dossier), follow=True))

    assert "après l’heure limite" in receipt
    assert "en retard" in receipt


def test_a_refusal_is_told_on_the_page(phone, comunik, dossier):
    with time_machine.travel(END + SECOND, tick=False):
        answer = phone.post(address(comunik, dossier))

    assert answer.status_code == 422
    assert "jusqu’à 23:20" in text_of(answer)


def test_false_keys_unknown_teams_and_broken_addresses_look_the_same(
    phone, comunik, pixels, dossier
):
    key, promised = address(comunik, dossier).strip("/").split("/")[1:]
    captain = comunik.memberships.get(is_captain=True).pk
    false = [
        (key[:-1] + ("A" if key[-1] != "A" else "B"), promised),
        (key.replace(f"{comunik.pk}-", f"{pixels.pk}-", 1), promised),  # another team's
        (addresses.key_text(Key(999, dossier.pk, captain, 0)), promised),
        (key_of(pixels, dossier), promised),  # its department does not ask for it
        (addresses.key_text(Key(comunik.pk, dossier.pk, captain, 1)), promised),
        (addresses.key_text(Key(comunik.pk, dossier.pk, captain + 9, 0)), promised),
        (key, promised[:-20]),
        (key, promised.upper()),
        (key, promised.replace("-", "_")),
        (key, f"{len(PDF)}-{digest_of(PDF)}-99999999999"),
    ]
    answers = [
        method(reverse("promises:promise", args=args))
        for args in false
        for method in (phone.get, phone.post)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert (
        len({text_of(answer).partition("<main")[2].partition("</main>")[0] for answer in answers})
        == 1
    )
    assert not Promise.objects.exists()


def test_the_address_says_nothing_of_other_files_and_opens_nothing_else(
    phone, comunik, dossier, ada
):
    made = promise(comunik, dossier, PDF + b"other")
    submission = deposit(dossier, comunik, ada, content=PDF + b"third")
    with time_machine.travel(NOON, tick=False):
        page = text_of(phone.get(address(comunik, dossier)))

    assert made.digest[:8] not in page
    assert submission.sha256[:8] not in page
    assert made.spoken_code not in page
    assert phone.get(reverse("submissions:deposits")).status_code == 302


def test_the_address_is_in_no_log(comunik, dossier):
    assert scrubbed(f"GET {address(comunik, dossier)} 200") == "GET /engagement/… 200"


def test_the_page_of_the_team_has_what_a_laptop_needs_without_a_network(
    client_of, ada, comunik, dossier, site_link
):
    with time_machine.travel(NOON, tick=False):
        page = text_of(client_of(ada).get(reverse("submissions:deposits")))

    assert addresses_on(page) == {str(dossier.pk): own_address(comunik, dossier)}  # files alone
    assert "vendor/qrcode/qrcode.js" in page


@pytest.mark.parametrize("without", [{"promise_minutes": 0}, {"extras": []}])
def test_without_promises_the_page_has_no_key(client_of, ada, comunik, dossier, without):
    Edition.objects.update(**without)
    with time_machine.travel(NOON, tick=False):
        page = text_of(client_of(ada).get(reverse("submissions:deposits")))

    assert "promise" not in page.replace("/static/css/promises.css", "")


def test_where_promises_are_off_there_are_no_pages(
    client_of, phone, edition, comunik, dossier, eve
):
    promise(comunik, dossier, at=BEFORE)
    Edition.objects.update(extras=[])
    organizer, desk = client_of(eve), reverse("promises:desk", args=[edition.slug])
    assert phone.get(address(comunik, dossier)).status_code == 404
    assert phone.post(address(comunik, dossier, PDF + b"2")).status_code == 404
    assert organizer.get(desk).status_code == 404
    room = text_of(organizer.get(reverse("control_room:control")))

    rules = text_of(organizer.get(reverse("site:rules")))

    assert "sans réseau" not in room
    assert "engagement" not in rules
    assert Promise.objects.count() == 1


def test_an_organizer_says_until_when_the_bytes_may_come(client_of, edition, eve):
    browser, url = client_of(eve), reverse("promises:end", args=[edition.slug])

    saved = browser.post(url, {"promise_minutes": "25"})
    refused = browser.post(url, {"promise_minutes": "-1"})

    edition.refresh_from_db()
    assert (saved.status_code, refused.status_code) == (302, 422)
    assert edition.promise_minutes == 25
    assert "supérieure ou égale" in text_of(refused)


def test_the_team_sees_what_it_promised_and_what_came(client_of, ada, comunik, dossier):
    made = promise(comunik, dossier, at=BEFORE)
    browser = client_of(ada)
    with time_machine.travel(DEADLINE + MINUTE, tick=False):
        awaited = text_of(browser.get(reverse("submissions:deposits")))
        submission = deposit(dossier, comunik, ada, at=DEADLINE + MINUTE)
        page = text_of(browser.get(reverse("submissions:deposits")))
        receipt = text_of(browser.get(reverse("submissions:receipt", args=[submission.pk])))
        listed = browser.get("/api/v1/deliverables/").json()

    assert f"annoncé depuis 22:59:20 ({made.spoken_code})" in awaited
    assert "data-announced=" in awaited
    assert "data-announced=" not in page
    assert all("compte à 22:59:20" in shown for shown in (page, receipt))
    assert "2020-02-13T21:59:20Z" in str(listed)


def test_a_promise_is_shown_until_its_bytes_can_no_longer_come(client_of, ada, comunik, dossier):
    promise(comunik, dossier, at=DEADLINE + MINUTE)
    until = period_of(comunik, dossier).announced_until
    assert until is not None
    browser = client_of(ada)

    with time_machine.travel(until, tick=False):
        awaited = text_of(browser.get(reverse("submissions:deposits")))
    with time_machine.travel(until + SECOND, tick=False):
        over = text_of(browser.get(reverse("submissions:deposits")))

    assert "C’était après l’heure limite." in awaited
    assert "compte à cette heure-là" not in awaited
    assert "annoncé depuis" not in over


# ---------------------------------------------------------------- not ours


def test_a_member_voids_what_a_photograph_of_the_square_has_promised(
    client_of, phone, ada, comunik, dossier
):
    photographed = [address(comunik, dossier, PDF + bytes([n])) for n in range(5)]
    member, page_url = client_of(ada), reverse("submissions:deposits")
    for url in photographed[:3]:
        phone.post(url)
    page = text_of(member.get(page_url))
    forms = re.findall(r'action="(/rendu/engagements/\d+/annuler/)"', page)
    done = text_of(member.post(forms[0], follow=True))
    after = [
        phone.get(photographed[0]),
        phone.get(photographed[3]),
        phone.post(photographed[3]),
    ]
    still = phone.get(photographed[1])
    phone.post(address(comunik, dossier))

    assert len(forms) == 3
    assert "annulé. Le carré à scanner de l’équipe est changé aussi." in done
    assert addresses_on(done)[str(dossier.pk)] == own_address(comunik, dossier)
    assert [answer.status_code for answer in after] == [404, 404, 404]
    assert "Engagement enregistré" in text_of(still)  # its receipt stays
    own = Promise.objects.valid().get(digest=digest_of(PDF))
    assert (own.number, Promise.objects.count()) == (1, 4)


def test_a_member_changes_the_square(client_of, phone, ada, comunik, dossier):
    former = address(comunik, dossier)
    client_of(ada).post(reverse("promises:renew-key"))
    answers = [phone.post(former), phone.post(address(comunik, dossier))]

    assert [answer.status_code for answer in answers] == [404, 302]


def test_who_has_left_the_team_promises_nothing_for_it(phone, comunik, dossier, ada, eve):
    member = membership.join(comunik, user=make_user("m@example.org"), by=eve, at=NOON)
    address = addresses.address_of(Key(comunik.pk, dossier.pk, member.pk, 0))
    path = f"{urlsplit(address).path}5-{'a' * 64}-1581595200/"
    before = phone.get(path).status_code
    membership.remove(member, by=eve, at=NOON)
    answer = phone.post(path)

    assert (before, answer.status_code) == (200, 404)


def test_what_has_come_is_not_voided(client_of, eve, ada, comunik, dossier):
    made = promise(comunik, dossier, at=BEFORE)
    deposit(dossier, comunik, ada, at=DEADLINE + MINUTE)
    url = reverse("promises:void", args=[comunik.edition.slug, made.pk])

    page = text_of(client_of(eve).post(url, follow=True))

    assert "ne peut plus être annulé" in page
    assert Promise.objects.valid().exists()


# ---------------------------------------------------------------- the desk


@pytest.fixture
def desk(client_of, eve, edition) -> Callable[[str], Any]:
    url, browser = reverse("promises:desk", args=[edition.slug]), client_of(eve)

    def post(code: str) -> Any:
        with time_machine.travel(BEFORE, tick=False):
            return browser.post(url, {"code": code}, follow=True)

    return post


def test_an_organizer_types_the_code(desk, comunik, dossier, eve):
    code = typed(comunik, dossier, at=BEFORE - 5 * SECOND)
    page = text_of(desk(code.lower()))

    made = Promise.objects.get()
    assert (made.team, made.deliverable, made.size) == (comunik, dossier, len(PDF))
    assert (made.recorded_by, made.received_at) == (eve, BEFORE)
    assert made.client_at == BEFORE - 5 * SECOND
    assert digest_of(PDF).startswith(made.digest)
    assert f"Engagement {made.spoken_code} enregistré à 22:59:20 : Com’unik" in page
    assert "saisi par Eve" in page
    assert "jusqu’à 23:20:00" in page


def test_an_organizer_voids_a_promise(client_of, comunik, dossier, ada, eve):
    made = promise(comunik, dossier, at=BEFORE)
    organizer, room = client_of(eve), reverse("control_room:control")
    for _press in range(2):
        url = reverse("promises:void", args=[comunik.edition.slug, made.pk])
        page = text_of(organizer.post(url, follow=True))
    awaited = text_of(organizer.get(room))
    late = deposit(dossier, comunik, ada, at=DEADLINE + MINUTE, begun_at=BEFORE)

    assert "par Eve à 22:59:20" in page
    assert f'action="{url}"' not in page
    assert "sans réseau" not in awaited
    assert Submission.objects.get(pk=late.pk).announced_at is None
    assert JournalEntry.objects.filter(act="promise.voided").count() == 1


def test_a_mistyped_code_is_told_and_stays_typed(desk, comunik, dossier):
    lines = typed(comunik, dossier).split("\n")
    wrong = "\n".join([*lines[:4], lines[4][:-1] + ("A" if lines[4][-1] != "A" else "B")])
    answer = desk(wrong)

    assert answer.status_code == 422
    assert "ligne 5" in text_of(answer)
    assert lines[0] in text_of(answer)
    assert not Promise.objects.exists()


def test_codes_of_unknown_teams_and_deliverables_look_the_same(desk, comunik, pixels, dossier):
    codes = [
        typed(Team(pk=999), dossier),
        typed(comunik, Deliverable(pk=999)),
        typed(pixels, dossier),
    ]
    answers = [desk(code) for code in codes]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert all("d’aucune équipe de cette édition" in text_of(answer) for answer in answers)
