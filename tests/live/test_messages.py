import asyncio
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hackathon.base.core import clock
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import buffer, messages
from hackathon.base.live import hub as hub_module
from hackathon.base.live.audiences import EVERYONE
from hackathon.base.live.hub import Hub
from hackathon.base.live.periodic import LIVE_KEPT, forget_messages
from tests.conftest import NOON
from tests.waiting import PATIENCE


class FakeSocket:
    def __init__(self, *without: str) -> None:
        self.without = frozenset(without)
        self.received: list[str] = []
        self.rechecks = 0

    def offer(self, text: str) -> None:
        self.received.append(text)

    def recheck(self) -> None:
        self.rechecks += 1


def write(*audiences: str, ago: timedelta = timedelta()) -> LiveMessage:
    message = LiveMessage.objects.create(
        audiences=LiveMessage.join(audiences), type="test.sent", at=NOON
    )
    LiveMessage.objects.filter(pk=message.pk).update(written_at=clock.now() - ago)
    return message


@pytest.mark.django_db
def test_a_message_is_a_row_of_its_change():
    with transaction.atomic():
        messages.publish(EVERYONE, "edition.changed", {"at": NOON}, at=NOON)

    message = LiveMessage.objects.get()
    assert (message.audience_names, message.type) == (("everyone",), "edition.changed")
    assert message.data == {"at": "2020-02-13T12:00:00Z"}


@pytest.mark.database
@pytest.mark.django_db
def test_to_several_audiences_it_is_one_row_and_one_statement():
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        messages.publish(["team:1", "organizers", "team:1"], "membership.changed", {}, at=NOON)

    assert len(queries) == 1
    assert LiveMessage.objects.get().audience_names == ("team:1", "organizers")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        messages.publish(EVERYONE, "edition.changed", {}, at=NOON)
        raise ZeroDivisionError

    assert not LiveMessage.objects.exists()


# ---------------------------------------------------------------- missed messages


@pytest.mark.django_db
def test_a_resume_gets_its_audiences_only_with_some_overlap():
    old = write("everyone", ago=timedelta(hours=1))
    near = write("everyone", ago=timedelta(seconds=5))
    seen = write("everyone")
    other = write("team:1")
    longer = write("team:22", "team:12")
    new = write("organizers", "team:2")

    missed = messages.missed(["everyone", "team:2"], after=seen.pk)

    assert missed.messages == [near, seen, new]
    assert missed.complete
    assert not {old, other, longer} & set(missed.messages)


@pytest.mark.database
@pytest.mark.django_db
def test_the_overlap_counts_from_the_instant_of_writing():
    late = write("everyone")  # its `at` is years ago
    seen = write("everyone")

    assert messages.missed(["everyone"], after=seen.pk).messages == [late, seen]


@pytest.mark.django_db
def test_more_messages_than_are_replayed_are_not_complete(monkeypatch):
    monkeypatch.setattr(messages, "MAX_REPLAYED", 3)
    written = [write("everyone", ago=timedelta(minutes=3 - n)) for n in range(4)]

    enough = messages.missed(["everyone"], after=written[1].pk)
    too_many = messages.missed(["everyone"], after=written[0].pk)

    assert (enough.messages, enough.complete) == (written[1:], True)
    assert (too_many.messages, too_many.complete) == (written[1:], False)


@pytest.mark.database
@pytest.mark.django_db
def test_after_messages_were_pruned_a_resume_is_not_complete():
    pruned = write("everyone", ago=LIVE_KEPT + timedelta(minutes=1))
    also = write("everyone", ago=LIVE_KEPT + timedelta(minutes=1))
    kept = write("everyone")
    forget_messages()

    assert list(LiveMessage.objects.all()) == [kept]
    assert not messages.missed(["everyone"], after=pruned.pk).complete
    assert messages.missed(["everyone"], after=also.pk).complete  # the last one that was pruned
    assert not messages.missed(["everyone"], after=kept.pk + 5).complete  # of another database


@pytest.mark.database
@pytest.mark.django_db
def test_the_newest_message_is_never_pruned():
    seen = write("everyone", ago=LIVE_KEPT * 3)
    newest = write("everyone", ago=LIVE_KEPT * 2)

    forget_messages()

    assert list(LiveMessage.objects.all()) == [newest]
    assert not messages.missed(["everyone"], after=seen.pk - 1).complete


