"""Messages are written with their change and silent after a rollback."""

from datetime import timedelta

import pytest
from django.db import transaction

from hackathon.core import live
from hackathon.core.hub import Hub
from hackathon.core.models import LiveMessage
from tests.conftest import NOON


class Ear:
    """A connection that remembers what it heard."""

    def __init__(self, user_pk: int | None = None) -> None:
        self.user_pk = user_pk
        self.heard: list[str] = []
        self.rechecks = 0

    def offer(self, text: str) -> None:
        self.heard.append(text)

    def recheck(self) -> None:
        self.rechecks += 1


@pytest.mark.django_db
def test_a_message_is_a_row_of_its_change() -> None:
    with transaction.atomic():
        live.publish(live.EVERYONE, "edition.changed", {"at": NOON}, at=NOON)

    message = LiveMessage.objects.get()
    assert (message.audience, message.type) == ("everyone", "edition.changed")
    assert message.data == {"at": "2020-02-13T12:00:00Z"}


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        live.publish(live.EVERYONE, "edition.changed", {}, at=NOON)
        raise ZeroDivisionError

    assert not LiveMessage.objects.exists()


@pytest.mark.django_db
def test_a_resume_gets_its_audiences_only_with_some_overlap() -> None:
    old = LiveMessage.objects.create(audience="everyone", type="a", at=NOON - timedelta(hours=1))
    near = LiveMessage.objects.create(audience="everyone", type="b", at=NOON - timedelta(seconds=5))
    seen = LiveMessage.objects.create(audience="everyone", type="c", at=NOON)
    other = LiveMessage.objects.create(audience="team:1", type="d", at=NOON)
    new = LiveMessage.objects.create(audience="team:2", type="e", at=NOON)

    found = live.missed(["everyone", "team:2"], after=seen.pk)

    assert found == [near, seen, new]
    assert old not in found
    assert other not in found


def test_the_hub_delivers_to_an_audience_only() -> None:
    hub, ada, cleo = Hub(), Ear(), Ear()
    hub.subscribe(ada, ["everyone", "team:1"])
    hub.subscribe(cleo, ["everyone", "team:2"])

    hub.deliver({"audience": "team:1", "text": "one"})
    hub.deliver({"audience": "everyone", "text": "all"})

    assert ada.heard == ["one", "all"]
    assert cleo.heard == ["all"]


def test_the_hub_forgets_who_left() -> None:
    hub, ada = Hub(), Ear()
    hub.subscribe(ada, ["team:1"])
    hub.unsubscribe(ada)

    hub.deliver({"audience": "team:1", "text": "one"})

    assert ada.heard == []
    assert hub.connections == 0


def test_the_hub_asks_again_for_the_rights_of_one_user() -> None:
    hub, ada, cleo = Hub(), Ear(user_pk=1), Ear(user_pk=2)
    hub.subscribe(ada, ["everyone"])
    hub.subscribe(cleo, ["everyone"])

    hub.deliver({"user": 1})

    assert (ada.rechecks, cleo.rechecks) == (1, 0)
