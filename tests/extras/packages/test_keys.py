from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live.audiences import department_audience
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import editions
from hackathon.extras.packages import periodic, selectors
from hackathon.extras.packages import services as packages
from tests.conftest import NOON
from tests.editions.conftest import journalled
from tests.extras.packages.steps import HOUR, current_packages, make_package, write_brief

SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(infocom, eve) -> Brief:
    return write_brief(infocom, eve)


def unlocked() -> list[LiveMessage]:
    return list(LiveMessage.objects.filter(type="package.unlocked"))


@pytest.mark.parametrize(("offset", "expected"), [(-1, 0), (0, 1), (1, 1)])
def test_the_key_is_published_once_from_the_instant_on(offset, expected, infocom, secret):
    package = make_package(infocom)

    with time_machine.travel(secret.published_at + offset * SECOND, tick=False):
        periodic.unlock_packages()
        periodic.unlock_packages()

    messages = unlocked()
    assert len(messages) == expected
    for message in messages:
        assert message.audience_names == (department_audience(infocom.pk),)
        assert message.data == {
            "department": "INFOCOM",
            "package": str(package.pk),
            "key": package.key,
        }


def test_the_journal_has_no_key(infocom, secret):
    package = make_package(infocom)

    packages.unlock(pk=package.pk, at=secret.published_at)

    assert "brief.unlocked" in journalled()
    assert package.key not in str(list(JournalEntry.objects.values()))


@pytest.mark.parametrize("offset", [-1, 0])
def test_the_key_is_readable_from_the_instant_on(offset, edition, infocom, secret):
    make_package(infocom)
    (package,) = current_packages(edition, infocom)
    at = secret.published_at + offset * SECOND

    if offset < 0:
        with pytest.raises(NotFound):
            selectors.public_key(package, at=at)
    else:
        assert selectors.public_key(package, at=at) == package.key


def test_the_key_of_a_department_without_a_brief_is_never_public(edition, info):
    make_package(info)
    (package,) = current_packages(edition, info)

    with pytest.raises(NotFound):
        selectors.public_key(package, at=NOON + 10 * HOUR)
    assert selectors.packages_to_unlock(at=NOON + 10 * HOUR) == []


def test_an_instant_moved_later_delays_the_key(infocom, secret, eve):
    package = make_package(infocom)
    former = secret.published_at

    write_brief(infocom, eve, published_at=former + HOUR, at=former - SECOND)

    assert not packages.unlock(pk=package.pk, at=former)
    assert packages.unlock(pk=package.pk, at=former + HOUR)


def test_an_instant_moved_earlier_publishes_the_key_earlier(infocom, secret, eve):
    package = make_package(infocom)

    write_brief(infocom, eve, published_at=NOON, at=NOON)

    assert packages.unlock(pk=package.pk, at=NOON)


def test_the_key_of_an_outdated_package_is_not_published(edition, infocom, secret, eve):
    package = make_package(infocom)

    write_brief(infocom, eve, title="Autre", at=NOON + HOUR)

    assert current_packages(edition, infocom) == []
    assert not packages.unlock(pk=package.pk, at=NOON + HOUR)
    assert unlocked() == []


def test_a_brief_that_is_secret_again_gets_another_key_and_the_former_message_is_deleted(
    edition, infocom, secret, eve
):
    package = make_package(infocom)
    packages.unlock(pk=package.pk, at=NOON + HOUR)

    write_brief(infocom, eve, published_at=NOON + 3 * HOUR, at=NOON + 2 * HOUR)

    assert unlocked() == []
    assert current_packages(edition, infocom) == []
    anew = make_package(infocom, at=NOON + 2 * HOUR)
    assert anew.key != package.key
    assert packages.unlock(pk=anew.pk, at=NOON + 3 * HOUR)


def test_a_rollback_publishes_nothing(infocom, secret):
    package = make_package(infocom)

    with transaction.atomic():
        packages.unlock(pk=package.pk, at=secret.published_at)
        transaction.set_rollback(True)

    assert unlocked() == []
    assert packages.unlock(pk=package.pk, at=secret.published_at)


def test_no_key_of_an_edition_that_is_not_shown_is_published(edition, infocom, secret, eve):
    package = make_package(infocom)
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    other.organizers.add(eve)

    editions.show(edition=other, by=eve, at=NOON, typed=edition.name)

    assert not packages.unlock(pk=package.pk, at=secret.published_at)
