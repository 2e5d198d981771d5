"""People, teams and instants that most tests use. Time is set around `NOON`, never the real one."""

import csv
import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save
from django.middleware import csrf
from django.test import Client
from hypothesis import settings as hypothesis

from hackathon.base.accounts.models import User
from hackathon.base.core.acts import MISSING, Facts
from hackathon.base.core.acts import registry as acts
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.received_files import ReceivedFile, received_file
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.rules import ATTACHMENT_MAX_BYTES
from hackathon.event.imports import reading
from hackathon.event.imports.extraction.__main__ import extract
from hackathon.event.setup.middleware import FirstRun
from judging.enums import JurorKind
from judging.models import Criterion, Juror
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.models import Deliverable
from teams.models import Membership, Team

gc.disable()  # until all tests are collected

pytest_plugins = [
    "tests.run_directory",
    "tests.database",
    "tests.frames",
    "tests.progress",
    "tests.suites",
    "tests.users",
    "tests.world",
]

# Without vowels and digits no token of a page contains a name or a mark that must not be in it.
csrf.CSRF_ALLOWED_CHARS = "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ"

# How long an example takes depends on the machine, not on the rule.
hypothesis.register_profile("site", deadline=None)
hypothesis.load_profile("site")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What can only be shown on PostgreSQL is left to the run on PostgreSQL (`python -m tests`).

    pytest-xdist gives each worker an equal part of the list. The modules with tests in the browser
    take long and often wait: half of them begins the first part, the other half the second one.
    """
    if connection.vendor != "postgresql":
        left = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    halves: tuple[list[pytest.Item], ...] = ([], [])
    modules = groupby((item for item in items if item.get_closest_marker("browser")), of_module)
    for number, (_module, tests) in enumerate(modules):
        halves[number % 2].extend(tests)
    others = [item for item in items if not item.get_closest_marker("browser")]
    part = len(items) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = [*halves[0], *others]
    items[part:part] = halves[1]


def of_module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_collection_finish() -> None:
    """The modules and tests stay until the end: the garbage collector need not look at them again.
    With its usual threshold it takes 6 % of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test is a failure: something that the tests need is missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# 13 February 2020, 12:00 UTC: 13:00 in Nancy. The deadline is at 23:00 there, 22:00 UTC.
