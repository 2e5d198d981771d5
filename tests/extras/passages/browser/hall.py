"""Two amphitheatres on a Friday: who is nominated with which deck, projectors, remote, speaker."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from playwright.sync_api import Page, Route, expect

from tests.browser.site import (
    ADMIN,
    Person,
    Site,
    module,
    settle,
    until,
    until_equal,
    until_live,
    until_reported,
)
from tests.browser.test_ceremony import drive, send_form

SET_UP = """
import io
import os
from datetime import timedelta
from PIL import Image
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.background import skip_tasks
from hackathon.base.core.received_files import received_file
from hackathon.run.demo import content
from hackathon.run.demo.content import video
from hackathon.event.editions.models import Department, Edition
from hackathon.day.stage.models import Projector
from hackathon.extras.passages.models import PassagePlan
from judging.models import Award, CeremonyMessage, Deliberation, Nomination
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
def pages_of_noise(pages):
    # 0.44 MB a page, as with photographs
    size = (1280, 720)
    sheets = [Image.frombytes("RGB", size, os.urandom(3 * 1280 * 720)) for _ in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], quality=60)
    return out.getvalue()
def handed_in(name, kind, pages, seed):
    if kind == "link":
        return {"url": f"https://{name.lower()}.example/"}
    if kind == "film":
        return {"file": received_file(video(seed), "film.mp4")}
    pdf = pages_of_noise(pages) if pages > 3 else content.pdf(name, "", seed=seed, pages=pages)
    return {"file": received_file(pdf, "p.pdf")}
for place, (code, has_passages, nominees) in enumerate(DEPARTMENTS):
    department = Department.objects.create(
        edition=edition, code=code, name=f"Les {code}", position=place
    )
    kind = "link" if nominees[0][1] == "link" else "file"
    deck = Deliverable.objects.create(
        department=department, name="Support", kind=kind, is_deck=True
    )
    decision = Deliberation.objects.create(
        department=department, locked_at=now - timedelta(hours=9), locked_by=admin
    )
    for n, (name, kind, pages) in enumerate(nominees):
        team = Team.objects.create(
            edition=edition, department=department, name=name, registered_at=before
        )
        user = User.objects.create(email=f"{name}@example.org", name=name)
        Membership.objects.create(edition=edition, team=team, user=user, joined_at=before)
        Nomination.objects.create(deliberation=decision, team=team)
        what = handed_in(name, kind, pages, n)
        with skip_tasks(inspect):
            made = deposit(deck, team, begun_at=before, by=user, at=before, **what)
        result = Result({"type": "link", "frames": True, "title": "Le site"})
        if made.file:
            result = inspections.inspect_submission(made, inspect_here)
        inspections.record(made, result, at=before)
    Award.objects.create(deliberation=decision, team=team, rank=1)
    if has_passages:
        PassagePlan.objects.create(department=department)
CeremonyMessage.objects.create(edition=edition, anchor="opening", title="Bienvenue")
for n in range(2):
    Projector.objects.create(
        edition=edition, name=f"Amphi {n}", key=f"key{n}", created_at=now, created_by=admin
    )
