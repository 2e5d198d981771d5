"""Two members of a team answer at once: the second one knows the answer of the first."""

from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from teams.enums import Circle, ReceiptMails
from teams.live import works_changed
from teams.models import Membership
from teams.services import membership as memberships
from tests.concurrency.test_last_seat import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5


def published_circles() -> list[int]:
    sent = LiveMessage.objects.filter(type="work.changed").order_by("pk")
    return [message.data["circle"] for message in sent]


@pytest.mark.postgres
def test_without_the_lock_no_message_says_that_all_agree(edition, comunik, ada, ben):
    both_have_agreed = Barrier(2, timeout=PATIENCE)

    def agree_without_lock(by: User) -> str:
        with transaction.atomic():
            Membership.objects.filter(user=by).update(shows_works_to=Circle.EDITION)
            both_have_agreed.wait()
            works_changed(comunik, at=NOON)
            both_have_agreed.wait()
        return "done"

    at_once(agree_without_lock, [ada, ben])

    assert published_circles() == [Circle.NOBODY, Circle.NOBODY]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_the_last_of_two_who_agree_at_once_tells_that_all_do(edition, comunik, ada, ben, round_):
    def agree(by: User) -> str:
        membership = Membership.objects.select_related("team").get(user=by)
        choice = {"receipt_mails": ReceiptMails.NONE, "shows_works_to": Circle.EDITION}
        memberships.choose(membership, at=NOON, **choice)
        return "done"

    at_once(agree, [ada, ben])

    assert published_circles() == [Circle.EDITION]  # once: the first answer alone shows nothing
