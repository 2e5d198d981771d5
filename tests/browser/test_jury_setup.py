from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.edition_setup import PASSWORD, SET_UP
from tests.browser.site import ADMIN, Person, Site

# An edition with a jury of three, four teams and a criterion, during the judging.
JURY = (
    SET_UP
    + """
from judging.models import Criterion
for name in ("max",):
    Juror.objects.create(department=infocom, user=people[name], kind="client")
people["lou"] = User.objects.create(email="lou@example.org", name="Lou", password=hashed)
Juror.objects.create(department=infocom, user=people["lou"], is_president=True)
for n in range(3):
    Team.objects.create(edition=edition, department=infocom, name=f"Les {n}", registered_at=now)
Criterion.objects.create(department=infocom, name="Besoin", weight=1, position=1)
Criterion.objects.create(department=infocom, name="Audace", weight=1, position=2)
edition.organizers.set(User.objects.filter(is_superuser=True))
"""
)


def test_a_plan_is_made_and_changed_on_open_pages(
    site: Site, person: Callable[..., Person]
) -> None:
    site.manage("shell", "-v0", "-c", JURY)
    organizer, screen, juror = person(1366, 900), person(1024, 768), person(375, 812)
    for someone in (organizer, screen):
        someone.sign_in(*ADMIN)
    juror.sign_in("dan@example.org", PASSWORD)
    organizer.open("/organisation/departements/1/jury/")
    names = organizer.page.locator("#criteria-card ol b")
    expect(names).to_have_text(["Besoin", "Audace"])
    organizer.press("Monter Audace")
    expect(names).to_have_text(["Audace", "Besoin"])
    organizer.page.get_by_label("Lectures par équipe").fill("2")
    organizer.press("Enregistrer les règles")
    organizer.expect_text("Règles du jury enregistrées.")

    # One organizer makes the plan; the open pages of another one and of a juror follow.
    screen.open("/organisation/departements/1/jury/lectures/")
    screen.expect_text("Tous lisent toutes les équipes")
    juror.open("/jury/")
    expect(juror.page.locator(".team-row")).to_have_count(4)
    organizer.open("/organisation/departements/1/jury/lectures/")
    organizer.press("Établir un plan à 2 lectures")
    organizer.expect_text("Tous les jurés sont reliés")
    expect(screen.page.get_by_text("Tous les jurés sont reliés")).to_be_visible()
    expect(juror.page.locator(".team-row")).not_to_have_count(4)
    screen.shot("jury-1-plan")

    # A juror recuses themself from a team; another one gets it, without a reload.
    team = juror.page.locator(".team-row b").first.inner_text()
    juror.press("Me déporter")
    juror.page.get_by_role("link", name=team).click()
    juror.page.get_by_label("Motif").fill("Je les ai suivis")
    juror.press("Je me déporte")
    juror.expect_text(f"Vous ne jugez plus {team}.")
    juror.shot("jury-2-deport")
    row = screen.page.locator("tbody tr").filter(
        has=screen.page.get_by_role("rowheader", name=team)
    )
    expect(row.locator(".is-recused")).to_have_count(1)
    expect(row.locator(".is-planned")).to_have_count(2)
