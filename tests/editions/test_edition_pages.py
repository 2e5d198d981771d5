"""Pages of one edition, while the site shows another one."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from tests.conftest import NOON
from tests.submissions.conftest import extend

PAGES = (
    "submissions:archive",
    "submissions:archives",
    "submissions:extensions",
    "submissions:seals",
    "teams:list",
)


@pytest.fixture
def shown(edition) -> Edition:
    """Next year's, which gil organizes. The site shows it in place of `edition`."""
    day = timedelta(days=365)
    Edition.objects.update(is_current=False)
    shown = Edition.objects.create(
        slug="ccd-2021",
        name="Crazy Charly Day 2021",
        timezone="Indian/Reunion",
        is_current=True,
        registration_opens_at=NOON - timedelta(days=1),
        registration_closes_at=NOON + day,
        starts_at=NOON + day,
        deadline_at=NOON + day + timedelta(hours=14),
        judging_opens_at=NOON + day + timedelta(hours=15),
    )
    shown.organizers.add(User.objects.create_user("gil@example.org", "secret-of-tests"))
    return shown


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("page", PAGES)
def test_only_its_organizers_and_superusers_find_a_page(page, edition, shown, eve, root, client_of):
    gil = shown.organizers.get()

    def status(user: User, of: Edition) -> int:
        return client_of(user).get(reverse(page, args=[of.slug])).status_code

    assert [status(user, edition) for user in (eve, gil, root)] == [200, 404, 200]
    assert [status(user, shown) for user in (eve, gil, root)] == [404, 200, 200]
    assert client_of(root).get(reverse(page, args=["ccd-1999"])).status_code == 404


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("page", PAGES)
def test_the_former_address_leads_to_the_edition_that_is_shown(
    page, edition, shown, eve, client_of
):
    former, gil = reverse(page), shown.organizers.get()

    answers = [client_of(gil).get(former + "?versions=all"), client_of(gil).post(former)]

    url = reverse(page, args=[shown.slug])
    assert [(a.status_code, a["Location"]) for a in answers] == [
        (307, url + "?versions=all"),
        (307, url),
    ]
    assert client_of(eve).get(former).status_code == 404
    assert reverse("account_login") in Client().get(former)["Location"]


@time_machine.travel(NOON, tick=False)
def test_the_pages_of_an_edition_that_is_not_shown(
    edition, shown, infocom, dossier, comunik, eve, client_of
):
    extension = extend(eve, 15, team=comunik)
    browser = client_of(eve)

    delays = browser.get(reverse("submissions:extensions", args=[edition.slug])).content.decode()
    revoked = browser.post(reverse("submissions:extension-revoke", args=[extension.pk]))

    assert "Com’unik" in delays
    assert "fév., 23:00" in delays  # in the zone of the edition, not of the shown one
    assert "pas affichée" in delays
    assert revoked["Location"] == reverse("submissions:extensions", args=[edition.slug])
