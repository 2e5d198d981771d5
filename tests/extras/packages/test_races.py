import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.services import briefs
from hackathon.extras.packages import services as packages
from hackathon.extras.packages.models import BriefPackage
from tests.concurrency.test_notices import WORKERS, at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

INSTANT = NOON + timedelta(hours=1)


@pytest.fixture
def package(infocom, eve) -> BriefPackage:
    briefs.write(department=infocom, title="x", body="x", published_at=INSTANT, by=eve, at=NOON)
    made = packages.make(infocom.pk, at=NOON)
    assert made is not None
    return made


def published_keys() -> int:
    return LiveMessage.objects.filter(type="package.unlocked").count()


def test_one_of_many_workers_publishes_the_key(package):
    published = at_once(lambda: packages.unlock(pk=package.pk, at=INSTANT))

    assert sorted(published) == [False] * (WORKERS - 1) + [True]
    assert published_keys() == 1


def test_one_of_many_workers_makes_the_package(infocom):
    made = [package for package in at_once(lambda: packages.make(infocom.pk, at=NOON)) if package]

    assert [package.pk for package in made] == [BriefPackage.objects.get().pk]


@pytest.mark.postgres
def test_a_key_waits_for_a_move_of_the_instant_and_stays_secret(package, infocom, eve):
    published: list[bool] = []

    def publish() -> None:
        try:
            published.append(packages.unlock(pk=package.pk, at=INSTANT))
        finally:
            connection.close()

    publisher = threading.Thread(target=publish)
    with transaction.atomic():
        later = INSTANT + timedelta(hours=1)
        briefs.write(department=infocom, title="x", body="x", published_at=later, by=eve, at=NOON)
        publisher.start()
        publisher.join(1)
        waited = publisher.is_alive()
    publisher.join(PATIENCE)

    assert waited
    assert published == [False]
    assert published_keys() == 0
