"""A Friday with nominees on stage: decks, timers, and what is done by mistake."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import ADMIN, Person, Site, running_site, until, until_live
from tests.browser.test_ceremony import drive, send_form

SET_UP = """
from datetime import timedelta
from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.background import skip_tasks
from hackathon.core.received_files import received_file
from hackathon.demo import content
from hackathon.demo.passages import video
from hackathon.editions.models import Department, Edition
from hackathon.stage.models import Projector
from judging.models import Award, CeremonyMessage, Deliberation, Nomination, PassagePlan
from submissions.deposits.services import deposit
from submissions.inspection import services as inspections
from submissions.inspection.dispatch import inspect_here
from submissions.inspection.result import Result
from submissions.inspection.tasks import inspect
from submissions.models import Deliverable
from teams.models import Membership, Team
now = clock.now()
admin = User.objects.get()
edition = Edition.objects.create(
    slug="ccd", name="Crazy Charly Day 2020", is_current=True,
    registration_opens_at=now - timedelta(days=3), registration_closes_at=now - timedelta(days=2),
    starts_at=now - timedelta(hours=28), deadline_at=now - timedelta(hours=13),
    judging_opens_at=now - timedelta(hours=12), deliberated_at=now - timedelta(hours=9),
)
before = now - timedelta(hours=14)
NAMES = {"INFO": ["Alpha", "Bravo"], "GEA": ["Charlie", "Delta"], "SOCIAL": ["Echo"]}
for place, (code, names) in enumerate(NAMES.items()):
    department = Department.objects.create(
        edition=edition, code=code, name=f"Les {code}", position=place
    )
    kind = "link" if code == "GEA" else "file"
    deck = Deliverable.objects.create(
        department=department, name="Support", kind=kind, is_deck=True
    )
    decision = Deliberation.objects.create(
        department=department, locked_at=now - timedelta(hours=9), locked_by=admin
    )
    for n, name in enumerate(names):
        team = Team.objects.create(
            edition=edition, department=department, name=name, registered_at=before
        )
        user = User.objects.create(email=f"{name}@example.org", name=name)
        Membership.objects.create(edition=edition, team=team, user=user, joined_at=before)
        Nomination.objects.create(deliberation=decision, team=team)
        what = {"url": f"https://{name.lower()}.example/"}
        if code != "GEA":
            film = received_file(video(n), "film.mp4")
            what = {"file": film if n else received_file(content.pdf(name, "", seed=n), "p.pdf")}
        with skip_tasks(inspect):
            made = deposit(deck, team, begun_at=before, by=user, at=before, **what)
        result = Result({"type": "link", "frames": True, "title": "Le site"})
        if made.file:
            result = inspections.inspect_submission(made, inspect_here)
        inspections.record(made, result, at=before)
    Award.objects.create(deliberation=decision, team=team, rank=1)
    if code != "SOCIAL":
        PassagePlan.objects.create(department=department)
CeremonyMessage.objects.create(edition=edition, anchor="opening", title="Bienvenue")
for n in range(2):
    Projector.objects.create(
        edition=edition, name=f"Amphi {n}", key=f"key{n}", created_at=now, created_by=admin
    )
