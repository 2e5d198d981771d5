import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.services import editions
from hackathon.run.operations import readiness
from judging.models import Criterion
from submissions.models import Deliverable
from tests.conftest import NOON

pytestmark = pytest.mark.time_machine(NOON, tick=False)


def page(name: str, slug: str = "ccd-2020") -> str:
    return reverse(f"setup:{name}", args=[slug])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# ---------------------------------------------------------------- the list


def test_a_line_has_its_owner_its_weight_and_the_page_that_mends_it(
    edition, infocom, dan, eve, client_of
):
    found = text(client_of(eve).get(page("edition")))

    own, administrator, legal = (f'id="owner-{o}"' for o in ("organizer", "administrator", "legal"))
    assert found.index(own) < found.index(administrator) < found.index(legal)
    president = "Personne ne préside le jury de Information et Communication"
    assert found.index(own) < found.index(president) < found.index(administrator)
    assert f'href="{reverse("judging:setup", args=[infocom.pk])}">Nommer une présidence' in found
    assert found.index("Aucune sauvegarde") < found.index(legal)
    assert found.index(legal) < found.index("Les mentions légales sont à compléter")
    assert '<span class="badge is-alarm">bloque</span>' in found
    assert '<span class="badge is-muted">facultatif</span>' in found


def test_what_is_done_is_folded(edition, infocom, diane, eve, client_of):
    found = text(client_of(eve).get(page("edition")))

    done = found[found.index('<details class="more card">') :]
    assert "Chaque jury a une présidence" in done
    assert "Le site dit qui en répond" not in done


def test_all_pages_show_the_count_of_the_list(edition, eve, client_of):
    browser = client_of(eve)
    part = f'<span id="checks-{edition.pk}" data-shows="" data-src="{page("edition")}">'
    badge = f'<span id="checks-badge" data-shows="" data-src="{page("edition")}">'
    pages = [reverse("control_room:control"), reverse("editions:list")]

    counted = text(browser.get(page("edition")))
    with time_machine.travel(edition.starts_at - timedelta(hours=1), tick=False):
        soon = [text(browser.get(address)) for address in pages]
        other = text(browser.get(page("state")))
        shown = text(browser.get(page("edition")))
    later = text(browser.get(page("state")))

    # A part is fetched from its address: docs/live.md.
    assert [f"{part}</span>" in found for found in soon] == [True, True]
    assert f"{badge}</span>" in other
    following = re.search(r'id="checks-next"[^>]*> · À faire ensuite : <a href="([^"]+)"', counted)
    assert following
    assert following[1] == re.findall(r'is-primary"\s+href="([^"]+)"', counted)[0]
    assert re.search(r'id="checks-next"[^>]*></span>', other)
    assert f"{badge}</span>" not in later
    blocking = re.search(r"(\d+) points bloquent", shown)
    assert blocking
    assert f'{badge}<b class="badge is-alarm num">{blocking[1]}<' in shown
    assert re.search(rf'{part} <b class="alarm">\d+ points bloquent</b>', counted)


def test_the_former_address_leads_to_the_list(edition, eve, client_of):
    answer = client_of(eve).get("/organisation/editions/ccd-2020/verification/")

    assert answer["Location"] == page("edition")


@pytest.mark.parametrize("name", ["edition", "state"])
def test_query_counts_do_not_depend_on_rows(name, edition, infocom, eve, client_of):
    browser, counts = client_of(eve), []

    for number in (1, 3):
        for i in range(number):
            code = f"D{number}{i}"
            department = Department.objects.create(edition=edition, code=code, name="x")
            Brief.objects.create(department=department, title="x", body="x", published_at=NOON)
            Criterion.objects.create(department=department, name=f"c{i}")
            Deliverable.objects.create(department=department, name=f"d{i}", kind="file")
        browser.get(page(name))  # fills the caches of the process
        readiness.forget_results()  # kept for two seconds
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page(name)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# ---------------------------------------------------------------- who sees it


def test_the_page_says_who_will_see_what_before_an_edition_is_shown(
    edition, comunik, pixels, eve, gil, client_of
):
    other = editions.clone(
        source=edition, slug="o", name="Autre", starts_at=edition.starts_at, by=eve, at=NOON
    )
    found = text(client_of(eve).get(page("state", "o")))

    assert "2 équipes, 3 étudiants" in found
    assert "Les 2 équipes de « Crazy Charly Day 2020 » perdent aussitôt leurs pages" in found
    assert "Écrivez « Crazy Charly Day 2020 » pour confirmer" in found
    other.organizers.add(gil)
    found = text(client_of(gil).get(page("state", "o")))
    assert "Vous n’êtes pas à l’organisation de « Crazy Charly Day 2020 »" in found
    assert 'value="show"' not in found
    refused = client_of(gil).post(page("state", "o"), {"do": "show", "typed": edition.name})
    assert refused.status_code == 422
    assert Edition.objects.current() == edition


def test_an_edition_is_hidden_archived_and_deleted(edition, eve, client, client_of):
    browser = client_of(eve)
    assert browser.post(page("state"), {"do": "hide"}).status_code == 422
    browser.post(page("state"), {"do": "hide", "typed": edition.name})
    assert "Rien n’est encore annoncé" in text(Client().get("/"))
    assert "Organisation" in text(browser.get("/"))

    browser.post(page("state"), {"do": "archive"})
    assert "archivée" in text(browser.get(reverse("editions:list")))
    wrong = browser.post(page("state"), {"do": "delete", "typed": "x"})
    assert wrong.status_code == 422
    answer = browser.post(page("state"), {"do": "delete", "typed": edition.name})

    assert answer["Location"] == reverse("editions:list")
    assert not Edition.objects.exists()


def test_namesakes_are_distinguished_by_day_and_address(edition, eve, client_of):
    editions.clone(
        source=edition,
        slug="ccd-2021",
        name=edition.name,
        starts_at=edition.starts_at.replace(year=2021),
        by=eve,
        at=NOON,
    )

    found = text(client_of(eve).get(reverse("editions:list")))

    assert "13 février 2020 · ccd-2020" in found
    assert "13 février 2021 · ccd-2021" in found
