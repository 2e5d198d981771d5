"""The fixed cast and a day to play in. Times are set around `NOON`, never around the real clock."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client
from hypothesis import settings as hypothesis

from hackathon.accounts.models import ApiToken, SignIn, User
from hackathon.announcements.services import announcements
from hackathon.core import live
from hackathon.core.acts import MISSING, Facts
from hackathon.core.acts import registry as acts
from hackathon.core.models import JournalEntry
from hackathon.core.received_files import ReceivedFile, received_file
from hackathon.editions.models import Brief, Department, Edition, Milestone
from hackathon.editions.packages import services as packages
from hackathon.editions.rules import ATTACHMENT_MAX_BYTES
from hackathon.editions.services import briefs
from hackathon.imports import drafts
from hackathon.imports.enums import ImportKind
from hackathon.imports.models import Import
from hackathon.meals.models import Dish, MealPlan
from hackathon.questions.enums import Addressee, Topic
from hackathon.questions.models import CannedAnswer
from hackathon.questions.rules import Asker
from hackathon.questions.services import questions
from hackathon.rehearsal.models import SmallRehearsal
from hackathon.setup.middleware import FirstRun
from hackathon.webhooks.models import Delivery, Webhook
from judging.enums import JurorKind
from judging.models import Badge, Criterion, Flag, Juror, Recusal
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.extensions import services as extensions
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Inspection
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from teams.enums import HelpKind
from teams.models import Duty, Invitation, Membership, Search, Team, TeamNote
from teams.services import calls
from tests.addresses import World

pytest_plugins = ["tests.run_directory", "tests.database", "tests.users"]

# How long an example takes says something of the machine, nothing of the rule.
hypothesis.register_profile("site", deadline=None)
hypothesis.load_profile("site")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What can only be shown on PostgreSQL is left to the run on PostgreSQL (`python -m tests`).

    Tests in the browser come first: they often wait, and other workers then use the processors.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if connection.vendor != "postgresql":
        left = [item for item in items if item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish() -> None:
    """The modules and tests stay until the end: the garbage collector need not look at them again.
    With its usual threshold it takes 6 % of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


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


