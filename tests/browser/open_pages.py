"""Open pages that must follow events, and what happens at an event."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from tests.browser.edition_setup import Organizer
from tests.browser.page_scripts import WITHOUT_MINUTES
from tests.browser.site import Person, Site, until_equal, until_live

# The elements, attributes and texts of a page, one a line: without what counts seconds, what
# differs from one response to the next, what belongs to the person (drafts, open details), and what
# scripts show because they run.
READ = """(body) => {
    const copy = body.cloneNode(true);
    const away = ["template", "script", "noscript", "[hidden]", ".toasts", ".foot", ".sr-only",
        "[data-countdown]", "[data-slot=left]", "[data-filled]", ".deposit-more", ".nav-count",
        "[name=csrfmiddlewaretoken]", "[data-live-state]", "[data-clock]", "[data-lit]",
        "[data-offline]", "[data-sheet-net]", "button[data-full]", "[data-notify]",
        "#deposits-several"];
    if (!body.dataset.user) away.push("nav"); // a stranger's has nothing that is live
    for (const element of copy.querySelectorAll(away.join(","))) element.remove();
    for (const cards of copy.querySelectorAll(".deposit-cards")) // an open page keeps their order
        cards.append(...[...cards.children].sort((one, two) => one.id < two.id ? -1 : 1));
    const changing = /^(data-(live-|read|(now|at|sky|made|since)$)|hx-headers|style|(open|value)$)/;
    const passing = /^(is-new|is-unread|is-shut|htmx-.*|)$/; // given by scripts
    const tidy = (text) => text.replace(/\\s+/g, " ").trim();
    const valueOf = ({ name, value }) =>
        name === "class"
        ? value.split(/\\s+/).filter((word) => !passing.test(word)).sort().join(" ")
        : /^\\d{4}-\\d\\d-\\d\\dT/.test(value) ? new Date(value).toISOString() : tidy(value);
    const lines = [];
    const read = (element) => {
        const isShown = element.id !== "nav-palmares"; // a fresh page has its link without it
        const held = [...element.attributes].filter(({ name }) => !changing.test(name))
            .map((attribute) => ` ${attribute.name}=${valueOf(attribute)}`);
        if (isShown) lines.push(`<${element.localName}${held.sort().join("")}>`);
        for (const node of element.childNodes) {
            if (node.nodeType === Node.ELEMENT_NODE) read(node);
            else if (node.nodeType === Node.TEXT_NODE) lines.push(tidy(node.data));
        }
        if (isShown) lines.push(`</${element.localName}>`);
    };
    for (const element of copy.children) read(element);
    return lines.filter(Boolean);
}"""
COPIES = "/paquets/"  # of a brief that has changed
# The open page, and what the server sends now.
BOTH = """(html) => [document, new DOMParser().parseFromString(html, "text/html")]
    .map((page) => (%s)(page.body))"""
POLL = "/api/v1/live/"


@dataclass
class OpenPage:
    page: Page
    path: str
    read: str = READ
    requests: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def difference(self) -> str:
        """Empty, or how it differs from what the server sends now."""
        sent = self.page.context.request.get(self.path)
        shown, wanted = self.page.evaluate(BOTH % self.read, sent.text())
        return "\n".join(difflib.unified_diff(shown, wanted, "open", "sent", n=1, lineterm=""))


def open_page(person: Person, path: str, *scripts: str, read: str = READ) -> OpenPage:
    """Connected, after all that it fetches when it is loaded."""
    page = person.context.new_page()
    for script in (WITHOUT_MINUTES, *scripts):
        page.add_init_script(script)
    opened = OpenPage(page, path, read)

    def record(request: Request) -> None:
        asked = urlsplit(request.url).path
        # `/lu/` stores on the server what this person has read.
        if not asked.startswith("/static/") and asked != "/lu/":
            opened.requests.append(asked)

    page.goto(path)
    until_live(page)
    page.wait_for_load_state("networkidle")
    page.on("request", record)
    page.on("requestfinished", lambda request: opened.answered.append(urlsplit(request.url).path))
    return opened


def of_path(pages: list[OpenPage], path: str) -> Page:
    return next(opened.page for opened in pages if opened.path == path)


def all_right(
    pages: list[OpenPage], may_ask: Mapping[str, str | tuple[str, ...]] | None = None
) -> None:
    """Waits until each page equals what the server sends, and checks that none has asked for it.

    `may_ask`: by page, or for "" by all of them, how addresses begin for which they may ask.
    """
    for opened in pages:
        until_equal(opened.page, opened.difference, "", opened.path)
    allowed = {
        path: (starts,) if isinstance(starts, str) else starts
        for path, starts in (may_ask or {}).items()
    }
    asked = [
        (opened.path, path)
        for opened in pages
        for path in opened.requests
        if not path.startswith((*allowed.get(opened.path, ()), *allowed.get("", ())))
    ]
    assert asked == [], asked


def restart(site: Site, pages: list[OpenPage]) -> None:
    """Until each page is connected again. Each may have polled once while it was not."""
    site.stop()
    site.start()
    for opened in pages:
        until_live(opened.page)
    # One; on a busy machine the socket may open only after a second one.
    assert max(opened.answered.count(POLL) for opened in pages) <= 2


# ---------------------------------------------------------------- acts of other processes


def run(organizer: Organizer, script: str) -> None:
    organizer.site.manage("shell", "-v0", "-c", script)


IMPORTS = """
from datetime import timedelta
from django.db import transaction
from hackathon.base.accounts.models import User
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.services import announcements
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import briefs, editions
from judging import live
from judging.ceremony.services import screens
from judging.models import Ceremony, Deliberation
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension
from teams.models import Team
now, eve = clock.now(), User.objects.get(email="eve@example.org")
act = {"by": eve, "at": now}
"""
CORRECT = (
    IMPORTS
    + """
