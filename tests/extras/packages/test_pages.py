"""The packages of briefs that pages fetch: encrypted until the instant of the brief."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Department, Milestone
from hackathon.event.editions.services import briefs
from hackathon.extras.packages import periodic
from hackathon.extras.packages import services as packages
from hackathon.extras.packages.models import BriefPackage
from judging.setup.services import seats as jury
from teams.services import membership
from tests.conftest import NOON
from tests.extras.packages.steps import open_package, sent_bytes
from tests.site.sockets import connected

SECOND = timedelta(seconds=1)
INSTANT = NOON + timedelta(hours=1)


@pytest.fixture
def package(infocom, info, eve) -> BriefPackage:
    """Of Infocom, with a brief that is published at INSTANT. The other department has one too."""
    briefs.save(
        department=infocom,
        title="Zanzibar",
        body="Zanzibar",
        published_at=INSTANT,
        attachments=[received_file(b"%PDF-1.4 plan", "plan.pdf")],
        by=eve,
        at=NOON,
    )
    packages.make(info.pk, at=NOON)
    made = packages.make(infocom.pk, at=NOON)
    assert made is not None
    return made


def listed(browser: Client) -> Any:
    answer = browser.get(reverse("packages:index"))
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def key_of(browser: Client, package: BriefPackage) -> Any:
    return browser.get(reverse("packages:key", args=[package.pk]))


def test_the_list_has_the_packages_of_the_users_departments_only(
    client_of, package, comunik, pixels, dan, ada, cleo, loner, eve
):
    with time_machine.travel(NOON, tick=False):
        found = {
            user.email: [p["department"] for p in listed(client_of(user))["packages"]]
            for user in (ada, dan.user, cleo, loner, eve)
        }

    assert list(found.values()) == [["INFOCOM"], ["INFOCOM"], ["INFO"], [], []]


def test_the_list_reveals_nothing_of_the_brief(client_of, package, comunik, ada):
    with time_machine.travel(NOON, tick=False):
        (found,) = listed(client_of(ada))["packages"]

    assert found == {
        "id": str(package.pk),
        "department": "INFOCOM",
        "name": "Information et Communication",
        "url": f"/paquets/{package.pk}/",
        "key_url": f"/paquets/{package.pk}/cle/",
        "size": package.size,
        "etag": f'"{package.sha256}"',
    }


def test_a_package_without_a_brief_looks_the_same(client_of, package, pixels, comunik, ada, cleo):
    with time_machine.travel(NOON, tick=False):
        (with_one,), (without,) = (listed(client_of(user))["packages"] for user in (ada, cleo))

    assert with_one.keys() == without.keys()
    assert with_one["size"] == without["size"]


def test_the_list_has_the_time_over_which_downloads_are_spread(
    client_of, package, edition, comunik, ada
):
    moment = NOON + timedelta(minutes=10)
    Milestone.objects.create(edition=edition, kind="briefs", label="Sujets", at=moment)

    with time_machine.travel(NOON, tick=False):
        calm = listed(client_of(ada))["begin_within"]
    with time_machine.travel(moment - SECOND, tick=False):
        late = listed(client_of(ada))["begin_within"]

    assert (calm, late) == (300, None)


def test_without_a_milestone_downloads_are_spread_until_the_launch(
    client_of, package, edition, comunik, ada
):
    with time_machine.travel(edition.starts_at - timedelta(minutes=10), tick=False):
        before = listed(client_of(ada))["begin_within"]
    with time_machine.travel(edition.starts_at + SECOND, tick=False):
        after = listed(client_of(ada))["begin_within"]

    assert (before, after) == (300, 1200)


def test_the_content_is_immutable_and_served_in_ranges(client_of, package, comunik, ada):
    browser, url = client_of(ada), reverse("packages:content", args=[package.pk])
    sent = sent_bytes(package)

    with time_machine.travel(NOON, tick=False):
        whole = browser.get(url)
        part = browser.get(url, headers={"Range": "bytes=1000-1999"})
        other = browser.get(url, headers={"Range": "bytes=1000-", "If-Range": '"other"'})
        known = browser.get(url, headers={"If-None-Match": f'"{package.sha256}"'})

    assert whole.getvalue() == sent
    assert whole["Cache-Control"] == "private, max-age=31536000, immutable"
    assert whole["ETag"] == f'"{package.sha256}"'
    assert whole["Content-Type"] == "application/octet-stream"
    assert whole["Content-Disposition"].startswith("attachment")
    assert (part.status_code, part.getvalue()) == (206, sent[1000:2000])
    assert (other.status_code, other.getvalue()) == (200, sent)
    assert known.status_code == 304


@pytest.mark.parametrize("who", ["cleo", "loner", "eve"])
def test_other_users_get_404_before_and_after_the_instant(
    who, client_of, package, comunik, pixels, request
):
    browser = client_of(request.getfixturevalue(who))

    for at in (NOON, INSTANT):
        with time_machine.travel(at, tick=False):
            assert key_of(browser, package).status_code == 404
            url = reverse("packages:content", args=[package.pk])
            assert browser.get(url).status_code == 404


@pytest.mark.parametrize(("offset", "status"), [(-1, 404), (0, 200), (1, 200)])
def test_the_key_is_served_from_the_instant_on(offset, status, client_of, package, comunik, ada):
    browser = client_of(ada)

    with time_machine.travel(INSTANT + offset * SECOND, tick=False):
        answer = key_of(browser, package)

    assert answer.status_code == status
    if status == 200:
        assert answer["Cache-Control"] == "no-store"
        assert open_package(package, answer.json()["key"]).files == [b"%PDF-1.4 plan"]
    else:
        assert package.key not in answer.content.decode()


def test_after_a_change_of_the_brief_there_is_no_package(
    client_of, package, infocom, comunik, ada, eve
):
    brief = Brief.objects.get(department=infocom)
    briefs.attach(brief=brief, file=received_file(b"x", "errata.txt"), by=eve, at=INSTANT)
    browser = client_of(ada)

    with time_machine.travel(INSTANT, tick=False):
        assert listed(browser)["packages"] == []
        assert key_of(browser, package).status_code == 404
        assert "errata.txt" in browser.get("/sujets/INFOCOM/").content.decode()


def test_the_number_of_queries_does_not_depend_on_the_number_of_packages(
    client_of, package, edition, diane_user, eve
):
    counts, browser = [], client_of(diane_user)
    departments = list(edition.departments.all())
    departments += [
        Department.objects.create(edition=edition, code=f"D{i}", name=f"D{i}") for i in range(2)
    ]
    for number, department in enumerate(departments, start=1):
        jury.appoint(department=department, email=diane_user.email, by=eve, at=NOON)
        packages.make(department.pk, at=NOON)
        with time_machine.travel(NOON, tick=False), CaptureQueriesContext(connection) as queries:
            assert len(listed(browser)["packages"]) == number
        counts.append(len(queries))

    assert len(set(counts)) == 1


# ---------------------------------------------------------------- the socket


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_the_key_is_sent_to_the_department_only(
    package, comunik, pixels, dan, ada, cleo, loner, eve
):
    people = [ada, dan.user, cleo, loner, eve, None]
    sockets = [await connected(person) for person in people]

    with time_machine.travel(INSTANT - SECOND, tick=False):
        await database_sync_to_async(periodic.unlock_packages)()
    before = [await socket.receive_all() for socket in sockets]
    with time_machine.travel(INSTANT, tick=False):
        await database_sync_to_async(periodic.unlock_packages)()
    after = [await socket.receive_all() for socket in sockets]

    assert not any(package.key in str(heard) for heard in before)
    assert [package.key in str(heard) for heard in after] == [True, True, *[False] * 4]
    for socket in sockets:
        await socket.disconnect()


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_a_removed_member_receives_no_key(package, comunik, ben, eve):
    socket = await connected(ben)
    place = await database_sync_to_async(comunik.memberships.get)(user=ben)
    await database_sync_to_async(membership.remove)(place, by=eve, at=NOON)
    await socket.receive_all()

    with time_machine.travel(INSTANT, tick=False):
        await database_sync_to_async(periodic.unlock_packages)()
        await socket.send({"type": "resume", "after": 0})

    assert "package.unlocked" not in await socket.receive_types()
    await socket.disconnect()
