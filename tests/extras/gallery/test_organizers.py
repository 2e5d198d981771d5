from datetime import timedelta

import pytest

from hackathon.base.core.logs import scrubbed
from hackathon.event.editions.services import schedule
from hackathon.extras.gallery import selectors, services
from hackathon.extras.gallery.enums import Opening
from hackathon.extras.gallery.models import Gallery, Guest, ShownDeliverable
from hackathon.extras.gallery.selectors import Counts
from submissions.models import Deliverable
from teams.enums import Circle
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import text_of
from tests.teams.works import agree, choose

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]
PATH = "/organisation/editions/ccd-2020/galerie/"


def test_teams_are_counted_and_not_named(edition, comunik, infocom, ada, ben, eve, client_of):
    for number, circle in enumerate([Circle.EVERYBODY, Circle.EDITION, Circle.EDITION]):
        team = make_team(infocom, f"Équipe {number}", make_user(f"s{number}@example.org"))
        agree(team, circle)
    choose(ada, Circle.EVERYBODY)
    waiting = selectors.counts_of(edition)
    choose(ben, Circle.NOBODY)
    page = text_of(client_of(eve).get(PATH))

    assert waiting == Counts(everybody=1, edition=2, waiting=1, refused=0)
    assert selectors.counts_of(edition) == Counts(everybody=1, edition=2, waiting=0, refused=1)
    assert "Équipe 1" not in page


def test_the_form_chooses_instant_and_deliverables(edition, dossier, infocom, eve, client_of):
    text = Deliverable.objects.create(department=infocom, name="Organisation", kind="text")
    browser = client_of(eve)

    missing = browser.post(PATH, {"opening": "instant", "shown": [text.pk]})
    body = {"opening": "instant", "opens_at": "2020-02-14T08:00:00", "shown": [text.pk]}
    saved = browser.post(PATH, body)

    assert "Donnez le jour et l’heure de l’ouverture." in text_of(missing)
    assert (missing.status_code, saved.status_code) == (422, 302)
    gallery = Gallery.objects.get()
    assert (gallery.opening, gallery.opens_at.isoformat()) == (
        Opening.INSTANT,
        "2020-02-14T07:00:00+00:00",
    )
    chosen = dict(ShownDeliverable.objects.values_list("deliverable", "is_shown"))
    assert chosen == {text.pk: True, dossier.pk: False}


def test_a_guest_gets_a_link_that_is_in_no_log(edition, eve, client_of):
    browser = client_of(eve)
    body = {"name": "Ville", "ends_at": "2020-02-20T08:00:00"}

    browser.post(f"{PATH}invitations/", body)
    again = browser.post(f"{PATH}invitations/", body)
    past = browser.post(f"{PATH}invitations/", {"name": "A", "ends_at": "2020-02-01T08:00:00"})

    guest = Guest.objects.get()
    address = f"/galerie/invitation/{guest.key}/"
    assert address in text_of(browser.get(PATH))
    assert "a déjà un lien" in text_of(again)
    assert "Cette heure est passée" in text_of(past)
    assert guest.key not in scrubbed(f"GET {address}equipes/3/")
    browser.post(f"{PATH}invitations/{guest.pk}/retirer/")
    assert not Guest.objects.exists()


def test_what_a_deliverable_becomes_does_not_show_a_text(edition, comunik, dossier, eve, shown):
    services.save(
        edition=edition,
        opening=Opening.HAND_IN,
        opens_at=None,
        shown=[],
        by=eve,
        at=NOON + timedelta(minutes=1),
    )
    Deliverable.objects.filter(pk=dossier.pk).update(kind="text")

    assert selectors.choices_in(edition) == {dossier.pk: False}


def test_the_chosen_hour_moves_with_the_whole_day(edition, eve):
    gallery = Gallery.objects.create(edition=edition, opening=Opening.INSTANT, opens_at=NOON)
    to, at = edition.starts_at + timedelta(days=1), NOON - timedelta(days=1)

    schedule.move_day(edition=edition, to=to, by=eve, at=at)

    gallery.refresh_from_db()
    assert gallery.opens_at == NOON + timedelta(days=1)
