from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.page_scripts import LISTEN
from tests.browser.site import ADMIN, Person, Site, until, until_equal, until_live

LAST_HOUR = """
from datetime import timedelta
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Membership, Team
at = clock.now()
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True, registration_opens_at=at - timedelta(days=1),
    registration_closes_at=at + timedelta(minutes=30), starts_at=at - timedelta(hours=12),
    deadline_at=(at + timedelta(minutes=40)).replace(second=0, microsecond=0),
    judging_opens_at=at + timedelta(hours=10),
)
department = Department.objects.create(
    edition=edition, code="INFO", name="Information et Communication"
)
Deliverable.objects.create(department=department, name="Site", kind="link")
teams = Team.objects.bulk_create(
    Team(edition=edition, department=department, name=f"Équipe {n}", registered_at=at, room=f"2{n}")
    for n in range(9)
)
Membership.objects.create(
    edition=edition, team=teams[3], user=User.objects.create(email="ada@example.org", name="Ada"),
    is_captain=True, joined_at=at,
)
"""
CALL = """
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from teams.models import Team
from teams.services import calls
team, ada = Team.objects.get(name="Équipe 3"), User.objects.get(email="ada@example.org")
calls.request(team=team, kind="technical", by=ada, at=clock.now())
"""
# Words of the facts of a page that are on two lines.
BROKEN_WORDS = """
[...document.querySelectorAll(".facts dd")].flatMap((fact) => {
  const range = document.createRange();
  const text = document.createTreeWalker(fact, NodeFilter.SHOW_TEXT);
  const found = [];
  while (text.nextNode()) {
    for (const word of text.currentNode.data.matchAll(/\\p{L}+/gu)) {
      range.setStart(text.currentNode, word.index);
      range.setEnd(text.currentNode, word.index + word[0].length);
      if (range.getClientRects().length > 1) found.push(word[0]);
    }
  }
  return found;
})
"""
SEAL = """
from hackathon.event.editions.models import Edition
from submissions.seals import services
from submissions.seals.rules import SETTLE
edition = Edition.objects.get()
services.make_due(edition, at=edition.deadline_at + SETTLE)
"""


def expect_narrow(page: Page) -> None:
    until(page, "document.documentElement?.scrollWidth <= 375")  # none between two pages


def test_the_last_hour_from_a_phone(site, person):
    """What is wrong is on the first screen; each act shows what it does, takes few taps, and a
    move is undone. The phone sounds for what is urgent.
    """
    site.manage("shell", "-v0", "-c", LAST_HOUR)
    organizer = person(375, 740)
    organizer.context.add_init_script(LISTEN)
    organizer.sign_in(*ADMIN)
    page = organizer.page
    page.goto("/pilotage/")
    until_live(page)
    page.locator("[data-sound]").click()
    until(page, "notes.length === 1")  # the sample

    see_what_is_wrong(organizer)
    remind_who_has_nothing(page)
    move_the_deadline_and_undo_it(organizer)
    grant_an_extension(page)
    freeze_the_registration(page)
    answer_a_call(site, page)
    read_a_sheet(page)
    seals = organizer.context.new_page()
    seals.goto("/organisation/scelles/")
    until_live(seals)
    page.bring_to_front()
    end_it_now(organizer)
    organizer.page = seals
    see_the_seal(site, organizer)


def see_what_is_wrong(organizer: Person) -> None:
    page = organizer.page
    wrong = page.locator("#block-wrong")
    expect(wrong).to_contain_text("9 équipes n’ont rien rendu")
    box = wrong.bounding_box()
    assert box is not None
    assert box["y"] < 300
    expect_narrow(page)
    organizer.shot("derniere-heure")


def remind_who_has_nothing(page: Page) -> None:
    page.locator("#block-wrong").get_by_text("Prévenir").click()
    page.locator("dialog[open]").get_by_text("Prévenir les 9").click()
    expect(page.locator("#dialogs")).to_contain_text("Message envoyé : 9 équipes.")
    expect(page.locator("#latest-announcements .announcement")).to_have_count(1)
    # Known five seconds after the announcement.
    reach = page.locator("#block-reach")
    expect(reach).to_contain_text("9 équipes sans page ouverte")


