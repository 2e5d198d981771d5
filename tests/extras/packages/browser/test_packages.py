import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import until, until_live

MARKER = "Zanzibar"
ADA = "ada@example.org"
SIZES = {"plan.pdf": 5_000_000, "page.html": 20_000, "fond.png": 40_000, "données.zip": 4_000_000}

# A brief with files, which `PUBLISH` publishes, and its package.
WRITE = f"""
import hashlib, random
from datetime import timedelta
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department
from hackathon.event.editions.services import briefs
from hackathon.extras.packages import services as packages
department, now = Department.objects.get(), clock.now()
by = User.objects.get(email="eve@example.org")
brief = briefs.save(
    department=department, title="{MARKER} titre", body="{MARKER} **texte** %(salt)s",
    published_at=now + timedelta(hours=1), by=by, at=now,
)
for attachment in list(brief.attachments.all()):
    briefs.detach(attachment=attachment, by=by, at=now)
for name, size in {SIZES}.items():
    content = b"%%PDF-1.4 " + random.Random(name + "%(salt)s").randbytes(size)
    briefs.attach(brief=brief, file=received_file(content, name), by=by, at=now)
    print(name, hashlib.sha256(content).hexdigest())
assert packages.make(department.pk, at=now)
"""
PUBLISH = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Brief
Brief.objects.update(published_at=clock.now())
"""
KEPT = r"""async () => {
    const cache = await caches.open("brief-packages");
    const parts = [];
    for (const request of await cache.keys()) {
        parts.push(await (await (await cache.match(request)).blob()).text());
    }
    return [parts.length, parts.some((text) => /Zanzibar|plan\.pdf|%PDF-1\.4/.test(text))];
}"""
SOON = "Math.random = () => 0;"  # no random delay
LATE = "Math.random = () => 0.5;"  # minutes: the page does not begin before the test presses
SPARING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}});"


@pytest.fixture
def written(edition_site, request) -> dict[str, str]:
    code = WRITE % {"salt": request.node.name}
    lines = edition_site.manage("shell", "-v0", "-c", code).strip().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines)


def card(page: Page, state: str) -> Any:
    found = page.locator(f".package[data-state='{state}']")
    expect(found).to_have_count(1)
    return found


def saved(page: Page) -> dict[str, str]:
    links = page.locator("a[href^='blob:'].button:visible")
    expect(links).to_have_count(len(SIZES))
    found = {}
    for number in range(links.count()):
        with page.expect_download() as download:
            links.nth(number).click()
        content = download.value.path().read_bytes()
        found[download.value.suggested_filename] = hashlib.sha256(content).hexdigest()
    return found


def prepared(visit: Callable[..., Page], *scripts: str) -> Page:
    page = visit(LATE, *scripts, path="/sujets/", email=ADA)
    page.get_by_role("button", name="Préparer maintenant").click()
    card(page, "ready")
    return page


def test_a_stored_package_opens_at_its_instant_without_a_download(visit, edition_site, written):
    page = prepared(visit)
    until_live(page)
    count, readable = page.evaluate(KEPT)
    assert (count > 1, readable) == (True, False)
    assert MARKER not in page.content()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # If the message with the key is some seconds late, the page requests the key.
    page.route("**/cle/", lambda route: route.abort())

    edition_site.manage("shell", "-v0", "-c", PUBLISH)
    opened = card(page, "opened")

    assert MARKER in opened.inner_text()
    assert saved(page) == written
    assert not [url for url in asked if "/pieces/" in url]
    page.unroute("**/cle/")
    shown = page.locator(".package li a[target]")
    assert sorted(shown.all_inner_texts()) == ["fond.png", "plan.pdf"]

    page.goto("/sujets/INFOCOM/")
    until(page, "document.querySelectorAll(\"a[data-attachment][href^='blob:']\").length === 8")
    assert saved(page) == written
    assert not [url for url in asked if "/pieces/" in url]


def test_a_page_without_messages_requests_the_key_when_the_brief_is_shown(
    visit, edition_site, written
):
    page = prepared(visit, "window.WebSocket = class { constructor() { throw new Error() } };")

    edition_site.manage("shell", "-v0", "-c", PUBLISH)
    page.reload()

    card(page, "opened")
    assert saved(page) == written


def test_an_interrupted_download_resumes(visit, written):
    page = visit(LATE, path="/sujets/", email=ADA)
    answered: list[int] = []
    cut: list[int] = []
    is_cut = True  # after the first part

    def answer(route: Route) -> None:
        start = int(route.request.headers["range"].removeprefix("bytes=").partition("-")[0])
        if is_cut and answered:
            cut.append(start >> 22)
            route.abort()
        else:
            answered.append(start >> 22)
            route.continue_()

    page.route("**/paquets/*-*/", answer)
    page.get_by_role("button", name="Préparer maintenant").click()
    card(page, "cut")
    page.goto("about:blank")  # the page would try again after some seconds
    is_cut = False
    page.goto("/sujets/")
    card(page, "ready")

    assert set(cut) == {1}
    assert answered == [0, 1, 2, 3]


def test_a_damaged_copy_leaves_the_page_unchanged(visit, edition_site, written):
    page = prepared(visit)
    page.evaluate(
        """async () => {
            const cache = await caches.open("brief-packages");
            const request = (await cache.keys())[1];
            const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
            bytes[12345] ^= 1;
            await cache.put(request, new Response(bytes));
        }"""
    )

    edition_site.manage("shell", "-v0", "-c", PUBLISH)
    card(page, "failed")

    assert (
        page.evaluate("caches.open('brief-packages').then((c) => c.keys()).then((k) => k.length)")
        == 0
    )
    page.goto("/sujets/INFOCOM/")
    with page.expect_download() as download:
        page.get_by_label("Télécharger données.zip").click()
    kept = download.value.path().read_bytes()
    assert hashlib.sha256(kept).hexdigest() == written["données.zip"]


def test_a_page_downloads_by_itself_and_reports_ready(visit, written):
    page = visit(SOON, path="/sujets/", email=ADA)

    ready = card(page, "ready")

    assert "Votre appareil est prêt" in ready.inner_text()
    assert "plan.pdf" not in page.content()


def test_with_data_saver_the_person_is_asked_first(visit, written):
    page = visit(SPARING, path="/sujets/", email=ADA)

    card(page, "offered")
    assert page.evaluate(KEPT) == [0, False]


def test_a_new_version_replaces_the_stored_one(visit, edition_site, written):
    page = prepared(visit)
    before = page.evaluate(
        "caches.open('brief-packages').then((c) => c.keys()).then((k) => k[0].url)"
    )

    edition_site.manage("shell", "-v0", "-c", WRITE % {"salt": "autre"})
    page.reload()
    page.get_by_role("button", name="Préparer maintenant").click()
    card(page, "ready")

    kept = page.evaluate(
        "caches.open('brief-packages').then((c) => c.keys()).then((k) => k.map((r) => r.url))"
    )
    assert before not in kept
    assert len({url.partition("?")[0] for url in kept}) == 1
