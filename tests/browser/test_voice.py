import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.cards import PASSWORD, SET_UP
from tests.browser.site import ADMIN, Person, Site, until_equal

API = "/api/v1/announcements/"


def list_of(page: Any, selector: str) -> list[tuple[str, bool, str]]:
    return page.locator(f"{selector} > li").evaluate_all(
        "items => items.map((item) => "
        "[item.dataset.stamp, item.classList.contains('is-pinned'), item.innerText])"
    )


def same_as_fresh(ada: Person, path: str, selector: str) -> None:
    other = ada.context.new_page()
    other.goto(path)
    wanted = list_of(other, selector)
    until_equal(ada.page, lambda: list_of(ada.page, selector), wanted)
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

    ada.expect_text("Salle 104")
    expect(ada.page.get_by_text("Rien d’annoncé")).to_be_hidden()
    ben.expect_text("Salle 104")
    expect(ben.page.locator("[data-count=announcements]")).to_have_text(re.compile("^[12]"))
    # Pinned ones first. Visible ones count as read: a fresh page marks none as new.
    expect(ada.page.locator(".is-unread:not([data-read])")).to_have_count(0)
    expect(ada.page.locator("[data-count=announcements]")).to_be_hidden()
    ada.page.reload()
    expect(ada.page.locator(".is-unread")).to_have_count(0)
    assert ada.page.locator(".announcement:not(template *)").first.inner_text().count("Pizzas")
    expect(ada.page.locator(".live-state").first).to_have_attribute("data-state", "live")

    # Several announcements, corrected and withdrawn: the open page equals a fresh one.
    gone = announce("À retirer")
    wrong = announce("Salle 105")
    ada.expect_text("Salle 105")
    site.manage("shell", "-v0", "-c", CHANGE.format(gone=gone, wrong=wrong))
    ada.expect_text("Salle 501")
    expect(ada.page.locator(f'[data-announcement="{gone}"]')).to_have_count(0)
    # A read announcement stays marked as new on this page; on a fresh page it is not.
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
    ada.expect_text("Question posée")

    eve.expect_text("Où trouver une multiprise ?")
    eve.press("Je m’en occupe")
    ada.expect_text("quelqu’un s’en occupe")
    eve.fill(text="À l’accueil.")
    eve.press("Publier à tous")
    eve.expect_text("Réponse envoyée.")

    ada.expect_text("À l’accueil.")
    cleo.expect_text("Où trouver une multiprise ?")
    assert "Équipe 0" not in cleo.page.content()
    ada.shot("question-answered")
    cleo.shot("question-published")
