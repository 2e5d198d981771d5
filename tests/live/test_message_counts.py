import pytest

from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE
from hackathon.base.live.message_counts import MessageCounts
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PIZZAS = "pizza"


@pytest.fixture(autouse=True)
def fragments_are_cached(settings) -> None:
    settings.FRAGMENTS_CACHED = True


def bake(pk: int | None = None) -> None:
    LiveMessage.objects.create(pk=pk, audiences="|everyone|", type="pizza.baked", at=NOON)


def test_only_messages_of_its_nouns_and_deletions_make_what_was_rendered_invalid():
    counts = MessageCounts()
    bake()
    before = counts.read()

    messages.publish(EVERYONE, "window.changed", {}, at=NOON)
    after_another = counts.read()
    bake()
    after_its_own = counts.read()
    messages.delete("pizza.baked", at=NOON)
    after_deletion = counts.read()

    assert after_another.last > before.last
    found = [c.version(PIZZAS) for c in (before, after_another, after_its_own, after_deletion)]
    assert found[0] == found[1]
    assert len(set(found)) == 3
    assert counts.read().version(PIZZAS) == found[-1]


def test_a_message_that_is_committed_after_a_newer_one_counts(monkeypatch):
    """Ids are given before the commit."""
    counts = MessageCounts()
    bake()
    last = counts.read().last
    newest = LiveMessage.objects.create(
        pk=last + 2, audiences="|everyone|", type="window.changed", at=NOON
    )
    monkeypatch.setattr(messages, "last_id_and_whether_settled", lambda: (newest.pk, False))
    before = counts.read().version(PIZZAS)

    bake(last + 1)

    monkeypatch.undo()
    assert counts.read().version(PIZZAS) != before


def test_nothing_is_valid_after_a_restore_of_the_database(monkeypatch):
    # On PostgreSQL transactions of other databases count as in progress.
    last_id = messages.last_id_and_whether_settled
    settled = lambda: (last_id()[0], True)  # noqa: E731
    monkeypatch.setattr(messages, "last_id_and_whether_settled", settled)
    counts = MessageCounts()
    bake()
    before = counts.read().version(PIZZAS)
    LiveMessage.objects.all().delete()
    after = counts.read().version(PIZZAS)
    bake(1)

    assert after != before
    assert counts.read().version(PIZZAS) not in (before, after)


def test_a_request_that_was_overtaken_does_not_take_it_for_a_restore(monkeypatch):
    """It read the newest id, then another request counted a newer message."""
    counts = MessageCounts()
    bake()
    last = messages.last_id()
    monkeypatch.setattr(messages, "last_id_and_whether_settled", lambda: (last, True))
    newest = counts.read()
    answers = iter([(newest.last - 1, True), (newest.last, True)])
    monkeypatch.setattr(messages, "last_id_and_whether_settled", lambda: next(answers))

    overtaken = counts.read()

    assert overtaken.version(PIZZAS) == newest.version(PIZZAS)
    assert overtaken.last == newest.last
