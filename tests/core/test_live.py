"""Messages are written with their change, silent after a rollback, and told once."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hackathon.core import clock, live, tasks
from hackathon.core.models import LiveMessage
from hackathon.core.sockets import buffer as tail
from hackathon.core.sockets import hub as hub_module
from hackathon.core.sockets.hub import Hub
from tests.conftest import NOON

pytestmark = pytest.mark.database


class Ear:
    """A connection that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.rechecks = 0

    def offer(self, message: dict) -> None:
        self.heard.append(message["text"])

    def recheck(self) -> None:
        self.rechecks += 1


def write(*audiences: str, ago: timedelta = timedelta()) -> LiveMessage:
    """A message written `ago`."""
    message = LiveMessage.objects.create(
        audiences=LiveMessage.spelt(audiences), type="test.said", at=NOON
    )
    LiveMessage.objects.filter(pk=message.pk).update(written_at=clock.now() - ago)
    return message


@pytest.mark.django_db
def test_a_message_is_a_row_of_its_change() -> None:
    with transaction.atomic():
        live.publish(live.EVERYONE, "edition.changed", {"at": NOON}, at=NOON)

    message = LiveMessage.objects.get()
    assert (message.heard_by, message.type) == (("everyone",), "edition.changed")
    assert message.data == {"at": "2020-02-13T12:00:00Z"}


@pytest.mark.django_db
def test_to_several_audiences_it_is_one_row_and_one_statement() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        live.publish(["team:1", "organizers", "team:1"], "membership.changed", {}, at=NOON)

    assert len(queries) == 1
    assert LiveMessage.objects.get().heard_by == ("team:1", "organizers")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        live.publish(live.EVERYONE, "edition.changed", {}, at=NOON)
        raise ZeroDivisionError

    assert not LiveMessage.objects.exists()


# ---------------------------------------------------------------- what was missed


@pytest.mark.django_db
def test_a_resume_gets_its_audiences_only_with_some_overlap() -> None:
    old = write("everyone", ago=timedelta(hours=1))
    near = write("everyone", ago=timedelta(seconds=5))
    seen = write("everyone")
    other = write("team:1")
    longer = write("team:22", "team:12")
    new = write("organizers", "team:2")

    missed = live.missed(["everyone", "team:2"], after=seen.pk)

    assert missed.messages == [near, seen, new]
    assert missed.complete
    assert not {old, other, longer} & set(missed.messages)


@pytest.mark.django_db
def test_what_was_written_long_after_its_instant_is_in_the_overlap() -> None:
    late = write("everyone")  # of NOON, years ago
    seen = write("everyone")

    assert live.missed(["everyone"], after=seen.pk).messages == [late, seen]


@pytest.mark.django_db
def test_more_than_is_replayed_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "REPLAYED_AT_MOST", 3)
    messages = [write("everyone", ago=timedelta(minutes=3 - n)) for n in range(4)]

    enough = live.missed(["everyone"], after=messages[1].pk)
    too_many = live.missed(["everyone"], after=messages[0].pk)

    assert (enough.messages, enough.complete) == (messages[1:], True)
    assert (too_many.messages, too_many.complete) == (messages[1:], False)


@pytest.mark.django_db
def test_who_was_away_longer_than_messages_are_kept_hears_that_it_is_not_all() -> None:
    forgotten = write("everyone", ago=tasks.LIVE_KEPT + timedelta(minutes=1))
    also = write("everyone", ago=tasks.LIVE_KEPT + timedelta(minutes=1))
    kept = write("everyone")
    tasks.prune()

    assert list(LiveMessage.objects.all()) == [kept]
    assert not live.missed(["everyone"], after=forgotten.pk).complete
    assert live.missed(["everyone"], after=also.pk).complete  # the last that was forgotten
    assert not live.missed(["everyone"], after=kept.pk + 5).complete  # of another database


@pytest.mark.django_db
def test_the_newest_message_is_never_forgotten() -> None:
    seen = write("everyone", ago=tasks.LIVE_KEPT * 3)
    newest = write("everyone", ago=tasks.LIVE_KEPT * 2)

    tasks.prune()

    assert list(LiveMessage.objects.all()) == [newest]
    assert not live.missed(["everyone"], after=seen.pk - 1).complete


@pytest.mark.django_db
def test_where_nothing_was_ever_said_nothing_was_missed() -> None:
    assert live.missed(["everyone"], after=0) == live.Missed([], complete=True)
    assert not live.missed(["everyone"], after=1).complete


@pytest.mark.django_db
def test_what_is_taken_back_is_not_told_again() -> None:
    with transaction.atomic():
        live.publish("everyone", "test.said", {"id": 1, "text": "a slip"}, at=NOON)
        live.publish("everyone", "test.said", {"id": 2}, at=NOON)

    with transaction.atomic():
        live.forget("test.said", at=NOON, id=1)
        live.publish("everyone", "test.withdrawn", {"id": 1}, at=NOON)

    missed = live.missed(["everyone"], after=0).messages
    assert [(m.type, m.data) for m in missed] == [
        ("test.said", {"id": 2}),
        ("test.withdrawn", {"id": 1}),
    ]
    forgotten = LiveMessage.objects.get(type=live.FORGOTTEN)
    assert forgotten.heard_by == ()
    assert "slip" not in str(forgotten.data)


