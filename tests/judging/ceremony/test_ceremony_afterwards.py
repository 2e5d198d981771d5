import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.day.stage import services as screens
from hackathon.event.editions.models import Edition, Milestone
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.models import Ceremony, Deliberation
from tests.addresses import blocks_url
from tests.conftest import NOON
from tests.judging.conftest import MORNING, text_of

pytestmark = pytest.mark.time_machine(MORNING, tick=False)


LAST = 5  # opening, title, nominees, drum, both winners, all of them


def begin(edition: Edition, eve: User, *, rehearsal: bool = False, step: int = 0) -> None:
    ceremony.start(edition=edition, rehearsal=rehearsal, by=eve, at=MORNING)
    Ceremony.objects.update(step=step)


def end(edition: Edition, eve: User, *, rehearsal: bool = False) -> None:
    ceremony.end(edition=edition, rehearsal=rehearsal, by=eve, at=MORNING)


def publish(edition: Edition, eve: User) -> None:
    results.publish(edition=edition, by=eve, at=MORNING)
    edition.refresh_from_db()


def scene() -> str:
    return text_of(Client().get(reverse("stage:ceremony-scene")))


def projected() -> str:
    return text_of(Client().get(reverse("stage:scene")))


def remote(browser: Client) -> str:
    return text_of(browser.get(reverse("stage:remote"), headers={"HX-Request": "true"}))


# ---------------------------------------------------------------- the screens


@pytest.mark.parametrize("held", [True, False], ids=["after a ceremony", "without one"])
def test_after_the_publication_the_finale_stays(held, locked, edition, eve):
    if held:
        begin(edition, eve, step=LAST)
    publish(edition, eve)
    before = scene()
    if held:
        end(edition, eve)

    after = scene()

    for text in ("Bravo", "Com’unik", "Les Five", "Le palmarès est en ligne", "/palmares/"):
        assert text in after
    assert "<svg" in after.partition("ceremony-online-code")[2]  # to the palmarès, for phones
    assert "va commencer" not in after
    assert after == before  # so ending it does not redraw the screens


def test_an_ended_ceremony_shows_no_winner_before_the_publication(locked, edition, eve):
    begin(edition, eve, step=LAST)
    end(edition, eve)

    for page in (scene(), projected()):
        assert "Com’unik" not in page
        assert "est en ligne" not in page


def test_the_winners_of_a_reopened_jury_are_not_in_the_finale(locked, edition, eve):
    publish(edition, eve)
    Deliberation.objects.update(locked_at=None, locked_by=None, digest="")

    assert "Com’unik" not in scene()


def test_automatic_projectors_follow_a_real_ceremony(locked, edition, eve):
    assert 'data-scene="envelopes"' in projected()
    begin(edition, eve, rehearsal=True)
    assert 'data-scene="envelopes"' in projected()  # a rehearsal has to be chosen

    begin(edition, eve)
    assert 'data-scene="ceremony"' in projected()
    Ceremony.objects.update(step=3)
    assert "Et maintenant" in projected()
    assert "Com’unik" not in projected()
    end(edition, eve)
    assert 'data-scene="envelopes"' in projected()


def test_automatic_projectors_keep_the_finale_during_a_rehearsal(locked, edition, eve):
    publish(edition, eve)
    begin(edition, eve, rehearsal=True, step=4)

    assert "Com’unik" in projected()
    assert "Répétition" not in projected()
    screens.choose(edition=edition, scene="ceremony", by=eve, at=MORNING)
    assert "Répétition" in projected()


def test_the_control_room_shows_that_projectors_follow_the_ceremony(
    client_of, locked, edition, eve
):
    begin(edition, eve)

    block = text_of(client_of(eve).get(blocks_url("screens")))

    assert "<b>La cérémonie</b>" in block
    assert "automatique" in block
    assert "ceremony" in block.partition('data-shows="')[2].partition('"')[0].split()


# ---------------------------------------------------------------- the remote


def test_after_the_publication_the_remote_shows_that_the_ceremony_is_over(
    client_of, locked, edition, eve
):
    browser = client_of(eve)
    begin(edition, eve, step=LAST)
    assert "Publier le palmarès" in remote(browser)
    publish(edition, eve)

    still_on = remote(browser)
    end(edition, eve)
    over = remote(browser)

    assert "La cérémonie est finie, le palmarès est en ligne." in still_on
    assert "Terminer la cérémonie" in still_on
    for page in (still_on, over):
        assert 'href="/palmares/"' in page
        assert "Publier" not in page
        assert page.count("is-primary") == 1 + page.count('name="do" value="start"')
    assert re.search("<h2> ?La cérémonie est finie ?</h2>", over)
    assert "Rien n’est commencé" not in over
    assert 'is-primary" data-opens="remote-start"' not in over


def test_without_a_real_ceremony_the_remote_shows_only_the_publication(
    client_of, locked, edition, eve
):
    begin(edition, eve, rehearsal=True)
    end(edition, eve, rehearsal=True)
    publish(edition, eve)

    page = remote(client_of(eve))

    assert re.search("<h2> ?Les résultats sont publiés ?</h2>", page)
    assert "est finie" not in page


