from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from bench.call_paths.called import modules_called
from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.models import Criterion, Juror, Score
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON
from tests.judging.scoring.test_tablet_pages import SYNC, change, post
from tests.site.sockets import connected
from tests.submissions.tus.wire import Tus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
SOCKET = "hackathon/base/live/connection.py:offer"


def show(title: str, visits: dict[str, int]) -> None:
    lines = [f"{number:3} {module}" for module, number in visits.items()]
    of_core = sum(module.startswith("hackathon/base/core/") for module in visits)
    numbers = f"{len(visits)} modules, {of_core} of them of core, {sum(visits.values())} visits"
    print(f"\n{title}: {numbers}", *lines, sep="\n  ")


def test_from_the_last_bytes_of_an_upload_to_the_receipt(tus: Tus, dossier: Deliverable) -> None:
    url = tus.begun(dossier, 5)
    receipt = "submissions/receipts/services.py:issue"
    with modules_called(since="submissions/tus/app.py", until=receipt) as modules:
        answer = tus.patch(url, 0, b"%PDF-")

    assert answer.headers["Submission-Version"] == "1"
    show("PATCH /uploads/ to the receipt", modules)


@pytest.mark.usefixtures("night")
def test_from_a_tablet_to_the_row(
    client_of: Callable[[User], Client], dan: Juror, comunik: Team, criteria: list[Criterion]
) -> None:
    browser = client_of(dan.user)
    body = {"for": dan.user.pk, "changes": [change(comunik, criteria[0], "14")]}
    row = "judging/scoring/services/sheets.py:_write_score"
    with modules_called(since="judging/scoring/views/tablet.py", until=row) as modules:
        post(browser, SYNC, body)

    assert Score.objects.get().value == 14
    show("a tablet's mark to its row", modules)


async def signed_in(user: User) -> Client:
    browser = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    await sync_to_async(browser.force_login)(user, backend)
    return browser


async def send(browser: Client, address: str, body: dict[str, Any], since: str) -> dict[str, int]:
    with modules_called(since=since, until=SOCKET) as modules:
        answer = await sync_to_async(browser.post)(address, body)

    assert answer.status_code == 302
    return modules


@pytest.mark.asyncio
async def test_from_the_form_of_an_announcement_to_an_open_page(
    comunik: Team, ada: User, eve: User, edition: Edition
) -> None:
    browser, socket = await signed_in(eve), await connected(ada)
    sent = {"audience": "everyone", "body": "Salle 104", "when": "now"}
    with time_machine.travel(NOON, tick=True):
        address = reverse("announcements:new")
        asked = await sync_to_async(browser.post)(address, sent)
        sent["confirmed"] = asked.context["move"].key
        modules = await send(browser, address, sent, "hackathon/day/announcements/views.py")
        await socket.receive_until("announcement.published")

    show("an announcement's form to an open page", modules)
    await socket.disconnect()


@pytest.mark.asyncio
async def test_from_a_moved_deadline_to_an_open_page(
    comunik: Team, ada: User, eve: User, edition: Edition
) -> None:
    browser, socket = await signed_in(eve), await connected(ada)
    with time_machine.travel(NOON, tick=True):
        address = reverse("control_room:move")
        page = await sync_to_async(browser.get)(address)
        sent = {"confirmed": page.context["quick"][1].key}
        modules = await send(browser, address, sent, "hackathon/day/control_room/views.py")
        await socket.receive_until("edition.changed")

    show("a moved deadline to an open page", modules)
    await socket.disconnect()