@pytest.mark.django_db
def test_of_an_old_newest_message_only_its_id_stays():
    newest = write("everyone", ago=LIVE_KEPT * 2)
    LiveMessage.objects.update(data={"text": "Ada"})

    forget_messages()

    newest.refresh_from_db()
    assert newest.data == {}
    assert not messages.missed(["everyone"], after=newest.pk - 1).messages


@pytest.mark.django_db
def test_without_any_message_nothing_was_missed():
    assert messages.missed(["everyone"], after=0) == messages.Missed([], complete=True)
    assert not messages.missed(["everyone"], after=1).complete


@pytest.mark.django_db
def test_a_deleted_message_is_not_replayed():
    with transaction.atomic():
        messages.publish("everyone", "test.sent", {"id": 1, "text": "a slip"}, at=NOON)
        messages.publish("everyone", "test.sent", {"id": 2}, at=NOON)

    with transaction.atomic():
        messages.delete("test.sent", at=NOON, id=1)
        messages.publish("everyone", "test.retracted", {"id": 1}, at=NOON)

    missed = messages.missed(["everyone"], after=0).messages
    assert [(m.type, m.data) for m in missed] == [
        ("test.sent", {"id": 2}),
        ("test.retracted", {"id": 1}),
    ]
    deletion = LiveMessage.objects.get(type=messages.DELETED)
    assert deletion.audience_names == ()
    assert "slip" not in str(deletion.data)


# ---------------------------------------------------------------- the buffer


def event(pk: int, *audiences: str, text: str = "") -> dict:
    return {
        "id": pk,
        "type": "test.published",
        "audiences": audiences or ("everyone",),
        "text": text or str(pk),
        "deletes": (),
    }


def filled(*ids: int, floor: int = 0) -> buffer.MessageBuffer:
    made = buffer.MessageBuffer(floor)
    for minute, pk in enumerate(ids):
        made.add(event(pk), known_at=60.0 * minute)
    return made


def test_the_buffer_returns_newer_messages():
    assert [t.id for t in filled(4, 5, 6, 7).since(5)] == [5, 6, 7]
    assert [t.id for t in filled(4, 5, 6, 7).since(0)] == [4, 5, 6, 7]


def test_the_buffer_returns_messages_that_became_known_later_with_a_smaller_id():
    assert [t.id for t in filled(1, 5, 3).since(5)] == [3, 5]


def test_the_buffer_knows_which_ids_it_reaches(monkeypatch):
    monkeypatch.setattr(buffer, "SIZE", 2)
    known = filled(4, 5, 6, floor=3)

    assert [known.reaches(after) for after in (-1, 3, 4, 5, 6, 7, 2**70)] == [
        *(False, False),
        *(True, True, True),
        *(False, False),
    ]
    assert known.add(event(4)) is None  # evicted, and not sent again


def test_the_buffer_returns_messages_since_a_mark():
    known = filled(4, 5)
    mark = known.mark
    known.add(event(3))

    assert [t.id for t in known.since_mark(mark)] == [3]
    assert known.since_mark(known.mark) == []


def test_the_buffer_keeps_nothing_of_deleted_messages():
    known = filled(1, 2, 3)
    mark = known.mark

    known.add({**event(4), "audiences": (), "deletes": [2, 77]})

    assert [(t.id, t.text) for t in known.since(0) if not t.audiences][:1] == [(2, "")]
    assert [t.id for t in known.since(0) if t.audiences] == [1, 3]
    assert [t.id for t in known.since_mark(mark)] == [4]
    assert not known.lacks(2)


# ---------------------------------------------------------------- the hub


def test_the_hub_delivers_to_an_audience_only():
    hub, ada, cleo = Hub(), FakeSocket(), FakeSocket()
    hub.subscribe(ada, ["everyone", "team:1"])
    hub.subscribe(cleo, ["everyone", "team:2"])

    asyncio.run(hub.deliver([event(1, "team:1", text="one"), event(2, text="all")]))

    assert ada.received == ["one", "all"]
    assert cleo.received == ["all"]


def test_a_socket_with_several_audiences_gets_a_message_once():
    hub, eve = Hub(), FakeSocket()
    hub.subscribe(eve, ["everyone", "organizers", "jury:1"])

    asyncio.run(hub.deliver([event(1, "team:1", "organizers", "jury:1")]))

    assert eve.received == ["1"]


