import re
from io import BytesIO

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.former_databases import store_before
from tests.browser.site import until, until_equal, until_fonts, until_live
from tests.browser.tablets import Tablet

JOINED = """
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from teams.models import Membership, Team
ada, name = User.objects.get(email="ada@example.org"), %r
user = User.objects.create(
    email=f"{name}@example.org", password=ada.password, name=name.title()
)
user.emailaddress_set.create(email=user.email, verified=True, primary=True)
team = Team.objects.get()
Membership.objects.create(edition=team.edition, team=team, user=user, joined_at=clock.now())
"""
BEN = (
    JOINED % "ben"
    + """
from submissions.models import Deliverable
Team.objects.update(room="214")
Deliverable.objects.create(
    department=team.department, name="Site en ligne", kind="link", position=2
)
"""
)


@pytest.fixture(scope="module", autouse=True)
def ben(edition_site) -> None:
    edition_site.manage("shell", "-v0", "-c", BEN)


def sign_in(page: Page, name: str, site: str = "") -> None:
    page.goto(f"{site}/compte/connexion/")
    page.get_by_text("J’ai un mot de passe").click()
    page.locator("#password_login").fill(f"{name}@example.org")
    page.locator("#password_password").fill("une-longue-phrase-de-passe")
    page.get_by_role("button", name="Entrer avec le mot de passe").click()
    page.wait_for_url(re.compile(r"/rendu/$"))


def test_a_draft_that_an_older_version_of_the_page_stored_comes_back(visit):
    page = visit(path="/questions/poser/", email="ada@example.org")
    question = page.locator("[name=body]")
    name = page.evaluate(
        "`draft:${document.body.dataset.user}:${document.querySelector('[name=body]').dataset.draft}`"
    )
    draft = {"text": "Où est la salle 215 ?", "at": page.evaluate("Date.now()")}
    store_before(page, "drafts", ("drafts", name, draft))

    page.goto("/questions/poser/")

    expect(question).to_have_value("Où est la salle 215 ?")


def test_a_draft_survives_a_power_failure_and_is_sent_by_one_tap(chromium, edition_site):
    phone = Tablet(chromium, edition_site)  # a browser with a profile of its own
    try:
        phone.open("/")
        sign_in(phone.page, "ben", edition_site.url)
        phone.page.locator("[name=url]").fill("https://batterie.example.org")
        expect(phone.page.get_by_text("Brouillon gardé sur cet appareil")).to_be_visible()
        phone.kill()

        phone.switch_on()
        sign_in(phone.page, "ben", edition_site.url)
        expect(phone.page.locator("[name=url]")).to_have_value("https://batterie.example.org")
        phone.page.get_by_role("button", name="Envoyer le lien").click()
        expect(phone.page.locator("[data-outcome]", has_text="version 1")).to_be_visible()
    finally:
        phone.close()


def test_the_site_can_be_installed_as_an_application(visit):
    page = visit(path="/rendu/", email="ben@example.org")
    devtools = page.context.new_cdp_session(page)

    found = devtools.send("Page.getAppManifest")

    assert found["errors"] == []
    assert found["manifest"]["display"] == "kStandalone"
    start = page.context.request.get(found["manifest"]["startUrl"])
    assert start.ok
    for icon in found["manifest"]["icons"]:
        answer = page.context.request.get(icon["url"])
        size = Image.open(BytesIO(answer.body())).size
        assert icon["sizes"] == "x".join(map(str, size))
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_on_a_phone_the_first_deliverable_can_be_handed_in_without_scrolling(visit, edition_site):
    edition_site.manage(
        *("shell", "-v0", "-c"),
        "from submissions.models import Deliverable as D\n"
        "d = D.objects.get(kind='text'); d.pk = None; d.kind, d.name = 'file', 'Dossier'\n"
        "d.formats, d.max_bytes = ['pdf'], 1000; d.save()\n"
        "D.objects.filter(kind='text').update(position=1)",
    )
    page = visit(path="/", email="ben@example.org")
    page.set_viewport_size({"width": 375, "height": 812})
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.goto("/rendu/")
    until_live(page)
    until_fonts(page)

    def bottom(found: str) -> float:
        box = page.locator(found).first.bounding_box()
        assert box is not None
        return box["y"] + box["height"]

    bar = page.locator("nav.nav").bounding_box()
    assert bar is not None
    assert bottom("[data-drop]") < bar["y"]
    assert bottom("[data-send]") < bar["y"]
    shown = page.locator("body").inner_text()
    assert "Choisir un fichier" in shown
    assert "Dépose" not in shown  # nothing can be dropped on a touch screen
    assert shown.count("peut finir jusqu’à") == 0
    page.get_by_text("Heure limite, marge et retard").click()
    assert page.locator("body").inner_text().count("peut finir jusqu’à") == 1


