import pytest

from hackathon.extras.public_demo import services
from hackathon.extras.public_demo.demo import making
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo import build
from tests.concurrency.test_questions import at_once
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_resets_that_are_asked_for_at_once_are_one(is_public, edition, monkeypatch):
    made = []

    def create(_phase, **_more):
        made.append(edition)
        edition.save(force_insert=True)
        return edition

    monkeypatch.setattr(build, "create", create)
    PublicDemo.objects.create(pk=1, resetting_at=NOON, moment="running")

    at_once(lambda _name: str(making.reset(at=NOON)), ["a", "b", "c"])

    assert len(made) == 1


def test_visitors_who_enter_at_once_are_different_people(is_public, edition):
    PublicDemo.objects.create(pk=1, edition_pk=edition.pk, made_at=NOON)

    names = at_once(
        lambda _name: services.account_for(services.Role.ORGANIZER, {}, at=NOON).name,
        ["a", "b", "c"],
    )

    assert sorted(names) == ["Visite 1", "Visite 2", "Visite 3"]