def test_an_event_that_is_received_twice_is_sent_once():
    hub, ada = Hub(), FakeSocket()
    hub.subscribe(ada, ["everyone"])

    asyncio.run(hub.deliver([event(1), event(2)]))
    asyncio.run(hub.deliver([event(2), event(3)]))

    assert ada.received == ["1", "2", "3"]


def test_a_socket_that_loses_its_rights_during_the_fan_out_gets_nothing():
    hub = Hub()

    class Revoking(FakeSocket):
        def offer(self, text: str) -> None:
            super().offer(text)
            for one in sockets:
                hub.expect(one)

    sockets = [Revoking() for _ in range(hub_module.BATCH_SIZE * 3)]
    for one in sockets:
        hub.subscribe(one, ["team:1"])
    asyncio.run(hub.deliver([event(1, "team:1")]))

    assert sum(len(one.received) for one in sockets) == 1


def test_a_socket_that_was_unsubscribed_gets_nothing():
    hub, ada = Hub(), FakeSocket()
    hub.subscribe(ada, ["team:1"], user_pk=1)
    hub.unsubscribe(ada)

    asyncio.run(hub.deliver([event(1, "team:1"), {"user": 1}]))

    assert (ada.received, ada.rechecks, hub.connections) == ([], 0, 0)


def test_an_event_about_a_user_rechecks_the_sockets_of_that_user():
    hub, ada, cleo, unknown = Hub(), FakeSocket(), FakeSocket(), FakeSocket()
    hub.subscribe(ada, ["everyone"], user_pk=1)
    hub.subscribe(cleo, ["everyone"], user_pk=2)
    hub.expect(unknown)

    asyncio.run(hub.deliver([{"user": 1}]))

    assert (ada.rechecks, cleo.rechecks, unknown.rechecks) == (1, 0, 1)


def test_a_socket_whose_rights_are_being_read_gets_nothing():
    hub, ada = Hub(), FakeSocket()
    hub.subscribe(ada, ["everyone"], user_pk=1)
    hub.expect(ada)

    asyncio.run(hub.deliver([event(1)]))

    assert ada.received == []
    assert hub.connections == 1


@pytest.mark.django_db
def test_what_could_not_be_read_is_read_the_next_time(monkeypatch):
    """Also if it is older than the overlap, since Redis was away for longer."""
    hub = Hub()
    hub._read_until = clock.now() - timedelta(minutes=2)
    rows = [write("everyone", ago=timedelta(minutes=1)), write("everyone")]

    def fail(**_lookup: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(LiveMessage.objects, "filter", fail)
        broken.setattr(
            messages, "written_since", lambda _instant: {r.pk: clock.now() for r in rows}
        )
        with pytest.raises(DatabaseError):
            hub._read_missing()

    assert hub._read_missing() == rows


@pytest.mark.django_db
def test_messages_from_the_database_are_measured_too(monkeypatch):
    """Without Redis. From their writing, or from the last time that they were not found."""
    observed: list[float] = []
    hub = Hub()
    before = hub._read_at
    _old, new = write("everyone", ago=timedelta(minutes=1)), write("everyone")
    new.refresh_from_db()
    rows = hub._read_missing()

    async def read() -> list[LiveMessage]:
        return rows

    monkeypatch.setattr(hub_module, "database_sync_to_async", lambda _function: read)
    monkeypatch.setattr(hub_module, "_observe", observed.append)

    asyncio.run(hub.catch_up())

    assert observed == [before, max(before, new.written_at.timestamp())]
    assert hub._read_at >= before


def test_the_hub_goes_on_to_follow_the_database_after_any_error(monkeypatch, caplog):
    monkeypatch.setattr(hub_module, "CATCH_UP_SECONDS", 0.001)
    hub = Hub()

    async def follow() -> None:
        again = asyncio.Event()
        calls: list[None] = []

        async def catch_up() -> None:
            calls.append(None)
            if len(calls) == 1:
                raise RuntimeError("unexpected error")
            again.set()

        monkeypatch.setattr(hub, "catch_up", catch_up)
        task = asyncio.create_task(hub._follow_database())
        async with asyncio.timeout(PATIENCE):
            await again.wait()
        task.cancel()

    asyncio.run(follow())

    assert "unexpected error" in caplog.text
