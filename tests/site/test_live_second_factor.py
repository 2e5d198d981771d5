"""Messages to organizers wait for the second factor, by the socket and by polling."""

import re

import pytest
from channels.db import database_sync_to_async
from django.core.cache import cache
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.live.audiences import ORGANIZERS
from tests.accounts.test_second_factor import FACTORS, code_of, with_application
from tests.conftest import prove
from tests.site.sockets import connected
from tests.site.test_live_rights import receives, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def polled(browser: Client) -> set[str]:
    """Types of all messages that the browser is given."""
    answer = browser.get("/api/v1/live/", {"after": 0, "shows": ""}).json()
    return {message["type"] for message in answer["messages"]}


@database_sync_to_async
def add_factor(user: User, browser: Client) -> str:
    """Its secret. It is not given yet."""
    prove(browser, user)
    return with_application(user, browser)


@database_sync_to_async
def give(browser: Client, secret: str) -> None:
    cache.clear()  # each code works once
    answer = browser.post(f"{FACTORS}preuve/", {"code": code_of(secret)})
    assert answer.status_code == 302


@database_sync_to_async
def rights_of_a_page(browser: Client) -> str:
    found = re.search('data-rights="([0-9a-f]+)"', browser.get("/annonces/").content.decode())
    assert found
    return found[1]


@pytest.mark.asyncio
async def test_a_session_without_the_factor_receives_what_organizers_do_once_it_was_given(
    edition, eve
):
    (proved, its_cookie), (browser, cookie) = await signed_in(eve), await signed_in(eve)
    secret = await add_factor(eve, proved)
    await give(proved, secret)
    socket, other = await connected(cookie=cookie), await connected(cookie=its_cookie)

    before = [await receives(one, ORGANIZERS) for one in (socket, other)]
    read = [await polled(one) for one in (browser, proved)]
    marks = [await rights_of_a_page(browser), socket.ready_message["data"]["rights"]]
    await give(browser, secret)

    assert before == [False, True]
    assert ["test.secret" in types for types in read] == [False, True]
    assert marks[0] == marks[1]
    assert await receives(socket, ORGANIZERS)
    assert "test.secret" in await polled(browser)
    await socket.disconnect()
    await other.disconnect()


@pytest.mark.asyncio
async def test_where_it_is_required_organizers_hear_nothing_until_they_have_one(
    edition, eve, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    browser, cookie = await signed_in(eve)
    socket = await connected(cookie=cookie)

    before = await receives(socket, ORGANIZERS)
    secret = await add_factor(eve, browser)
    await give(browser, secret)

    assert not before
    assert await receives(socket, ORGANIZERS)
    await socket.disconnect()