"""
# When what is on the stage came, by the team's name, in epoch ms.
NOTE = """
window.came = {};
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const team = document.querySelector(".passage-who b")?.textContent;
    const deck = document.querySelector("[data-deck]");
    if (!team || !deck) return;
    const noted = (window.came[team] ??= {});
    noted.name ??= Date.now();
    if (deck.dataset.state === "shown") noted.deck ??= Date.now();
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-state"] }));
"""
# The page's estimate of the server's time, in ms after the time of this machine.
CLOCK = f"""{module("clock")}.then(({{ serverNow }}) =>
    serverNow() - performance.timeOrigin - performance.now())"""
PAGES = 3  # of a short deck
ON_STAGE = "document.querySelector('[data-deck] video')"
# Whether it is as a whole in the window, and above the team's name and time.
FITS = """(element) => {
    const { top, left, right, bottom, height } = element.getBoundingClientRect();
    const foot = document.querySelector(".passage-foot").getBoundingClientRect();
    const above = height > 0 && top >= 0 && bottom <= foot.top && foot.bottom <= innerHeight;
    return above && left >= 0 && right <= innerWidth;
}"""
# What a team may show, in the place of its deck: kind, width and height.
SHAPES = [("video", 1280, 720), ("video", 720, 1280), ("img", 300, 4000), ("iframe", 0, 0)]
PUT = """async ([kind, width, height]) => {
    const shown = document.createElement(kind);
    document.querySelector("#deck-shown").replaceChildren(shown);
    if (kind === "iframe") return;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").fillRect(0, 0, width, height);
    if (kind === "img") {
        shown.src = URL.createObjectURL(await new Promise((made) => canvas.toBlob(made)));
        await shown.decode();
    } else {
        shown.srcObject = canvas.captureStream();
        await new Promise((known) => shown.onresize = shown.onloadedmetadata = known);
    }
}"""
BEGINS = "({ target }) => { target.dataset.from = target.currentTime }"


class Nominee(NamedTuple):
    name: str
    deck: str
    pages: int = 0


FILM, LINK = partial(Nominee, deck="film"), partial(Nominee, deck="link")


@dataclass(frozen=True)
class Friday:
    """`departments`: code, whether it has passages, nominees. From the passage of `cut` to that of
    `restored` the uplink is cut.
    """

    departments: tuple[tuple[str, bool, tuple[Nominee, ...]], ...]
    cut: Nominee
    restored: Nominee | None = None

    @property
    def set_up(self) -> str:
        """Code that makes its edition on an empty site."""
        return f"DEPARTMENTS = {json.loads(json.dumps(self.departments))}\n{SET_UP}"

    @property
    def on_stage(self) -> list[Nominee]:
        return [each for _code, has, nominees in self.departments if has for each in nominees]

    @property
    def files(self) -> int:
        return sum(each.deck != "link" for each in self.on_stage)

    @property
    def steps(self) -> list[tuple[str, Nominee | None]]:
        """Kinds of steps after the messages of the opening, with whom is on stage."""
        steps: list[tuple[str, Nominee | None]] = []
        for _code, has_passages, nominees in self.departments:
            steps += [("title", None), ("nominees", None)]
            steps += [("presentation", each) for each in nominees if has_passages]
            steps += [("drum", None), ("place", None)]
        return steps


class Hall:
    """Two projectors with all decks, and a remote. `delays`: by the team's name, from the tap until
    its deck was on each projector, in ms.
    """

    def __init__(self, chromium: Any, site: Site, planned: Friday) -> None:
        self.chromium, self.site, self.planned = chromium, site, planned
        self.people: list[Person] = []
        self.asked: list[str] = []  # addresses, by the projectors
        self.delays: dict[str, list[float]] = {}
        self.pages: dict[str, int] = {}  # that decks show, if not the first
        self.is_cut = False
        self.screens = [self._projector(n) for n in range(2)]
        self.remote = self.open_remote()
        self._number = -1

    def _projector(self, number: int) -> Page:
        person = self._person(1920, 1080, service_workers="block")
        person.expected = r"Failed to load resource|deck"
        person.context.add_init_script(NOTE)
        answer_links(person.page)
        person.page.on("request", lambda request: self.asked.append(request.url))
        person.open(f"/projection/key{number}/")
        until_live(person.page)
        until(person.page, f"document.body.dataset.decks === '{self.planned.files}'")
        return person.page

    def _person(self, width: int, height: int, **options: Any) -> Person:
        self.people.append(Person(self.chromium, self.site, width=width, height=height, **options))
        return self.people[-1]

    def open_remote(self) -> Page:
        person = self._person(375, 740)
        person.sign_in(*ADMIN)
        person.open("/ceremonie/telecommande/")
        until_live(person.page)
        return person.page

    def open_speaker(self) -> Page:
        """Without signing in."""
        link = self.remote.locator("a[href*='/passage/']").get_attribute("href")
        person = self._person(375, 740)
        person.open(link or "")
        until_live(person.page)
        return person.page

    def press(self, name: str) -> None:
        drive(self.remote, self.remote.get_by_role("button", name=name, exact=True).click)

    # ------------------------------------------------------------ steps

    @property
    def nominee(self) -> Nominee | None:
        """On stage."""
        return self.planned.steps[self._number][1]

    @property
    def coming(self) -> tuple[str, Nominee | None] | None:
        """The step after this one."""
        after = self.planned.steps[self._number + 1 :]
        return after[0] if after else None

    def begin(self) -> None:
        """Up to the message of the opening."""
        stored = f"{self.planned.files} sur {self.planned.files}"
        for n in range(2):
            expect(self.remote.locator("#remote")).to_contain_text(f"Amphi {n} : {stored}")
        self.remote.get_by_role("button", name="Commencer la cérémonie").click()
        send_form(self.remote, "Commencer")
        self.press("Suivant")
        self.expect_on_screens(".ceremony.is-message", "Bienvenue")

    def expect_on_screens(self, selector: str, text: str) -> None:
        for screen in self.screens:
            expect(screen.locator(selector)).to_contain_text(text)

    def go_on(self) -> None:
        self._number += 1
        for screen in self.screens:
            screen.evaluate("window.came = {}")
        pressed = 1000 * time.time()
        self.press("Suivant")
        self.expect_step()
        if self.nominee:
            came = [screen.evaluate("window.came")[self.nominee.name] for screen in self.screens]
            what = "name" if self._shows_link() else "deck"
            self.delays[self.nominee.name] = [each[what] - pressed for each in came]

    def go_back(self) -> None:
        """The passages behind the step will begin anew."""
        self._number -= 1
        for _kind, nominee in self.planned.steps[self._number + 1 :]:
            self.pages.pop(nominee.name if nominee else "", None)
        self.press("Retour")
        self.expect_step()

    def expect_step(self) -> None:
        kind, nominee = self.planned.steps[self._number]
        for screen in self.screens:
            expect(screen.locator(f".ceremony.is-{kind}")).to_be_visible()
            if nominee:
                expect(screen.locator(".passage-who b")).to_have_text(nominee.name)
        if nominee:
            self._expect_deck(nominee)
            same_instant(*self.screens, self.remote)

    def _expect_deck(self, nominee: Nominee) -> None:
        page = self.pages.get(nominee.name, 1)
        shown = {"pdf": f"canvas[data-page='{page}']", "film": "video", "link": "iframe"}
        for screen in self.screens:
            if not self._shows_link():
                deck = screen.locator(f"[data-deck][data-state=shown] {shown[nominee.deck]}")
                expect(deck).to_be_visible()
                assert deck.evaluate(FITS)
                continue
            expect(screen.locator(".deck-code svg")).to_be_visible()
            expect(screen.locator(".deck-link")).to_contain_text("Le site")
            expect(screen.locator(".deck-link")).to_contain_text(f"{nominee.name.lower()}.example")
            expect(screen.locator("iframe")).to_have_count(0)

    def _shows_link(self) -> bool:
        """Instead of its page, which does not answer."""
        return self.is_cut and self.nominee is not None and self.nominee.deck == "link"

    def turn(self, act: Callable[[], None], pages: int = 1) -> None:
        assert self.nominee
        name = self.nominee.name
        self.pages[name] = self.pages.get(name, 1) + pages
        act()
        self._expect_deck(self.nominee)

    def play_again(self) -> None:
        """A film to its end, and from its beginning."""
        for screen in self.screens:
            until(screen, f"{ON_STAGE}.ended")
            screen.evaluate(f"() => {{ {ON_STAGE}.onplay = {BEGINS} }}")
        self.remote.get_by_role("button", name="Relancer la vidéo").click()
        for screen in self.screens:
            # A busy page hears of the beginning some frames later.
            until(screen, f"Number({ON_STAGE}.dataset.from) < {ON_STAGE}.duration / 2")

    def expect_room_for_each_shape(self) -> None:
        """Afterwards the deck is not the team's any more."""
        screen = self.screens[0]
        for shape in SHAPES:
            screen.evaluate(PUT, list(shape))
            assert screen.locator("#deck-shown > *").evaluate(FITS), shape

    def close(self) -> None:
        for person in self.people:
            assert person.errors == []
            person.context.close()

    # ------------------------------------------------------------ the uplink

    def cut(self) -> None:
        """Files of decks and all other hosts. Small messages go on."""
        self.is_cut = True
        for screen in self.screens:
            screen.route("**/supports/**", lambda route: route.abort())
            screen.route(re.compile(r"https://\w+\.example/"), lambda route: route.abort())

    def restore(self) -> None:
        self.is_cut = False
        for screen in self.screens:
            screen.unroute_all()
            answer_links(screen)

    def fetched_files(self) -> int:
        for screen in self.screens:
            until_reported(screen, self.asked)
        return sum(bool(re.search(r"/supports/\d+/", address)) for address in self.asked)


def answer_links(page: Page) -> None:
    """The sites of the teams."""

    def answer(route: Route) -> None:
        route.fulfill(body="<h1>Notre site</h1>", content_type="text/html")

    page.route(re.compile(r"https://\w+\.example/"), answer)


def same_instant(*pages: Page) -> str:
    """To which all of them count down, once they have followed."""

    def instants() -> set[str | None]:
        shown = (page.locator("[data-countdown]").last for page in pages)
        return {each.get_attribute("datetime") for each in shown}

    until_equal(pages[0], lambda: len(instants()), 1, "number of instants")
    return instants().pop() or ""


def clock_difference(pages: Sequence[Page]) -> float:
    """The most that two of the clocks by which these pages count down differ, in ms."""
    for page in pages:
        settle(page)
    offsets = [page.evaluate(CLOCK) for page in pages]
    return float(max(offsets) - min(offsets))
