"""No fragment reaches the page of somebody who may not read it, in whichever language."""

import asyncio
import re
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from channels.db import database_sync_to_async

from hackathon.base.accounts.models import User
from hackathon.base.live import messages
from hackathon.base.live.audiences import department_audience, team_audience
from hackathon.base.live.fragments import registry
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import briefs, editions, organizers
from judging import live as judging_live
from judging.models import Award, Deliberation
from judging.setup.services import seats
from submissions.deliverables import services as deliverables
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension
from teams.services import membership
from tests.access.roles import EVERYBODY, JURY, ORGANIZER, READER, TEAM, person_of
from tests.announcements.steps import announce
from tests.conftest import DEADLINE, NOON
from tests.site.sockets import SocketClient, connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOON, tick=False)]

LANGUAGES = ("fr", "en")
LATER = f"T{DEADLINE + timedelta(minutes=29):%H:%M}"
MARKS = re.compile(rf"zqx[a-z]+|{LATER}")
OF_JURIES = {"jury-received"}  # its teams are on other pages too


class OpenPages:
    """A page in each language of each of these people, with all fragments that there are."""

    def __init__(self) -> None:
        self.sockets: dict[tuple[str, str], SocketClient] = {}
        self._said = 0

    async def open(self, people: dict[str, User | None]) -> None:
        last = await database_sync_to_async(messages.last_id)()
        shown = {
            "type": "resume",
            "after": last,
            "settled": True,
            "shows": list(registry.fragments),
        }
        for (role, user), language in product(people.items(), LANGUAGES):
            socket = self.sockets[role, language] = await connected(user)
            await socket.send({**shown, "language": language})

    async def readers(self, by: User) -> dict[str, set[str]]:
        """Who has received each mark in a fragment since the last call.

        Each announcement changes a fragment of all people. When that of the second one has come,
        nothing of what was changed before the first one is still to be rendered.
        """
        heard: dict[tuple[str, str], set[str]] = {key: set() for key in self.sockets}
        for _ in range(2):
            self._said += 1
            text = f"Annonce {self._said}"
            await database_sync_to_async(announce_to_all)(text, by)
            for key, socket in self.sockets.items():
                html = ""
                while text not in html:
                    message = await socket.receive()
                    if message["type"] != "fragment.rendered":
                        continue
                    name, html = message["data"]["name"], message["data"]["html"]
                    heard[key] |= {*MARKS.findall(html), *({name} & OF_JURIES)}
        roles = {role for role, _language in heard}
        assert {r for r in roles if len({frozenset(heard[r, la]) for la in LANGUAGES}) > 1} == set()
        marks = set().union(*heard.values())
        return {mark: {role for role in roles if mark in heard[role, "fr"]} for mark in marks}

    async def close(self) -> None:
        await asyncio.gather(*(socket.disconnect() for socket in self.sockets.values()))


def announce_to_all(text: str, by: User) -> None:
    edition = Edition.objects.current()
    assert edition is not None
    announce(edition, by, text)


def happen(w: SimpleNamespace) -> None:
    """Something in each kind of fragment that not all may read."""
    act = {"by": w.eve, "at": NOON}
    url = "https://example.org/zqxrendu"
    deposits.deposit(w.link, w.team, url=url, begun_at=NOON, by=w.ada, at=NOON)
    deliverables.save(w.department, name="zqxlivrable", kind=DeliverableKind.LINK, **act)
    later = NOON + timedelta(hours=1)
    content = {"title": "zqxsujet", "body": "zqxsujet", "published_at": later}
    briefs.save(department=w.department, **content, **act)
    why = {"reason": "zqxpanne", "private_reason": "zqxsante"}
    extensions.grant(w.edition, team=w.team, minutes=29, **why, **act)
    for audience in (
        department_audience(w.department.pk),
        team_audience(w.team.pk),
    ):
        announce(w.edition, w.eve, "zqxannonce", audience=audience)


def decide(w: SimpleNamespace) -> None:
    """What a jury has decided is secret until the publication."""
    decided = Deliberation.objects.create(
        department=w.department, locked_at=NOON, locked_by=w.eve, record={"results": {}}
    )
    Award.objects.create(deliberation=decided, team=w.team, title="zqxprix")
    judging_live.deliberation_locked(w.department, "", at=NOON)


