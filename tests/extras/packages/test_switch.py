"""With the extra off, briefs are read as pages, and no key stays behind."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Edition
from hackathon.extras.packages import periodic, selectors, services
from hackathon.extras.packages.models import BriefPackage
from tests.conftest import NOON
from tests.extras.packages.steps import HOUR, make_package, write_brief

pytestmark = pytest.mark.django_db

PAGES = ["/sujets/", "/sujets/INFOCOM/"]


def switch_off() -> None:
    edition = Edition.objects.get()
    edition.extras.remove("packages")
    edition.save(update_fields=["extras"])


def test_pages_show_the_brief_at_its_instant_without_packages(
    client_of, infocom, comunik, ada, eve
):
    write_brief(infocom, eve)
    package, browser = make_package(infocom), client_of(ada)

    with time_machine.travel(NOON + HOUR, tick=False):
        on = [browser.get(page).content.decode() for page in PAGES]
        switch_off()
        off = [browser.get(page).content.decode() for page in PAGES]
        answers = [
            browser.get(url).status_code
            for url in (
                reverse("packages:index"),
                reverse("packages:content", args=[package.pk]),
                reverse("packages:key", args=[package.pk]),
            )
        ]

    assert ["/paquets/" in page for page in on] == [True, True]
    assert ["/paquets/" in page for page in off] == [False, False]
    assert all("Zanzibar" in page for page in off)
    assert answers == [404, 404, 404]


def test_no_package_is_made_and_no_key_sent(infocom, eve):
    write_brief(infocom, eve)
    make_package(infocom)
    switch_off()
    write_brief(infocom, eve, title="Autre")

    assert selectors.departments_without_package(Edition.objects.get(), at=NOON) == []
    with time_machine.travel(NOON + HOUR, tick=False):
        periodic.unlock_packages()
    assert not LiveMessage.objects.filter(type="package.unlocked").exists()


def test_a_brief_that_becomes_secret_again_takes_its_key_back(infocom, eve):
    write_brief(infocom, eve)
    package, instant = make_package(infocom), NOON + HOUR
    services.unlock(pk=package.pk, at=instant)
    switch_off()

    write_brief(infocom, eve, published_at=instant + timedelta(days=1), at=instant)

    assert not LiveMessage.objects.filter(type="package.unlocked").exists()
    assert not BriefPackage.objects.exists()
