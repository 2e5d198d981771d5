from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hackathon.base.core.errors import Refused
from hackathon.event.editions.services import editions
from hackathon.extras.favourite import services
from hackathon.extras.favourite.errors import FavouriteRefusal
from hackathon.extras.favourite.models import Favourite, HallBadge, HasVoted, Tally
from hackathon.extras.favourite.rules import Voter
from tests.extras.favourite.conftest import TITLE, Staged
from tests.judging.conftest import MORNING, live_messages, text_of

SETUP = "/organisation/editions/ccd-2020/coup-de-coeur/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(eve, client_of) -> object:
    with time_machine.travel(MORNING, tick=False):
        yield client_of(eve)


def refusal(act: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code


def test_an_organizer_prepares_opens_and_closes_with_two_taps(browser, edition, pixels):
    browser.post(SETUP, {"title": TITLE, "only_presented": "on"})
    assert "Pas encore ouvert" in text_of(browser.get(SETUP))
    browser.post(f"{SETUP}ouvrir/")
    services.vote(favourite=Favourite.objects.get(), voter=Voter("user:1"), team=str(pixels.pk))
    page = text_of(browser.get(SETUP))
    assert "1 personne a voté" in page
    assert pixels.name not in page

    browser.post(f"{SETUP}fermer/")

    page = text_of(browser.get(SETUP))
    assert "1 personne a voté" in page
    assert pixels.name not in page
    assert Favourite.objects.get().shown_winners() == [pixels]
    assert live_messages("favourite.changed") == [("everyone", {})] * 3


def test_without_a_name_there_is_no_vote_any_more(browser, prepared):
    browser.post(f"{SETUP}badges/", {"count": 2})

    browser.post(SETUP, {"title": ""})

    assert not any(model.objects.exists() for model in (Favourite, Tally, HallBadge))


def test_badges_are_a_pdf_and_are_revoked_by_number(browser, prepared):
    answer = browser.post(f"{SETUP}badges/", {"count": 9})
    browser.post(f"{SETUP}badges/annuler/", {"first": 2, "last": 4})

    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/pdf",
        "private, no-store",
    )
    revoked = HallBadge.objects.exclude(revoked_at=None)
    assert list(revoked.values_list("number", flat=True)) == [2, 3, 4]
    assert "Badges valables : 6, annulés : 3" in text_of(browser.get(SETUP))


@pytest.mark.parametrize("count", ["", "0", "801", "many"])
def test_a_wrong_number_of_badges_is_refused(browser, prepared, count):
    answer = browser.post(f"{SETUP}badges/", {"count": count}, follow=True)

    assert not HallBadge.objects.exists()
    assert "alert" in text_of(answer) or "message" in text_of(answer)


def test_what_is_refused(prepared, act, edition, ada, monkeypatch):
    again = {"edition": edition, "title": "Autre", "only_presented": True, **act}
    monkeypatch.setattr(services, "additions", lambda edition: [Staged(edition)])
    not_open = refusal(lambda: services.close(favourite=prepared, **act))
    by_itself = refusal(lambda: services.open_by_hand(favourite=prepared, **act))
    monkeypatch.undo()
    services.open_by_hand(favourite=prepared, **act)
    changed = refusal(lambda: services.prepare(**again))
    twice = refusal(lambda: services.open_by_hand(favourite=prepared, **act))
    services.close(favourite=prepared, **act)
    closed = refusal(lambda: services.close(favourite=prepared, **act))
    stranger = refusal(lambda: services.prepare(**{**again, "by": ada}))

    assert [not_open, by_itself] == [FavouriteRefusal.NOT_OPEN, FavouriteRefusal.OPENS_BY_ITSELF]
    assert [changed, twice] == [FavouriteRefusal.ALREADY_OPEN] * 2
    assert closed == FavouriteRefusal.CLOSED
    assert stranger == "not_organizer"


def test_a_cloned_edition_has_the_prize_and_nothing_of_the_vote(opened, act, pixels):
    Favourite.objects.update(only_presented=False)
    services.print_badges(favourite=opened, count=2, **act)
    services.vote(favourite=opened, voter=Voter("user:1"), team=str(pixels.pk))
    services.close(favourite=opened, **act)
    source = opened.edition
    later = source.starts_at + timedelta(days=364)
    with_prize, without = (
        editions.clone(source=source, slug=slug, name=slug, starts_at=later, parts=parts, **act)
        for slug, parts in {"next": ["favourite"], "empty": []}.items()
    )

    copied = Favourite.objects.get(edition=with_prize)
    assert (copied.title, copied.only_presented) == (opened.title, False)
    assert (copied.opened_at, copied.closed_at, copied.candidates) == (None, None, [])
    assert (copied.voters, copied.winners.count(), copied.badges.count()) == (0, 0, 0)
    assert not Tally.objects.exists()
    assert not Favourite.objects.filter(edition=without).exists()
    services.open_by_hand(favourite=copied, **act)


def test_one_prize_for_each_edition(prepared, act):
    services.prepare(edition=prepared.edition, title="Prix du public", only_presented=False, **act)

    assert Favourite.objects.get().title == "Prix du public"
    assert not HasVoted.objects.exists()
