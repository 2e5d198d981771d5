from collections.abc import Callable
from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from teams import rules
from teams.enums import HelpKind, HelpState
from teams.errors import HelpRefusal
from teams.models import HelpRequest
from teams.services import calls
from tests.concurrency.test_last_seat import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5


@pytest.fixture
def call(comunik, ada) -> HelpRequest:
    return calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=NOON)


@pytest.fixture
def helpers(dan, diane) -> list[User]:
    return [dan.user, diane.user]


def result_of(act: Callable[[User], object]) -> Callable[[User], str]:
    def run(user: User) -> str:
        try:
            act(user)
        except Refused as refused:
            return refused.refusal.code.value
        return "done"

    return run


@pytest.mark.postgres
def test_without_the_lock_two_helpers_claim_one_call(call, helpers):
    both_have_read = Barrier(2, timeout=PATIENCE)

    def claim_without_lock(helper: User) -> None:
        with transaction.atomic():
            seen = HelpRequest.objects.get(pk=call.pk)
            refusal = rules.claim_refusal(seen, serves=True, by=helper)
            both_have_read.wait()
            assert refusal is None
            seen.state, seen.claimed_by, seen.claimed_at = HelpState.CLAIMED, helper, NOON
            seen.save()

    assert at_once(result_of(claim_without_lock), helpers) == ["done", "done"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_helpers_at_once_one_gets_the_call(call, helpers, round_):
    answers = at_once(result_of(lambda by: calls.claim(call=call, by=by, at=NOON)), helpers)

    assert answers == ["done", HelpRefusal.TAKEN]
    call.refresh_from_db()
    assert (call.state, call.claimed_by in helpers) == (HelpState.CLAIMED, True)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_members_at_once_one_makes_a_call(comunik, ada, ben, round_):
    def act(by: User) -> None:
        calls.request(team=comunik, kind=HelpKind.CLIENT, by=by, at=NOON)

    assert at_once(result_of(act), [ada, ben]) == ["done", HelpRefusal.ALREADY_OPEN]
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_call_claimed_while_the_team_withdraws_it(call, dan, ben, round_):
    def act(by: User) -> None:
        verb = calls.withdraw if by == ben else calls.claim
        verb(call=call, by=by, at=NOON)

    answers = at_once(result_of(act), [dan.user, ben])

    # The claim came too late, or before the withdrawal.
    assert answers in (["done", HelpRefusal.CLOSED], ["done", "done"])
    call.refresh_from_db()
    assert call.state == HelpState.WITHDRAWN