def facts_of(entry: JournalEntry) -> Facts:
    who = str(entry.by or "Le site")
    return Facts(
        entry.act, entry.at, entry.target, entry.detail, PARIS, who, "Dan", "Com’unik", "Info-Com"
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
def world(
    edition: Edition,
    infocom: Department,
    brief: Brief,
    dossier: Deliverable,
    criteria: list[Criterion],
    comunik: Team,
    pixels: Team,
    ada: User,
    ben: User,
    eve: User,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    loner: User,
) -> World:
    """Everybody, a brief with an attachment, a deposit, an extension, a seal, a call for help."""
    milestone = Milestone.objects.create(
        edition=edition, kind="halfway", label="Mi-parcours", at=NOON + timedelta(hours=3)
    )
    attachment = briefs.attach(
        brief=brief, file=received_file(b"%PDF-1.4 plan", "plan.pdf"), by=eve, at=NOON
    )
    package = packages.make(infocom.pk, at=brief.published_at - timedelta(hours=1))
    submission = deposits.deposit(
        dossier,
        comunik,
        file=received_file(b"%PDF-1.4 dossier", "dossier.pdf"),
        begun_at=NOON,
        by=ada,
        at=NOON,
    )
    inspections.record(submission, Result({"type": "pdf", "pages": 1}, thumbnail=b"RIFF"), at=NOON)
    inspections.make_reading_copy(
        Inspection.objects.get(submission=submission), at=NOON, make=lambda _path, _out: True
    )
    extension = extensions.grant(edition, team=comunik, minutes=10, reason="Panne", by=eve, at=NOON)
    (seal,) = seals.make_due(edition, at=DEADLINE + SETTLE)
    call = calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=NOON)
    duty = Duty.objects.create(edition=edition, user=dan.user, kind=HelpKind.TECHNICAL)
    announcement = announcements.announce(
        edition=edition,
        audience=live.EVERYONE,
        audience_label="Tout le monde",
        body="Bienvenue",
        by=eve,
        at=NOON,
    )
    question = questions.ask(
        asker=Asker(comunik.pk, comunik.name, infocom, closes_at=DEADLINE),
        to=Addressee.CLIENT,
        topic=Topic.BRIEF,
        body="Faut-il un logo ?",
        by=ada,
        at=NOON,
    )
    pizza = Dish.objects.create(edition=edition, name="Reine", pizzeria="Chez Gino")
    MealPlan.objects.create(
        edition=edition,
        milestone=milestone,
        closes_at=NOON + timedelta(hours=2),
        default_dish=pizza,
    )
    webhook = Webhook.objects.create(  # disabled: tests send nothing
        edition=edition,
        name="Canal",
        url="https://chat.example.org/hooks/1",
        topics=["results"],
        secret="whsec_c2VjcmV0",
        created_by=eve,
        created_at=NOON,
        disabled_at=NOON,
    )
    return World(
        {
            "dish": pizza,
            "draft": Import.objects.create(
                edition=edition,
                kind="students",
                content=drafts.pack(b"mail\nzoe@x.fr\n", ImportKind.STUDENTS, {}),
                uploaded_at=NOON,
            ),
            "import": Import.objects.create(
                edition=edition,
                kind="students",
                uploaded_at=NOON,
                applied_at=NOON,
                counts={"created": 0, "updated": 0},
                record={"new": [], "edits": []},
            ),
            "rehearsal": SmallRehearsal.objects.create(
                edition=edition, begun_by=eve, begun_at=NOON, ended_at=NOON, report="<p></p>"
            ),
            "canned": CannedAnswer.objects.create(edition=edition, text="Lisez le sujet."),
            "question": question,
            "announcement": announcement,
            "edition": edition,
            "link": SocialAccount.objects.create(user=ada, provider="cas", uid="ada@univ.example"),
            "sign_in": SignIn.objects.create(
                session=Session.objects.create(session_key="1" * 32, expire_date=DEADLINE),
                user=ada,
                at=NOON,
            ),
            "department": infocom,
            "brief": brief,
            "attachment": attachment,
            "package": package,
            "milestone": milestone,
            "organizer": eve,
            "deliverable": dossier,
            "submission": submission,
            "extension": extension,
            "seal": seal,
            "department_seal": edition.seals.get(department=infocom),
            "criterion": criteria[0],
            "juror": dan,
            "badge": Badge.objects.create(
                juror=dan, key=UUID(int=1), digest="0" * 64, pin="x", issued_at=NOON
            ),
            "flag": Flag.objects.create(
                juror=dan, team=comunik, key=UUID(int=1), text="Pas de courant.", raised_at=NOON
            ),
            "recusal": Recusal.objects.create(  # of nobody here, so that dan judges all
                juror=dan, team=pixels, reason="Sa fille", made_at=NOON, made_by=dan.user
            ),
            "team": comunik,
            "call": call,
            "note": TeamNote.objects.create(
                team=comunik, text="Vue à 21:10", written_by=eve, written_at=NOON
            ),
            "duty": duty,
            "search": Search.objects.create(
                edition=edition, department=infocom, user=loner, text="Libre", written_at=NOON
            ),
            "invitation": Invitation.objects.create(team=comunik, user=loner, invited_at=NOON),
            "webhook": webhook,
            "delivery": Delivery.objects.create(
                webhook=webhook, type="submission.received", body="{}", created_at=NOON
            ),
            "token": ApiToken.objects.create(
                user=ada, name="robot", created_at=NOON, expires_at=NOON + timedelta(days=1)
            ),
            "membership": comunik.memberships.get(user=ben),
        }
    )


@pytest.fixture
def film() -> Iterator[ReceivedFile]:
    file = received_file(b"x", "film.mp4")
    file.size = ATTACHMENT_MAX_BYTES + 1
    yield file
    file.close()
