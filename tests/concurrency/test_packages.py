"""A key is told once, whoever tells it, and never of a brief whose instant is being moved."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from hackathon.accounts.models import User
from hackathon.core.models import LiveMessage
from hackathon.editions.models import BriefPackage, Department
from hackathon.editions.packages import packing
from hackathon.editions.packages import services as packages
from hackathon.editions.services import briefs
from tests.concurrency.test_notices import WORKERS, at_once
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

INSTANT = NOON + timedelta(hours=1)


@pytest.fixture
def package(infocom: Department, eve: User) -> BriefPackage:
    """Of a brief that is public an hour after NOON."""
    briefs.write(department=infocom, title="x", body="x", published_at=INSTANT, by=eve, at=NOON)
    made = packing.pack(infocom.pk, at=NOON)
    assert made is not None
    return made


def keys_told() -> int:
    """How often a key was told."""
    return LiveMessage.objects.filter(type="brief.unlocked").count()


def test_of_many_workers_one_tells_the_key(package: BriefPackage) -> None:
    told = at_once(lambda: packages.unlock(pk=package.pk, at=INSTANT))

    assert sorted(told) == [False] * (WORKERS - 1) + [True]
    assert keys_told() == 1


def test_of_many_workers_one_makes_the_package(infocom: Department) -> None:
    made = [package for package in at_once(lambda: packing.pack(infocom.pk, at=NOON)) if package]

    assert [package.pk for package in made] == [BriefPackage.objects.get().pk]


@pytest.mark.postgres
def test_a_key_waits_for_who_moves_the_instant_and_then_stays(
    package: BriefPackage, infocom: Department, eve: User
) -> None:
    told: list[bool] = []

    def tell() -> None:
        try:
            told.append(packages.unlock(pk=package.pk, at=INSTANT))
        finally:
            connection.close()

    teller = threading.Thread(target=tell)
    with transaction.atomic():
        later = INSTANT + timedelta(hours=1)
        briefs.write(department=infocom, title="x", body="x", published_at=later, by=eve, at=NOON)
        teller.start()
        teller.join(1)
        waited = teller.is_alive()
    teller.join(20)

    assert waited
    assert told == [False]
    assert keys_told() == 0