def test_the_join_code_is_shared_and_its_square_scanned_from_a_phone(visit):
    shares = "navigator.share = async ({ url }) => { window.shared = url; };"
    page = visit(shares, path="/", email="ada@example.org")
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto("/equipe/")
    link = page.locator("#join-link").inner_text()
    page.get_by_role("button", name="Partager").click()
    until_equal(page, lambda: page.evaluate("window.shared"), link)
    page.get_by_text("Montrer le carré à scanner").click()
    square = page.locator(".join-qr svg")
    square.scroll_into_view_if_needed()
    box = square.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 200
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 375

    seen = Image.open(BytesIO(square.screenshot())).convert("L")

    code = segno.make_qr(link, error="m")
    wanted = [[bool(dark) for dark in row] for row in code.matrix_iter(border=2)]
    step = seen.width / len(wanted)
    middles = [int((n + 0.5) * step) for n in range(len(wanted))]
    assert [[seen.getpixel((x, y)) < 128 for x in middles] for y in middles] == wanted


# The push service of a browser is not there in tests: what it would give, and what it would bring.
PUSH_SERVICE = """
const asked = [];
const p256dh =
  "BI5TO2-gv3tGJbswZnwB-2B--fi4qA_vWzAGKHAxh7Kjc-sdveAzGDZtBp-DpvWQAFPHNjPLBBshxV4ahsH0ALQ";
Notification.requestPermission = async () => {
  asked.push("permission");
  return Notification.permission;
};
const held = {
  endpoint: "https://push.example.net/send/1",
  options: { applicationServerKey: null },
  toJSON: () => ({ endpoint: held.endpoint, keys: { p256dh, auth: "BTBZMqHH6r4Tts7J_aSIgg" } }),
  unsubscribe: async () => true,
};
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async () => held;
window.asked = asked;
"""
WORKER_IS_ACTIVE = """navigator.serviceWorker.getRegistrations()
    .then((all) => all.length === 1 && all[0].active?.state === "activated")"""


def test_a_device_is_notified_while_the_site_is_hidden_once_a_button_was_pressed(
    visit, whole_chromium
):
    page = visit(PUSH_SERVICE, path="/compte/", email="ada@example.org", browser=whole_chromium)
    page.context.grant_permissions(["notifications"])
    page.reload()
    card = page.locator("#notifications")
    on = card.get_by_text("En marche sur cet appareil.")
    expect(card.get_by_role("button", name="Activer")).to_be_visible()
    assert page.evaluate("asked") == []

    card.get_by_role("button", name="Activer").click()
    expect(on).to_be_visible()
    page.reload()
    expect(on).to_be_visible()
    registrations: list[dict] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda e: registrations.extend(e["registrations"]),
    )
    until(page, WORKER_IS_ACTIVE)  # only then it receives messages
    devtools.send("ServiceWorker.enable")
    until_equal(page, lambda: bool(registrations), True)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.url.removesuffix("/compte/"),
            "registrationId": registrations[-1]["registrationId"],
            "data": '{"title": "Pizzas", "body": "En bas", "tag": "a-1", "url": "/annonces/"}',
        },
    )
    shown = page.wait_for_function(
        "navigator.serviceWorker.getRegistrations().then(async ([one]) => (await"
        " one.getNotifications()).map(({ title, body, data }) => [title, body, data.url])[0])"
    )
    assert shown.json_value() == ["Pizzas", "En bas", "/annonces/"]

    card.get_by_role("button", name="Arrêter").click()
    expect(on).to_be_hidden()
    expect(card.get_by_role("button", name="Activer")).to_be_visible()