announcements.correct(announcement=Announcement.objects.last(), body="Pizzas à 21 h",
    pinned=False, **act)
"""
)
WITHDRAW = (
    IMPORTS
    + """
announcements.withdraw(announcement=Announcement.objects.last(), **act)
"""
)
# After the deadline the line of the day names it.
AWARDS = (
    IMPORTS
    + """
Edition.objects.get().milestones.create(
    kind="awards", label="Remise des prix", at=now + timedelta(hours=20))
"""
)
EXTEND = (
    IMPORTS
    + """
extensions.grant(Edition.objects.get(), team=Team.objects.get(), minutes=10, reason="Panne", **act)
"""
)
REVOKE = (
    IMPORTS
    + """
extensions.revoke(Extension.objects.get(), **act)
"""
)
HAND_IN = (
    IMPORTS
    + """
deposits.deposit(Deliverable.objects.get(), Team.objects.get(), text="Un texte", begun_at=now,
    by=User.objects.get(email="ada@example.org"), at=now)
"""
)
REVEAL = (
    IMPORTS
    + """
briefs.save(department=Department.objects.get(), title="Zanzibar", body="* un site",
    published_at=now + timedelta(%s), **act)
"""
)
# The juries have decided; nothing of it is public before the publication.
CEREMONY = (
    IMPORTS
    + """
for department in Department.objects.all():
    Deliberation.objects.create(department=department, locked_at=now, locked_by=eve)
screens.start(edition=Edition.objects.get(), rehearsal=False, **act)
"""
)
STEP = (
    IMPORTS
    + """
seen = Ceremony.objects.get().step
screens.move(edition=Edition.objects.get(), rehearsal=False, steps=1, seen=seen, **act)
"""
)
# Both messages are sent at once, as by the service of the site.
PUBLISH = (
    IMPORTS
    + """
with transaction.atomic():
    editions.publish_results(edition=Edition.objects.get(), **act)
    live.results_published(at=now)
"""
)
