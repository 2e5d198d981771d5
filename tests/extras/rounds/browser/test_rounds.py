"""The client and professors make their round on phones."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import OFFLINE, Person, Site, demo_site, running_site

# The client has seen all teams but two, the professor Dan none of these two.
ALL_BUT_TWO = """
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds import services
from teams.models import Team
client = User.objects.get(email__startswith="max@")
teams = Team.objects.filter(edition=Edition.objects.current()).order_by("floor", "room")
for team in list(teams)[:-2]:
    services.see(team=team, by=client, for_client=True, at=clock.now())
"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Site, list[dict[str, Any]]]]:
    data, accounts = demo_site("running")
    with running_site(data) as site:
        site.manage("shell", "-v0", "-c", ALL_BUT_TWO)
        yield site, accounts


@pytest.fixture
def phone(chromium, running) -> Iterator[Callable[[str], Person]]:
    """By the beginning of the address."""
    site, accounts = running
    people: list[Person] = []

    def pick_up(name: str) -> Person:
        account = next(a for a in accounts if a["email"].startswith(name))
        someone = Person(chromium, site, width=375, height=760)
        people.append(someone)
        someone.sign_in(account["email"], account["password"])
        return someone

    yield pick_up
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


def test_the_last_unseen_team_is_found_at_once_and_other_phones_follow(phone):
    client, professor, tutor = phone("max@"), phone("jury1.infocom@"), phone("tuteur@")
    for someone in (client, professor, tutor):
        someone.open("/ronde/")
    left, line = client.page.locator("#round-left"), professor.page.locator(".row", has_text="605")
    expect(left).to_have_text("2 équipes à voir sur 60")
    expect(line).not_to_contain_text("(client)")

    client.page.locator("#round-see-next").click()

    expect(left).to_have_text("1 équipe à voir sur 60")
    expect(client.page.locator("#round-see-next")).to_be_in_viewport()
    expect(client.page.locator(".round-next")).to_contain_text("606")
    expect(line).to_contain_text("(client)")  # without a reload
    client.shot("ronde-1-derniere")
    organizer = phone("eve@")
    organizer.open("/pilotage/")
    unseen = organizer.page.locator("#block-round")
    expect(unseen.get_by_text("(606)")).to_be_visible()

    # A professor begins at the other end, and the team is the client's only one still.
    expect(tutor.page.locator("#round-left")).to_have_text("60 équipes à voir sur 60")
    tutor.page.locator(".row", has_text="606").get_by_role("button").click()
    expect(tutor.page.locator("#round-left")).to_have_text("59 équipes à voir sur 60")
    expect(client.page.locator(".round-next")).to_contain_text("606")
    expect(client.page.locator(".round-next")).to_contain_text("Théo Tuteur")
    expect(unseen).to_contain_text("Chaque équipe a été vue.")

    client.expected = OFFLINE
    client.context.set_offline(True)
    client.page.locator("#round-see-next").click()
    expect(client.page.locator("#round-net")).to_contain_text("1 équipe vue, à envoyer")
    expect(client.page.locator("#round-see-next")).to_be_disabled()
    expect(left).to_have_text("1 équipe à voir sur 60")
    client.context.set_offline(False)
    expect(left).to_have_text("Les 60 équipes sont vues")
    expect(client.page.locator("#round-net")).to_be_empty()