def test_the_remote_lists_projectors_that_show_something_else(client_of, locked, edition, eve):
    browser = client_of(eve)
    begin(edition, eve)
    assert "autre chose" not in remote(browser)

    screens.choose(edition=edition, scene="day", by=eve, at=MORNING)
    screens.choose(edition=edition, scene="ceremony", department=locked, by=eve, at=MORNING)
    assert "Le grand écran montre autre chose : La journée." in remote(browser)

    screens.choose(edition=edition, scene="auto", by=eve, at=MORNING)
    screens.choose(edition=edition, scene="pause", department=locked, by=eve, at=MORNING)
    assert f"{locked.name} montre autre chose : Pause" in remote(browser)


@pytest.mark.parametrize("step", [LAST - 1, LAST])
def test_the_last_step_has_the_last_button_instead_of_the_next_one(
    step, client_of, locked, edition, eve
):
    begin(edition, eve, step=step)

    keys = remote(client_of(eve)).partition("remote-keys")[2].partition("</form>")[0]

    assert ("remote-last" in keys) == (step == LAST)
    assert ("remote-next" in keys) == (step != LAST)  # what a presenter's clicker presses


# ---------------------------------------------------------------- the organizers' pages


def juries(browser: Client) -> str:
    return text_of(browser.get(blocks_url("juries")))


def test_the_control_room_leads_to_the_remote_before_the_publication(
    client_of, locked, edition, eve
):
    browser = client_of(eve)

    waiting = juries(browser)
    begin(edition, eve)
    live = juries(browser)
    Ceremony.objects.update(step=LAST)
    publish(edition, eve)
    published = juries(browser)

    button, link = "Télécommande de la cérémonie", "Publier les résultats"
    assert 0 < waiting.index(button) < waiting.index(link)
    assert button in live
    assert "Cérémonie en cours" in live
    assert link not in live
    assert "Résultats publiés" in published
    assert 'href="/palmares/"' in published
    assert not [text for text in (button, link) if text in published]


def test_the_editions_overview_leads_to_the_remote_and_then_to_the_palmares(
    client_of, locked, edition, eve
):
    browser, address = client_of(eve), reverse("setup:edition", args=[edition.slug])

    with time_machine.travel(NOON, tick=False):
        assert reverse("stage:remote") not in text_of(browser.get(address))
    assert reverse("stage:remote") in text_of(browser.get(address))
    publish(edition, eve)
    after = text_of(browser.get(address))

    assert reverse("stage:remote") not in after
    assert after.count('href="/palmares/"') == 2  # in the navigation and on the page


def test_the_publication_page_depends_on_the_ceremony(client_of, locked, edition, eve):
    browser, address = client_of(eve), reverse("judging:publish", args=["ccd-2020"])
    box = 'name="confirmed"'
    assert box in text_of(browser.get(address))
    begin(edition, eve, rehearsal=True)
    assert box in text_of(browser.get(address))

    begin(edition, eve)
    live = text_of(browser.get(address))
    refused = browser.post(address, {"confirmed": "on"})
    Ceremony.objects.update(step=LAST)
    at_the_end = text_of(browser.get(address))

    assert "La cérémonie est en cours." in live
    assert box not in live
    assert '<form class="card"' not in live
    assert 'data-shows="deliberation jury ceremony results"' in live
    assert refused.status_code == 422
    assert box not in text_of(refused)
    assert box in at_the_end


# ---------------------------------------------------------------- before the publication


def palmares(browser: Client) -> str:
    return text_of(browser.get(reverse("judging:palmares")))


@pytest.mark.parametrize("minutes", [-30, 0, 30])
def test_the_palmares_shows_no_past_hour(minutes, client, locked, edition, eve):
    awards = MORNING + timedelta(minutes=minutes)
    Milestone.objects.create(edition=edition, kind="awards", label="Prix", at=awards)

    before = palmares(client)
    begin(edition, eve)
    live = palmares(client)
    end(edition, eve)
    after = palmares(client)

    assert ("Rendez-vous" in before) == (minutes > 0)
    assert ("Les résultats arrivent" in before.partition("<template")[0]) == (minutes <= 0)
    assert (f'data-at="{awards.isoformat()}"' in before) == (minutes > 0)
    assert "La remise des prix est en cours" in live
    assert 'href="/ceremonie/"' in live
    assert "Rendez-vous" not in live
    assert 'data-fragment="palmares"' in live
    assert ("Rendez-vous" in after) == (minutes > 0)


def test_results_of_a_process_whose_clock_is_ahead_are_in_no_later_state(
    client, locked, edition, eve
):
    awards = MORNING + timedelta(hours=1)
    Milestone.objects.create(edition=edition, kind="awards", label="Prix", at=awards)
    publish(edition, eve)
    winner = "podium"

    published = palmares(client)
    Edition.objects.update(results_published_at=MORNING + timedelta(seconds=5))
    page = palmares(client)

    assert winner in published
    assert winner not in page


def test_a_rehearsal_is_not_announced_on_the_palmares(client, locked, edition, eve):
    begin(edition, eve, rehearsal=True)

    page = palmares(client)

    assert "est en cours" not in page
    assert 'href="/ceremonie/"' not in page


def test_a_teams_page_links_to_the_published_palmares(client_of, locked, edition, ada, eve):
    browser = client_of(ada)

    before = text_of(browser.get(reverse("submissions:deposits")))
    publish(edition, eve)
    after = text_of(browser.get(reverse("submissions:deposits")))

    assert "résultats" not in before
    assert 'aria-labelledby="own-results-title"' in after
    assert '<a class="button" href="/palmares/">' in after
