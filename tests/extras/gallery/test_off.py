"""An edition that has the gallery off."""

from datetime import timedelta

import pytest

from hackathon.extras.gallery import services
from tests.extras.gallery.conftest import LATER
from tests.judging.ceremony.past_editions import past_edition
from tests.judging.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]
PAGES = (
    "/palmares/",
    "/editions/ccd-2020/",
    "/editions/ccd-2020/presse/",
    "/equipe/",
    "/annonces/",
)


def test_no_page_leads_to_it(edition, published, ada, client_of):
    browser = client_of(ada)

    def leading() -> list[str]:
        return [page for page in PAGES if "/galerie/" in text_of(browser.get(page))]

    on = leading()
    edition.extras.remove("gallery")
    edition.save()

    assert (on, leading()) == (list(PAGES), [])
    assert browser.get("/editions/ccd-2020/galerie/").status_code == 404
    assert browser.get("/api/v1/gallery/").status_code == 404


def test_a_guest_of_an_edition_that_is_not_shown_finds_nothing(edition, comunik, eve, client):
    past = past_edition("2019", 1)
    past.organizers.add(eve)
    ends_at = LATER + timedelta(days=1)
    guest = services.invite(edition=past, name="Ville", ends_at=ends_at, by=eve, at=LATER)
    address = f"/galerie/invitation/{guest.key}/"

    on = client.get(address).status_code
    past.extras.remove("gallery")
    past.save()

    assert (on, client.get(address).status_code) == (200, 404)
