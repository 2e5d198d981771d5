from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.site import ADMIN, Person, Site, until_live

TEAMS = """
from hackathon.core import clock
from hackathon.editions.models import Department, Edition
from teams.models import Team
at = clock.now()
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True, registration_opens_at=at, registration_closes_at=at,
    starts_at=at, deadline_at=at + timedelta(hours=2), judging_opens_at=at + timedelta(hours=3),
)
department = Department.objects.create(edition=edition, code="INFO", name="Informatique")
Team.objects.bulk_create(
    Team(edition=edition, department=department, name=f"Équipe {n:02}", registered_at=at)
    for n in range(60)
)
"""


def test_what_is_typed_for_an_unfolded_team_survives_news(
    site: Site, person: Callable[..., Person]
) -> None:
    site.manage("shell", "-v0", "-c", "from datetime import timedelta" + TEAMS)
    someone = person()
    someone.sign_in(*ADMIN)
    page = someone.page
    page.goto("/organisation/equipes/")
    until_live(page)

    page.get_by_label("Nom, salle, code ou membre").fill("EQUIPE 5")
    expect(page.locator(".team-line")).to_have_count(10)
    line = page.locator(".team-line").filter(has_text="Équipe 57")
    line.get_by_text("Salle et membres").click()
    room = line.get_by_label("Salle", exact=False).first
    room.fill("B12")
    site.manage(
        "shell",
        "-v0",
        "-c",
        "from teams.models import Team; from teams.services import teams;"
        "from hackathon.core import clock; from hackathon.accounts.models import User;"
        "teams.edit(Team.objects.get(name='Équipe 51'), room='A7', floor=1,"
        "           by=User.objects.get(is_superuser=True), at=clock.now())",
    )

    expect(page.locator(".team-line").filter(has_text="Équipe 51")).to_contain_text("salle A7")
    expect(page.locator(".team-line")).to_have_count(10)
    expect(room).to_have_value("B12")
    page.reload()
    expect(page.locator(".team-line")).to_have_count(10)  # the address has the search