@pytest.fixture
def stage(world, site_link, pixels, ada, ben, dan_user, eve, loner) -> Any:
    """Here `loner` organizes too."""
    Extension.objects.all().delete()
    edition = world.objects["edition"]
    edition.organizers.add(loner)
    last_year = Edition.objects.get(pk=edition.pk)
    last_year.pk, last_year.slug, last_year.is_current = None, "ccd-2019", False
    last_year.save()
    last_year.organizers.add(eve)
    link = Deliverable.objects.create(department=pixels.department, name="Site", kind="link")
    own = {"link": site_link, "other": pixels, "other_link": link, "last_year": last_year}
    people = {"ada": ada, "ben": ben, "dan": dan_user, "eve": eve, "loner": loner}
    return SimpleNamespace(**world.objects | own | people)


@pytest.mark.asyncio
async def test_each_fragment_reaches_its_readers_alone(stage, diane, request):
    people = {r: None if r == "anonymous" else person_of(r, request) for r in EVERYBODY}
    pages = OpenPages()
    await pages.open(people)

    await database_sync_to_async(happen)(stage)
    await database_sync_to_async(decide)(stage)
    before = await pages.readers(stage.eve)
    act = {"by": stage.eve, "at": NOON}
    await database_sync_to_async(editions.publish_results)(edition=stage.edition, **act)
    await database_sync_to_async(judging_live.results_published)(at=NOON)
    after = await pages.readers(stage.eve)

    of_team = ["zqxrendu", "zqxlivrable", "zqxpanne", LATER]
    assert before == {
        **dict.fromkeys(of_team, TEAM),
        "zqxsujet": ORGANIZER | READER | {"loner"},
        "jury-received": JURY,
    }
    assert after["zqxprix"] == EVERYBODY
    await pages.close()


# ---------------------------------------------------------------- rights that change


def join_another_team(w: SimpleNamespace) -> None:
    membership.remove(w.team.memberships.get(user=w.ben), by=w.eve, at=NOON)
    membership.join(w.other, user=w.ben, by=w.eve, at=NOON)


def be_dismissed(w: SimpleNamespace) -> None:
    seats.dismiss(juror=w.juror, by=w.eve, at=NOON)


def organize_no_longer(w: SimpleNamespace) -> None:
    organizers.remove(edition=w.edition, user=w.loner, by=w.eve, at=NOON)


def see_another_edition(w: SimpleNamespace) -> None:
    editions.show(edition=w.last_year, by=w.eve, at=NOON, typed=w.edition.name)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("who", "change", "lost"),
    [
        ("ben", join_another_team, {"zqxrendu", "zqxlivrable", "zqxpanne", LATER}),
        ("dan", be_dismissed, {"jury-received"}),
        ("loner", organize_no_longer, {"zqxsujet"}),
        ("ada", see_another_edition, {"zqxrendu", "zqxlivrable", "zqxpanne", LATER}),
    ],
)
async def test_an_open_page_gets_no_fragment_of_a_right_that_was_lost(who, change, lost, stage):
    person = getattr(stage, who)
    pages = OpenPages()
    await pages.open({who: person})
    await database_sync_to_async(happen)(stage)
    before = await pages.readers(stage.eve)

    await database_sync_to_async(change)(stage)
    await pages.readers(stage.eve)  # what was under way
    await database_sync_to_async(happen_again)(stage)
    after = await pages.readers(stage.eve)
    await pages.close()

    assert before.keys() == lost
    assert after.keys() == ({"zqxautre"} if change is join_another_team else set())


def happen_again(w: SimpleNamespace) -> None:
    """In all that the people of these tests have seen, and in the team that one of them joins."""
    act = {"by": w.eve, "at": NOON}
    for team, link, word in ((w.team, w.link, "zqxencore"), (w.other, w.other_link, "zqxautre")):
        by = team.memberships.exclude(user=w.ben).first().user
        url = f"https://example.org/{word}"
        deposits.deposit(link, team, url=url, begun_at=NOON, by=by, at=NOON)
    content = {"title": "zqxnouveau", "body": "x", "published_at": NOON + timedelta(hours=1)}
    briefs.save(department=w.department, **content, **act)
