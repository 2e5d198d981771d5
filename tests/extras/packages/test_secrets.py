"""The brief is in its package, and only who has the key can read it there."""

from datetime import timedelta

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.urls import reverse

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief
from hackathon.event.editions.services import briefs
from hackathon.extras.packages import periodic
from hackathon.extras.packages.models import BriefPackage
from tests.access.roles import EVERYBODY, ORGANIZER, browser_of, person_of
from tests.conftest import NOON
from tests.extras.packages.steps import make_package, open_package, sent_bytes, write_brief
from tests.responses import MARKER
from tests.site.sockets import connected

INSTANT = NOON + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def secret(world, eve) -> Brief:
    """With the attachment of the world, and another one."""
    brief = write_brief(world.objects["department"], eve, title=MARKER, published_at=INSTANT)
    briefs.attach(brief=brief, file=received_file(b"%PDF x", f"{MARKER}.pdf"), by=eve, at=NOON)
    return brief


@pytest.fixture
def package(secret) -> BriefPackage:
    return make_package(secret.department)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["ada", "dan"])
def test_the_package_opens_at_the_instant_with_the_attachments_byte_for_byte(
    role, secret, package, request
):
    browser, url = browser_of(role, request), reverse("packages:content", args=[package.pk])

    with time_machine.travel(INSTANT - SECOND, tick=False):
        fetched = browser.get(url).getvalue()
    with time_machine.travel(INSTANT, tick=False):
        key = browser.get(reverse("packages:key", args=[package.pk])).json()["key"]

    assert fetched == sent_bytes(package)
    assert MARKER.encode() not in fetched
    opened = open_package(package, key)
    assert (opened.title, opened.html) == (MARKER, secret.html)
    kept = list(secret.attachments.all())
    assert [a["name"] for a in opened.attachments] == [a.filename for a in kept]
    assert opened.files == [sent_bytes(a) for a in kept]


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.parametrize("role", sorted(EVERYBODY - ORGANIZER))
async def test_no_socket_gets_the_key_before_the_instant(role, package, request, loner):
    user = None if role == "anonymous" else await database_sync_to_async(person_of)(role, request)
    socket = await connected(user)

    with time_machine.travel(INSTANT - SECOND, tick=False):
        await database_sync_to_async(periodic.unlock_packages)()
        await socket.send({"type": "resume", "after": 0})
        heard = [str(await socket.receive())]
        while "live.resumed" not in heard[-1]:  # the last message of the replay
            heard.append(str(await socket.receive()))
        heard += [str(message) for message in await socket.receive_all()]
    await socket.disconnect()

    assert not any(package.key in message for message in heard)