def move_the_deadline_and_undo_it(organizer: Person) -> None:
    page = organizer.page
    deadline = page.locator("#block-day .moment").filter(has_text="Rendu des travaux")
    before = deadline.locator("time").inner_text()
    deadline.get_by_text("décaler").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Pour 9 équipes")
    expect(dialog.locator(".quick button").nth(1)).to_contain_text("marge : ")
    dialog.locator(".quick button").nth(1).click()
    expect(deadline.locator("time")).not_to_have_text(before)
    bar = page.locator("#block-undo")
    expect(bar).to_contain_text(f"Heure limite {before} →")
    organizer.shot("annuler")
    bar.get_by_role("button").click()
    expect(deadline.locator("time")).to_have_text(before)
    expect(bar).to_be_hidden()


def grant_an_extension(page: Page) -> None:
    """Of a team in the list of those with nothing: its minutes and its reason are two taps."""
    silent = page.locator("#block-silent a").filter(has_text="Équipe 3")
    silent.click()
    page.locator("dialog[open]").get_by_text("Accorder un délai").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("+15 min").click()
    dialog.get_by_role("button", name="Panne de réseau").click()
    expect(page.locator("#dialogs")).to_contain_text("Équipe 3 a 15 min de plus.")
    expect(silent).to_contain_text("+15 min")


def read_a_sheet(page: Page) -> None:
    page.locator("#block-silent a").filter(has_text="Équipe 3").click()
    page.locator("dialog[open]").get_by_text("Fiche de l’équipe").click()
    expect(page.locator("main .facts").first).to_contain_text("Information et Communication")
    assert page.evaluate(BROKEN_WORDS) == []
    expect_narrow(page)
    page.goto("/pilotage/")
    until_live(page)


def freeze_the_registration(page: Page) -> None:
    registrations = page.locator("#block-registrations")
    registrations.get_by_text("Suspendre les inscriptions").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("9 équipes sont inscrites.")
    dialog.get_by_role("button", name="On compose les équipes").click()
    expect(page.locator("#dialogs")).to_contain_text("Inscriptions suspendues.")
    expect(registrations).to_contain_text("Inscriptions suspendues depuis")
    registrations.get_by_role("button", name="Rouvrir").click()
    expect(registrations.get_by_text("Suspendre les inscriptions")).to_be_visible()


def answer_a_call(site: Site, page: Page) -> None:
    site.manage("shell", "-v0", "-c", CALL)
    waiting = page.locator("#block-wrong").get_by_role("link", name="1 appel attend")
    expect(waiting).to_be_visible()
    until_equal(page, lambda: page.evaluate("notes.slice(1)"), [988, 784], "What was played")
    waiting.click()
    calls = page.locator("#calls")
    for button in ("Je prends", "J’y vais", "C’est fait"):
        expect_narrow(page)
        calls.get_by_role("button", name=button).first.click()
    expect(calls).to_contain_text("Personne n’attend")
    page.goto("/pilotage/")
    until_live(page)
    expect(page.locator("#block-wrong")).to_contain_text("9 équipes n’ont rien rendu")
    expect(waiting).to_have_count(0)


def end_it_now(organizer: Person) -> None:
    """A typed time is shown before it counts. The grace begins at once."""
    page = organizer.page
    page.locator(".room-acts").get_by_text("Décaler une heure").click()
    dialog = page.locator("dialog[open]")
    to = dialog.locator("[name=to]")
    ends_at = datetime.fromisoformat(to.input_value())
    to.fill(f"{ends_at - timedelta(minutes=42):%Y-%m-%dT%H:%M:%S}")
    dialog.get_by_role("button", name="Voir ce qui change").click()
    expect(dialog).to_contain_text("Cette heure est déjà passée")
    expect(dialog).to_contain_text("9 équipes n’ont encore rien rendu.")
    expect_narrow(page)
    organizer.shot("avancer")
    dialog.get_by_role("button", name="Avancer à").click()
    expect(page.locator("#block-band .phase")).to_have_text("marge")
    expect(page.locator("#clock")).to_contain_text("Heure limite passée")
    organizer.shot("marge")


def see_the_seal(site: Site, organizer: Person) -> None:
    """The page was opened before the deadline."""
    page = organizer.page
    page.bring_to_front()
    site.manage("shell", "-v0", "-c", SEAL)
    expect(page.locator("#seals .seal-head")).to_contain_text("à l’heure limite")
    expect_narrow(page)
    organizer.shot("scelle")