"""
FILM = "document.querySelector('[data-deck] video')"
BEGINS = "({ target }) => { target.dataset.from = target.currentTime }"
HELD = "document.body.dataset.decks === '2'"


@pytest.fixture
def friday() -> Iterator[Site]:
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


def projector(chromium: Any, site: Site, number: int) -> Person:
    """With all decks that it may have to show."""
    person = Person(chromium, site, width=1920, height=1080, service_workers="block")
    person.expected = r"Failed to load resource|deck"
    answer_links(person.page)
    person.open(f"/projection/key{number}/")
    until_live(person.page)
    until(person.page, HELD)
    return person


def answer_links(page: Page) -> None:
    """The sites of the teams."""

    def answer(route: Route) -> None:
        route.fulfill(body="<h1>Notre site</h1>", content_type="text/html")

    page.route(re.compile(r"https://\w+\.example/"), answer)


def cut(page: Page) -> None:
    """The uplink: files of decks and all other hosts. Small messages go on."""
    page.route("**/supports/**", lambda route: route.abort())
    page.route(re.compile(r"https://\w+\.example/"), lambda route: route.abort())


def expect_on(screens: Sequence[Page], kind: str, *texts: str) -> None:
    for screen in screens:
        expect(screen.locator(f".ceremony.is-{kind}")).to_be_visible()
        for text in texts:
            expect(screen.locator("#stage")).to_contain_text(text)


def expect_deck(screens: Sequence[Page], selector: str) -> None:
    for screen in screens:
        expect(screen.locator(f"[data-deck][data-state=shown] {selector}")).to_be_visible()


def expect_to_be_played_twice(screens: Sequence[Page], remote: Page) -> None:
    """A film to its end, and again from its beginning."""
    for screen in screens:
        until(screen, f"{FILM}.ended")
        screen.evaluate(f"() => {{ {FILM}.onplay = {BEGINS} }}")
    remote.get_by_role("button", name="Relancer la vidéo").click()
    for screen in screens:
        until(screen, f"{FILM}.dataset.from === '0'")


def expect_code(screens: Sequence[Page]) -> None:
    """The link instead of its page, which does not answer."""
    for screen in screens:
        expect(screen.locator(".deck-code svg")).to_be_visible()
        expect(screen.locator("iframe")).to_have_count(0)


def same_instant(*pages: Page) -> str:
    """To which all of them count down."""
    instants = {page.locator("[data-countdown]").last.get_attribute("datetime") for page in pages}
    assert len(instants) == 1, instants
    return instants.pop() or ""


def test_a_friday_with_decks_and_a_cut_uplink(chromium: Any, friday: Site) -> None:
    people = [projector(chromium, friday, n) for n in range(2)]
    screens = [person.page for person in people]
    driver = Person(chromium, friday, width=375, height=740)
    driver.sign_in(*ADMIN)
    driver.open("/ceremonie/telecommande/")
    remote = driver.page

    def press(name: str) -> None:
        drive(remote, remote.get_by_role("button", name=name, exact=True).click)

    on_both, deck_on_both = partial(expect_on, screens), partial(expect_deck, screens)
    expect(remote.locator("#remote")).to_contain_text("Amphi 0 : 2 sur 2")
    expect(remote.locator("#remote")).to_contain_text("Amphi 1 : 2 sur 2")
    remote.get_by_role("button", name="Commencer la cérémonie").click()
    send_form(remote, "Commencer")
    press("Suivant")
    on_both("message", "Bienvenue")
    for kind in ("title", "nominees"):
        press("Suivant")
        on_both(kind)
    expect(remote.locator("#remote")).to_contain_text("Ensuite : une équipe sur scène")

    # A PDF page by page: by the remote, by a clicker, and by the team's own phone.
    press("Suivant")
    on_both("presentation", "Alpha", "ensuite : Bravo")
    deck_on_both("canvas[data-page='1']")
    same_instant(*screens, remote)
    remote.get_by_role("button", name="Page suivante").click()
    deck_on_both("canvas[data-page='2']")
    remote.keyboard.press("PageUp")
    deck_on_both("canvas[data-page='1']")
    link = remote.locator("a[href*='/passage/']").get_attribute("href")
    speaker = Person(chromium, friday, width=375, height=740)
    speaker.open(link or "")
    until_live(speaker.page)
    same_instant(*screens, remote, speaker.page)
    speaker.page.get_by_role("button", name="Page suivante").click()
    deck_on_both("canvas[data-page='2']")
    speaker.page.get_by_role("button", name="Page suivante").click()
    deck_on_both("canvas[data-page='3']")
    expect(speaker.page.get_by_role("button", name="Page suivante")).to_be_disabled()

    # A remote that is closed by accident: another one goes on.
    begun = same_instant(*screens, remote)
    remote.close()
    remote = driver.context.new_page()
    remote.goto("/ceremonie/telecommande/")
    until_live(remote)
    assert same_instant(*screens, remote) == begun
    remote.get_by_role("button", name="Aux questions").click()
    expect(remote.locator("#remote")).to_contain_text("Revenir à la présentation")
    for screen in screens:
        expect(screen.locator(".passage-time")).to_contain_text("questions")
    assert same_instant(*screens, remote) != begun

    # The uplink is cut: a film, a page of a link, and steps that are taken back.
    for screen in screens:
        cut(screen)
    press("Suivant")
    on_both("presentation", "Bravo")
    deck_on_both("video")
    expect_to_be_played_twice(screens, remote)
    expect(speaker.page.locator("#speaker")).to_contain_text("Aucun passage en cours")
    press("Retour")
    on_both("presentation", "Alpha", "questions")
    deck_on_both("canvas[data-page='3']")
    press("Suivant")
    deck_on_both("video")
    for kind in ("drum", "place", "title", "nominees", "presentation"):
        press("Suivant")
        on_both(kind)
    on_both("presentation", "Charlie", "charlie.example", "Le site")
    expect_code(screens)
    for screen in screens:
        screen.unroute_all()
        answer_links(screen)
    press("Suivant")
    on_both("presentation", "Delta")
    deck_on_both("iframe")
    for kind in ("presentation", "nominees"):
        press("Retour")
        on_both(kind, "Charlie")

    # A department without passages goes on from its nominees to the drum.
    kinds = ["presentation", "presentation", "drum", "place", "title", "nominees"]
    for kind in kinds:
        press("Suivant")
        on_both(kind)
    on_both("nominees", "Echo")
    press("Suivant")
    on_both("drum")
    for person in (*people, driver, speaker):
        assert person.errors == []
        person.context.close()
