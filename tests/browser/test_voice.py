"""Announcements and questions in real Chromium: an open page shows what a fresh one would."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.cards import PASSWORD, SET_UP
from tests.browser.site import ADMIN, Person, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

API = "/api/v1/announcements/"


def list_of(page: Any, selector: str) -> list[tuple[str, bool, str]]:
    """The list as it stands: which wording, pinned or not, and all that is to be read."""
    return page.locator(f"{selector} > li").evaluate_all(
        "items => items.map((item) => "
        "[item.dataset.stamp, item.classList.contains('is-pinned'), item.innerText])"
    )


def same_as_fresh(ada: Person, path: str, selector: str) -> None:
    """The open page of `ada` equals one that is made now."""
    other = ada.context.new_page()
    other.goto(path)
    assert list_of(ada.page, selector) == list_of(other, selector)
    other.close()


def test_an_open_page_follows_announcements(site: Site, person: Callable[..., Person]) -> None:
    site.manage("shell", "-v0", "-c", SET_UP.replace("range(30)", "range(1)"))
    secret = site.manage("token", ADMIN[0]).split()[-1]
    ada, ben = person(375, 812), person()
    for someone, email in ((ada, "ada0@example.org"), (ben, "ben0@example.org")):
        someone.sign_in(email, PASSWORD)
    eve = ada.context.browser.new_context(  # type: ignore[union-attr]
        base_url=site.url, extra_http_headers={"Authorization": f"Token {secret}"}
    )

    def announce(body: str, **more: Any) -> int:
        answer = eve.request.post(API, data={"audience": "everyone", "body": body, **more})
        assert answer.status == 201
        return int(answer.json()["id"])

    announce("Pizzas à 19 h", pinned=True)
    for someone in (ada, ben):
        someone.open("/annonces/" if someone is ada else "/equipe/")
        expect(someone.page.locator(".live-state").first).to_have_attribute("data-state", "live")

    announce("Salle **104**")

    ada.sees("Salle 104")
    ben.sees("Salle 104")
    expect(ben.page.locator("[data-count=announcements]")).to_have_text(re.compile("^[12]"))
    # Pinned first; and read once somebody looked: on a fresh page nothing is new any more.
    expect(ada.page.locator(".is-unread:not([data-read])")).to_have_count(0)
    expect(ada.page.locator("[data-count=announcements]")).to_be_hidden()
    ada.page.reload()
    expect(ada.page.locator(".is-unread")).to_have_count(0)
    assert ada.page.locator(".announcement:not(template *)").first.inner_text().count("Pizzas")
    expect(ada.page.locator(".live-state").first).to_have_attribute("data-state", "live")

    # Several at once, corrected and withdrawn: the open page stays equal to a fresh one.
    gone = announce("À retirer")
    wrong = announce("Salle 105")
    ada.sees("Salle 105")
    site.manage("shell", "-v0", "-c", CHANGE.format(gone=gone, wrong=wrong))
    ada.sees("Salle 501")
    expect(ada.page.locator(f'[data-announcement="{gone}"]')).to_have_count(0)
    # What is looked at is read: here it keeps its mark, on a fresh page it has none.
    expect(ada.page.locator(".is-unread:not([data-read])")).to_have_count(0)
    ada.page.locator(".announcement.is-unread").evaluate_all(
        "items => items.forEach((item) => item.classList.remove('is-unread'))"
    )
    same_as_fresh(ada, "/annonces/", "[data-announcements]")
    eve.close()


CHANGE = """
from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.announcements.models import Announcement
from hackathon.announcements.services import announcements
root, at = User.objects.get(is_superuser=True), clock.now()
announcements.correct(
    announcement=Announcement.objects.get(pk={wrong}), body="Salle 501", pinned=False,
    by=root, at=at,
)
announcements.withdraw(announcement=Announcement.objects.get(pk={gone}), by=root, at=at)
"""


def test_a_question_goes_to_the_queue_and_its_answer_comes_back(
    site: Site, person: Callable[..., Person]
) -> None:
    site.manage("shell", "-v0", "-c", SET_UP.replace("range(30)", "range(2)"))
    ada, cleo, eve = person(375, 812), person(375, 812), person(375, 812)
    ada.sign_in("ada0@example.org", PASSWORD)
    cleo.sign_in("ada1@example.org", PASSWORD)
    eve.sign_in(*ADMIN)
    eve.open("/questions/file/")
    cleo.open("/questions/")
    for someone in (eve, cleo):
        expect(someone.page.locator(".live-state").first).to_have_attribute("data-state", "live")

    ada.open("/questions/")
    ada.press("Poser une question")
    ada.fill(body="Où trouver une multiprise ?")
    ada.press("Envoyer la question")
    ada.sees("Question posée")

    eve.sees("Où trouver une multiprise ?")
    eve.press("Je m’en occupe")
    ada.sees("quelqu’un s’en occupe")
    eve.fill(text="À l’accueil.")
    eve.press("Publier à tous")
    eve.sees("Réponse envoyée.")

    ada.sees("À l’accueil.")
    cleo.sees("Où trouver une multiprise ?")
    assert "Équipe 0" not in cleo.page.content()
    ada.shot("question-answered")
    cleo.shot("question-published")
