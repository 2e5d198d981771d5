import logging
import re
from datetime import timedelta

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.http import HttpResponse
from django.urls import reverse

from hackathon.base.core.logs import logging_config
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs, schedule
from hackathon.event.partners import services as partners
from submissions.extensions import services as extensions
from teams.services import membership
from tests.access.roles import (
    EVERYBODY,
    ORGANIZER,
    READER,
    browser_of,
    held_back,
    person_of,
)
from tests.announcements.steps import announce
from tests.conftest import NOON, make_user
from tests.extras import all_cases
from tests.questions.conftest import asked_in_secret
from tests.responses import MARKER, responses_of_the_site, whole_response
from tests.site.sockets import connected

pytestmark = pytest.mark.system  # extras may start processes, such as for the length of a film
OUTSIDERS = sorted(EVERYBODY - ORGANIZER - READER)
# What an address answers to HEAD and to other methods does not depend on the person.
ASK_ALL_METHODS = {"anonymous", "ada"}


@pytest.fixture
def secret(world, edition, eve) -> Brief:
    brief = briefs.write(
        department=world.objects["department"],
        title=f"Titre {MARKER}",
        body=f"Texte {MARKER}",
        published_at=NOON + timedelta(hours=1),
        by=eve,
        at=NOON,
    )
    world.objects["attachment"] = briefs.attach(
        brief=brief,
        file=received_file(f"%PDF-1.4 {MARKER}".encode(), f"{MARKER}.pdf"),
        by=eve,
        at=NOON,
    )
    # The client is as secret as the brief.
    Edition.objects.filter(pk=edition.pk).update(client=f"Client {MARKER}client")
    partners.write_client(
        edition=edition,
        text=f"Texte {MARKER}client",
        representatives=f"{MARKER}representant",
        link=f"https://{MARKER}client.example.org/",
        documents=[received_file(f"{MARKER}client".encode(), f"{MARKER}client.pdf")],
        by=eve,
        at=NOON,
    )
    # Moving the schedule publishes a message to everybody while the brief is secret.
    schedule.move(
        edition=edition,
        instants={"deadline_at": edition.deadline_at + timedelta(minutes=5)},
        by=eve,
        at=NOON,
    )
    return brief


def logged_lines(records: list[logging.LogRecord]) -> str:
    """As the processes write them."""
    settings = dict(logging_config("INFO", as_json=True, process="web")["formatters"]["line"])
    formatter = settings.pop("()")(**settings)
    return "\n".join(map(formatter.format, records))


def without_csrf_and_code(response: HttpResponse) -> str:
    page = re.sub(
        r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", response.content.decode()
    )
    return re.sub("INFOCOM|NOSUCH", "", page)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*OUTSIDERS, "neighbour", "held back"])
def test_no_response_reveals_a_secret(
    role, world, secret, edition, eve, request, loner, client_of, caplog, settings
):
    """Headers (ETags and addresses of files among them), bodies and lines of the log are searched.

    The secrets are a brief, an announcement of the same instant, which team has asked, the
    private reason of an extension, which may be about health, the phone number and dietary needs
    of a member of ada's team, what the team says of its progress, what a helper notes on it, and
    what a juror writes to it, which only the juror and the president may read.

    An organizer whose session is without the second factor learns none of them.

    One walk over all addresses for all of them: a walk takes seconds.
    """
    world.objects["announcement"] = announce(
        edition, eve, f"**{MARKER}annonce**", pinned=True, publish_at=secret.published_at
    )
    reasons = {"reason": "Panne", "private_reason": f"Diabète {MARKER}sante"}
    extensions.grant(edition, team=world.objects["team"], minutes=29, **reasons, by=eve, at=NOON)
    mate = make_user("mia@example.org", "Mia", phone=f"{MARKER}tel")
    membership.join(world.objects["team"], user=mate, by=eve, at=NOON)
    for cases in all_cases():
        cases.secrets(world, role, MARKER)
    _, _, neighbour = asked_in_secret(world, eve, f"{MARKER}equipe")
    if role == "held back":
        browser = held_back(eve, settings)
    else:
        browser = client_of(neighbour) if role == "neighbour" else browser_of(role, request)
    asked, found = 0, []

    with time_machine.travel(secret.published_at - timedelta(seconds=1), tick=False):
        for what, answer in responses_of_the_site(
            world, browser, all_methods=role in ASK_ALL_METHODS
        ):
            asked += 1
            found += [(what, word) for word in re.findall(rf"{MARKER}\w*", answer)]
    lines = logged_lines(caplog.records)

    assert found == []
    assert "/media/" in lines
    assert re.findall(rf"{MARKER}\w*", lines) == []
    assert asked > 150


@pytest.mark.django_db
def test_a_secret_brief_is_404_as_an_unknown_one(world, secret, request):
    browser = browser_of("ada", request)

    with time_machine.travel(secret.published_at - timedelta(seconds=1), tick=False):
        secret_answer = browser.get(reverse("editions:brief", args=["INFOCOM"]))
        no_such = browser.get(reverse("editions:brief", args=["NOSUCH"]))

    assert secret_answer.status_code == no_such.status_code == 404
    assert without_csrf_and_code(secret_answer) == without_csrf_and_code(no_such)


@pytest.mark.django_db
def test_a_brief_is_public_at_its_instant(world, secret, request, loner):
    urls = [
        reverse("editions:brief", args=["INFOCOM"]),
        reverse("editions:briefs"),
        reverse("editions:attachment", args=[world.objects["attachment"].pk]),
    ]
    for role in sorted(EVERYBODY - {"anonymous"}):
        browser = browser_of(role, request)

        with time_machine.travel(secret.published_at, tick=False):
            page, listed, attachment = (whole_response(browser.get(url)) for url in urls)

        assert f"Texte {MARKER}" in page, role
        assert f"Titre {MARKER}" in listed, role
        assert f"%PDF-1.4 {MARKER}" in attachment, role
        assert f"{MARKER}.pdf" in attachment, role


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.parametrize("role", OUTSIDERS)
async def test_the_socket_reveals_nothing_of_a_secret_brief(
    role, world, secret, request, loner, eve
):
    user = None if role == "anonymous" else await database_sync_to_async(person_of)(role, request)
    socket = await connected(user)

    with time_machine.travel(NOON, tick=False):
        await database_sync_to_async(briefs.write)(
            department=world.objects["department"],
            title=f"Autre titre {MARKER}",
            body=f"Autre texte {MARKER}",
            published_at=secret.published_at,
            by=eve,
            at=NOON,
        )
        await socket.send({"type": "resume", "after": 0})
        heard = [str(await socket.receive())]
        while "live.resumed" not in heard[-1]:  # the last message of the replay
            heard.append(str(await socket.receive()))
        heard += [str(message) for message in await socket.receive_all()]
    await socket.disconnect()

    assert any("edition.changed" in message for message in heard)
    assert not any(MARKER in message for message in heard)