# ---------------------------------------------------------------- the tail in memory


def told(pk: int, *audiences: str, text: str = "") -> dict:
    """A message as the layer brings it."""
    heard_by = audiences or ("everyone",)
    return {"id": pk, "audiences": heard_by, "text": text or str(pk), "forgets": ()}


def filled(*ids: int, floor: int = 0) -> tail.MessageBuffer:
    """A tail to which these became known, one a minute."""
    made = tail.MessageBuffer(floor)
    for minute, pk in enumerate(ids):
        made.add(told(pk), known_at=60.0 * minute)
    return made


def test_the_tail_gives_what_is_newer() -> None:
    assert [t.id for t in filled(4, 5, 6, 7).since(5)] == [5, 6, 7]
    assert [t.id for t in filled(4, 5, 6, 7).since(0)] == [4, 5, 6, 7]


def test_the_tail_gives_what_became_known_since_whatever_its_id() -> None:
    assert [t.id for t in filled(1, 5, 3).since(5)] == [3, 5]


def test_the_tail_knows_how_far_it_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "KEPT", 2)
    known = filled(4, 5, 6, floor=3)

    assert [known.reaches(after) for after in (-1, 3, 4, 5, 6, 7, 2**70)] == [
        *(False, False),
        *(True, True, True),
        *(False, False),
    ]
    assert known.add(told(4)) is None  # too old, and not told a second time


def test_the_tail_gives_what_came_since_a_mark() -> None:
    known = filled(4, 5)
    mark = known.mark
    known.add(told(3))

    assert [t.id for t in known.since_mark(mark)] == [3]
    assert known.since_mark(known.mark) == []


def test_the_tail_keeps_nothing_of_what_was_taken_back() -> None:
    known = filled(1, 2, 3)
    mark = known.mark

    known.add({**told(4), "audiences": (), "forgets": [2, 77]})

    assert [(t.id, t.message) for t in known.since(0) if not t.audiences][:1] == [(2, {})]
    assert [t.id for t in known.since(0) if t.audiences] == [1, 3]
    assert [t.id for t in known.since_mark(mark)] == [4]
    assert not known.lacks(2)


# ---------------------------------------------------------------- the hub


def test_the_hub_delivers_to_an_audience_only() -> None:
    hub, ada, cleo = Hub(), Ear(), Ear()
    hub.subscribe(ada, ["everyone", "team:1"])
    hub.subscribe(cleo, ["everyone", "team:2"])

    asyncio.run(hub.deliver([told(1, "team:1", text="one"), told(2, text="all")]))

    assert ada.heard == ["one", "all"]
    assert cleo.heard == ["all"]


def test_the_hub_tells_once_who_is_in_several_audiences() -> None:
    hub, eve = Hub(), Ear()
    hub.subscribe(eve, ["everyone", "organizers", "jury:1"])

    asyncio.run(hub.deliver([told(1, "team:1", "organizers", "jury:1")]))

    assert eve.heard == ["1"]


def test_the_hub_tells_once_what_comes_twice() -> None:
    hub, ada = Hub(), Ear()
    hub.subscribe(ada, ["everyone"])

    asyncio.run(hub.deliver([told(1), told(2)]))
    asyncio.run(hub.deliver([told(2), told(3)]))

    assert ada.heard == ["1", "2", "3"]


def test_who_loses_the_right_while_others_are_told_hears_nothing() -> None:
    hub = Hub()

    class Meddler(Ear):
        """The first to be told takes the right away from all others."""

        def offer(self, message: dict) -> None:
            super().offer(message)
            for ear in ears:
                hub.expect(ear)

    ears = [Meddler() for _ in range(hub_module.TOLD_AT_ONCE * 3)]
    for ear in ears:
        hub.subscribe(ear, ["team:1"])
    asyncio.run(hub.deliver([told(1, "team:1")]))

    assert sum(len(ear.heard) for ear in ears) == 1


def test_the_hub_forgets_who_left() -> None:
    hub, ada = Hub(), Ear()
    hub.subscribe(ada, ["team:1"], user_pk=1)
    hub.unsubscribe(ada)

    asyncio.run(hub.deliver([told(1, "team:1"), {"user": 1}]))

    assert (ada.heard, ada.rechecks, hub.connections) == ([], 0, 0)


def test_the_hub_asks_again_for_the_rights_of_one_user() -> None:
    hub, ada, cleo, somebody = Hub(), Ear(), Ear(), Ear()
    hub.subscribe(ada, ["everyone"], user_pk=1)
    hub.subscribe(cleo, ["everyone"], user_pk=2)
    hub.expect(somebody)

    asyncio.run(hub.deliver([{"user": 1}]))

    assert (ada.rechecks, cleo.rechecks, somebody.rechecks) == (1, 0, 1)


def test_of_whom_nothing_is_known_hears_nothing() -> None:
    hub, ada = Hub(), Ear()
    hub.subscribe(ada, ["everyone"], user_pk=1)
    hub.expect(ada)

    asyncio.run(hub.deliver([told(1)]))

    assert ada.heard == []
    assert hub.connections == 1