NOON = datetime(2020, 2, 13, 12, tzinfo=UTC)
DEADLINE = datetime(2020, 2, 13, 22, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def make_user(email: str, name: str = "", **fields: Any) -> User:
    return User.objects.create_user(email, "secret-of-tests", name=name, **fields)


def make_team(department: Department, name: str, *members: User, **fields: Any) -> Team:
    """A team whose first member is the captain."""
    team = Team.objects.create(
        edition=department.edition,
        department=department,
        name=name,
        registered_at=NOON - timedelta(days=1),
        **fields,
    )
    for index, user in enumerate(members):
        Membership.objects.create(
            edition=department.edition,
            team=team,
            user=user,
            is_captain=index == 0,
            joined_at=NOON - timedelta(days=1),
        )
    return team


@pytest.fixture(autouse=True)
def _no_partial_files() -> Iterator[None]:
    yield
    for path in settings.UPLOADS_DIR.iterdir():
        path.unlink(missing_ok=True)  # a request that is ending removes its own


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Limits and warnings that are counted in the cache do not pass from one test to the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _each_act_has_its_sentence() -> Iterator[None]:
    """What any test writes to the journal has all that its sentence needs."""

    def check(instance: JournalEntry, **_signal: Any) -> None:
        if instance.act in acts.acts:
            assert MISSING not in acts.text(facts_of(instance))

    post_save.connect(check, sender=JournalEntry)
    yield
    post_save.disconnect(check, sender=JournalEntry)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an edition there are pages too, not only the one that sets up an empty site."""
    monkeypatch.setattr(FirstRun, "is_installed", True)


@pytest.fixture(autouse=True)
def _files_are_read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of `rules` start no process. Others read lists as the site does, in a process that
    may die.
    """

    def answer(content: bytes, _cpu_seconds: int) -> bytes:
        limit = csv.field_size_limit()
        try:
            return extract(content)
        finally:
            csv.field_size_limit(limit)

    if request.node.get_closest_marker("rules"):
        monkeypatch.setattr(reading, "_answer", answer)


@pytest.fixture(autouse=True)
def _no_inspection(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the commit of a deposit a process opens its file: only for the suite `system`."""
    if request.node.get_closest_marker("rules"):
        monkeypatch.setattr(deposits, "inspect", SimpleNamespace(delay=lambda _pk: None))


class NoName(str):
    """`MISSING` in a sentence; as false as the empty name that the journal has then."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def facts_of(entry: JournalEntry) -> Facts:
    """As the journal reads them. A name of which the entry has no key is `NoName`."""
    who = str(entry.by or "Le site")
    is_own = entry.by_id is not None and entry.person_pk == entry.by_id
    has_department = entry.department_pk or entry.detail.get("department")
    return Facts(
        act=entry.act,
        at=entry.at,
        target=entry.target,
        detail=entry.detail,
        zone=PARIS,
        who=who,
        person=who if is_own else "Dan" if entry.person_pk else NoName(MISSING),
        team="Com’unik" if entry.team_pk else NoName(MISSING),
        department="Info-Com" if has_department else NoName(MISSING),
    )


@pytest.fixture
def edition(db: None, eve: User) -> Edition:
    """The edition of 2020, at NOON in the middle of its day."""
    edition = Edition.objects.create(
        slug="ccd-2020",
        name="Crazy Charly Day 2020",
        school="IUT Nancy-Charlemagne",
        client="Grande Épicerie Générale de Nancy",
        is_current=True,
        registration_opens_at=NOON - timedelta(days=10),
        registration_closes_at=NOON - timedelta(hours=5),
        starts_at=NOON - timedelta(hours=4, minutes=30),
        deadline_at=DEADLINE,
        judging_opens_at=DEADLINE + timedelta(minutes=10),
        team_size_min=1,
        team_size_max=3,
    )
    edition.organizers.add(eve)
    return edition


@pytest.fixture
def infocom(edition: Edition) -> Department:
    """The department of ada, ben, dan and diane."""
    return Department.objects.create(
        edition=edition, code="INFOCOM", name="Information et Communication", position=1
    )


@pytest.fixture
def info(edition: Edition) -> Department:
    """The department of cleo."""
    return Department.objects.create(edition=edition, code="INFO", name="Informatique", position=2)


@pytest.fixture
def brief(infocom: Department) -> Brief:
    """Infocom's brief, published in the morning."""
    return Brief.objects.create(
        department=infocom,
        title="Faire venir de nouveaux producteurs",
        body="Imaginez un **événement**.",
        published_at=NOON - timedelta(hours=3),
    )


@pytest.fixture
def dossier(infocom: Department) -> Deliverable:
    """A required file of Infocom."""
    return Deliverable.objects.create(
        department=infocom,
        name="Dossier de stratégie",
        kind=DeliverableKind.FILE,
        formats=["pdf", "zip"],
        max_bytes=5_000_000,
        position=1,
    )


@pytest.fixture
def site_link(infocom: Department) -> Deliverable:
    """A required link of Infocom."""
    return Deliverable.objects.create(
        department=infocom, name="Site vitrine", kind=DeliverableKind.LINK, position=2
    )


@pytest.fixture
def criteria(infocom: Department) -> list[Criterion]:
    """Two criteria of Infocom, weighing 3 and 2."""
    return [
        Criterion.objects.create(department=infocom, name=name, weight=weight, position=position)
        for position, (name, weight) in enumerate([("Réponse au besoin", 3), ("Originalité", 2)])
    ]


@pytest.fixture
def comunik(infocom: Department, ada: User, ben: User) -> Team:
    """Ada's and Ben's team."""
    return make_team(infocom, "Com’unik", ada, ben, room="214", floor=2)


@pytest.fixture
def pixels(info: Department, cleo: User) -> Team:
    """Cleo's team."""
    return make_team(info, "Les Pixels", cleo, room="311", floor=3)


@pytest.fixture
def dan(infocom: Department, dan_user: User) -> Juror:
    """Juror of Infocom."""
    return Juror.objects.create(department=infocom, user=dan_user)


@pytest.fixture
def diane(infocom: Department, diane_user: User) -> Juror:
    """President of Infocom's jury."""
    return Juror.objects.create(department=infocom, user=diane_user, is_president=True)


@pytest.fixture
def max(infocom: Department, max_user: User) -> Juror:  # noqa: A001 - his name
    """The client's representative in Infocom's jury."""
    return Juror.objects.create(department=infocom, user=max_user, kind=JurorKind.CLIENT)


def prove(browser: Client, user: User, *, at: float = 4e9) -> None:
    """As if the person had given their password at that instant, in seconds since 1970."""
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


@pytest.fixture
def client_of(client: Client) -> Callable[[User], Client]:
    """`client_of(ada)` is a browser in which ada has just signed in, at whatever time."""

    def signed_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        prove(browser, user)
        return browser

    return signed_in


@pytest.fixture
def film() -> Iterator[ReceivedFile]:
    file = received_file(b"x", "film.mp4")
    file.size = ATTACHMENT_MAX_BYTES + 1
    yield file
    file.close()
