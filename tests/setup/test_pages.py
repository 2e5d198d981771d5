import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.services import editions
from judging.models import Criterion, Juror
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON
from tests.legal_notice import fill_in

Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def page(name: str, slug: str = "ccd-2020") -> str:
    return reverse(f"setup:{name}", args=[slug])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# ---------------------------------------------------------------- the assistant


def test_the_assistant_is_ready_only_when_everything_is_there(
    edition: Edition,
    brief: Brief,
    infocom: Department,
    eve: User,
    client_of: Browser,
    request: pytest.FixtureRequest,
) -> None:
    browser = client_of(eve)

    def overview() -> str:
        return text(browser.get(page("edition")))

    assert "À préparer" in overview()
    Milestone.objects.create(edition=edition, kind="meal", label="Midi", at=NOON)
    for fixture, lacks in [
        ("dossier", reverse("submissions:deliverables-table", args=["ccd-2020"])),
        ("criteria", reverse("judging:criteria-table", args=["ccd-2020"])),
        ("dan", reverse("judging:setup", args=[infocom.pk])),
        ("diane", reverse("judging:setup", args=[infocom.pk])),
    ]:
        found = overview()
        of_jury = fixture in ("dan", "diane")
        jurors = f"{reverse('imports:index', args=['ccd-2020'])}?kind=jurors"
        mends = jurors if of_jury else lacks
        assert "Tout est rempli" not in found
        assert f'<a class="button is-primary is-small" href="{mends}">' in found
        assert f'href="{lacks}">' in found
        request.getfixturevalue(fixture)

    assert "Tout est rempli" not in overview()
    assert "À compléter : éditeur du site, adresse de l’éditeur" in overview()
    fill_in()
    assert "Tout est rempli" in overview()
    Edition.objects.update(judging_opens_at=NOON.replace(year=2021))
    assert "Tout est rempli" not in overview()
    assert "plus d’une semaine après l’heure limite" in overview()


def test_the_assistant_shows_what_the_verification_counts(
    edition: Edition, eve: User, client_of: Browser
) -> None:
    browser, verification = client_of(eve), reverse("operations:preflight", args=["ccd-2020"])

    assistant, checks = text(browser.get(page("edition"))), text(browser.get(verification))

    # A part is fetched from its address: docs/live.md.
    assert f'<p id="checks-count" data-shows="" data-src="{verification}"></p>' in assistant
    assert re.search(r'<p id="checks-count">.* points gâcheraient la journée', checks)


def test_a_president_who_is_missing_is_named(
    edition: Edition, infocom: Department, dan: Juror, eve: User, client_of: Browser
) -> None:
    found = text(client_of(eve).get(page("edition")))

    assert "Information et Communication : personne ne préside" in found


@pytest.mark.parametrize("name", ["edition", "state"])
def test_query_counts_do_not_depend_on_rows(
    name: str, edition: Edition, infocom: Department, eve: User, client_of: Browser
) -> None:
    browser, counts = client_of(eve), []

    for number in (1, 3):
        for i in range(1, number):
            department = Department.objects.create(edition=edition, code=f"D{i}", name="x")
            Brief.objects.create(department=department, title="x", body="x", published_at=NOON)
            Criterion.objects.create(department=department, name=f"c{i}")
            Deliverable.objects.create(department=department, name=f"d{i}", kind="file")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page(name)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# ---------------------------------------------------------------- who sees it


def test_the_page_says_who_will_see_what_before_an_edition_is_shown(
    edition: Edition, comunik: Team, pixels: Team, eve: User, gil: User, client_of: Browser
) -> None:
    other = editions.clone(
        source=edition, slug="o", name="Autre", starts_at=edition.starts_at, by=eve, at=NOON
    )
    found = text(client_of(eve).get(page("state", "o")))

    assert "2 équipes, 3 étudiants" in found
    assert "Les 2 équipes de « Crazy Charly Day 2020 » perdent aussitôt leurs pages" in found
    assert "Il manque encore" in found
    assert "Écrivez « Crazy Charly Day 2020 » pour confirmer" in found
    other.organizers.add(gil)
    found = text(client_of(gil).get(page("state", "o")))
    assert "Vous n’êtes pas à l’organisation de « Crazy Charly Day 2020 »" in found
    assert 'value="show"' not in found
    refused = client_of(gil).post(page("state", "o"), {"do": "show", "typed": edition.name})
    assert refused.status_code == 422
    assert Edition.objects.current() == edition


def test_an_edition_is_hidden_archived_and_deleted(
    edition: Edition, eve: User, client: Client, client_of: Browser
) -> None:
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


def test_namesakes_are_distinguished_by_day_and_address(
    edition: Edition, eve: User, client_of: Browser
) -> None:
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
