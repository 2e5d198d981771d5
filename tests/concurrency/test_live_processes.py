"""Two web processes, PostgreSQL and Redis, and open pages on both: what is told through one is
heard on the other, whatever dies.
"""

import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import redis as redis_client

from hackathon.accounts.models import User
from hackathon.core import live
from hackathon.core.models import LiveMessage
from hackathon.core.sockets.transport import CHANNEL
from hackathon.editions.live import department_audience, jury_audience
from hackathon.editions.models import Edition
from judging.models import Juror
from submissions.models import Deliverable, Submission
from teams.live import team_audience
from teams.models import Team
from tests import services
from tests.concurrency.pages import Page
from tests.dashboard.sockets import cookie_of
from tests.submissions.tus.conftest import move_deadline, token_of
from tests.submissions.tus.servers import Process, process, until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture
def redis() -> Iterator[services.Redis]:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    server = services.Redis()
    server.start()
    yield server
    server.signal(signal.SIGCONT)
    server.kill()


@pytest.fixture
def two(db: None, redis: services.Redis, edition: Edition) -> Iterator[tuple[Process, Process]]:
    """Two web processes, both subscribed."""
    move_deadline(edition, timedelta(hours=1))
    options = {
        "CCD_REDIS_URL": redis.url,
        "CCD_DEBUG": "1",  # pages without collected static files
        "UVICORN_WS": "websockets-sansio",
        "UVICORN_WS_PER_MESSAGE_DEFLATE": "false",
    }
    with process(**options) as one, process(**options) as other:
        assert until(lambda: subscribers(redis) == 2)
        yield one, other


def subscribers(redis: services.Redis) -> int:
    """How many processes have subscribed to the channel of live messages."""
    with redis_client.Redis(port=redis.port) as client:
        return dict(client.pubsub_numsub(CHANNEL))[CHANNEL.encode()]


def queued(redis: services.Redis) -> int:
    """How many tasks wait for a worker."""
    with redis_client.Redis(port=redis.port) as client:
        return client.llen("celery")


@pytest.fixture
def pages(
    two: tuple[Process, Process], comunik: Team, pixels: Team, dan: Juror, ben: User, cleo: User
) -> Iterator[list[Page]]:
    """On each process a stranger, a member, a juror and somebody of another team."""
    urls = [process.url for process in two]
    cookies = ["", cookie_of(ben), cookie_of(dan.user), cookie_of(cleo)]
    opened = [
        Page(*order, cookie=cookie).open() for order in (urls, urls[::-1]) for cookie in cookies
    ]
    yield opened
    for page in opened:
        page.close()


class Program:
    """Speaks to the API of one process as somebody; `slowest` is its longest wait in seconds."""

    def __init__(self, process: Process, user: User) -> None:
        self._url = process.url
        self._headers = {"Authorization": f"Token {token_of(user)}"}
        self.slowest = 0.0

    def post(self, path: str, **body: object) -> None:
        """It must be accepted."""
        begun = time.monotonic()
        answer = httpx.post(
            self._url + path, json=body, headers=self._headers, timeout=30, trust_env=False
        )
        self.slowest = max(self.slowest, time.monotonic() - begun)
        assert answer.status_code == 201, answer.text

    def announce(self, audience: str) -> None:
        """Something."""
        self.post("/api/v1/announcements/", audience=audience, body=f"à {time.time()}")


class Chatter:
    """Announces to everyone and to one team, through both processes in turn, until it is told to
    stop.
    """

    def __init__(self, programs: list[Program], team: Team) -> None:
        self._programs = programs
        self._audiences = ["everyone", f"team:{team.pk}"]
        self._over = threading.Event()
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self) -> "Chatter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)
        assert not self._failed, self._failed

    def without(self, program: Program) -> None:
        """That process is about to die."""
        self._programs = [p for p in self._programs if p is not program]
        time.sleep(0.3)  # what it was asked last is answered

    def _talk(self) -> None:
        try:
            number = 0
            while not self._over.wait(0.1):
                program = self._programs[number % len(self._programs)]
                program.announce(self._audiences[number // 2 % 2])
                number += 1
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self._failed.append(error)


def audiences_of(pages: list[Page], team: Team) -> list[list[str]]:
    """What each of the fixture's pages may hear."""
    department = team.department_id
    own = department_audience(department)
    each = [
        [live.EVERYONE],
        [live.EVERYONE, team_audience(team.pk), own],
        [live.EVERYONE, jury_audience(department), own],
        [live.EVERYONE],
    ]
    return each * (len(pages) // 4)


def assert_each_heard_all_of_theirs_once(pages: list[Page], team: Team) -> None:
    """No message is missing, none was heard by who may not, and nobody had to reload."""
    for page, audiences in zip(pages, audiences_of(pages, team), strict=True):
        expected = set(LiveMessage.objects.for_audiences(audiences).values_list("pk", flat=True))
        assert until(lambda page=page, expected=expected: set(page.heard_at) >= expected, 15)
        assert {m["id"] for m in page.heard} == expected
        assert len(page.heard) == len(expected)
        assert page.told_to_reload == 0


def test_what_is_told_through_one_is_heard_on_the_other(
    two: tuple[Process, Process], pages: list[Page], comunik: Team, eve: User
) -> None:
    for process_ in two:
        Program(process_, eve).announce("everyone")
        Program(process_, eve).announce(f"team:{comunik.pk}")

    assert_each_heard_all_of_theirs_once(pages, comunik)
    assert len(pages[1].heard) == 4
    assert all(page.again == 0 for page in pages)


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_redis_dies_and_comes_back(
    redis: services.Redis,
    two: tuple[Process, Process],
    pages: list[Page],
    comunik: Team,
    site_link: Deliverable,
    ada: User,
    eve: User,
    seconds: int,
) -> None:
    programs = [Program(process_, eve) for process_ in two]
    team = Program(two[0], ada)

    with Chatter(programs, comunik):
        assert until(lambda: len(pages[0].heard) > 3)
        redis.kill()
        end = time.monotonic() + seconds
        before = LiveMessage.objects.count()
        assert until(lambda: LiveMessage.objects.count() > before + 5)
        team.post("/api/v1/submissions/", deliverable=site_link.pk, url="https://example.org")
        ask_for_a_code(two[1], ada)
        assert heard_meanwhile(pages)
        time.sleep(max(0.0, end - time.monotonic()))
        redis.start()
        assert until(lambda: subscribers(redis) == 2, 30)

    assert_each_heard_all_of_theirs_once(pages, comunik)
    # The look into the deposit, its receipt's mail, and the mail with the code.
    assert until(lambda: queued(redis) == 3)
    assert Submission.objects.count() == 1
    assert max(program.slowest for program in (*programs, team)) < 5
    # Nobody was sent away, and so nothing came twice.
    assert [(page.connections, page.again) for page in pages] == [(1, 0)] * len(pages)


def ask_for_a_code(process_: Process, user: User) -> None:
    """To sign in with: a page, a form, a session, a limit in the cache, and a mail in the queue."""
    with httpx.Client(base_url=process_.url, timeout=30, trust_env=False) as browser:
        assert browser.get("/compte/connexion/").status_code == 200
        form = {"login": user.email, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        asked = browser.post("/compte/connexion/", data=form)
        assert (asked.status_code, "sessionid" in browser.cookies) == (302, True)


def heard_meanwhile(pages: list[Page]) -> bool:
    """Whether everybody hears, without Redis, what is written now."""
    newest = live.last_id()
    everyone = LiveMessage.objects.for_audiences([live.EVERYONE]).filter(pk__lte=newest).last()
    assert everyone is not None
    return until(lambda: all(everyone.pk in page.heard_at for page in pages), 10)


def test_a_redis_that_does_not_answer_keeps_nobody_waiting(
    redis: services.Redis,
    two: tuple[Process, Process],
    pages: list[Page],
    comunik: Team,
    site_link: Deliverable,
    ada: User,
    eve: User,
) -> None:
    programs = [Program(process_, eve) for process_ in two]
    team = Program(two[0], ada)

    redis.signal(signal.SIGSTOP)
    for program in programs:
        program.announce("everyone")
    team.post("/api/v1/submissions/", deliverable=site_link.pk, url="https://example.org")
    assert heard_meanwhile(pages)
    newcomer = Page(two[0].url).open()
    redis.signal(signal.SIGCONT)
    programs[0].announce("everyone")

    assert_each_heard_all_of_theirs_once(pages, comunik)
    newcomer.close()
    assert newcomer.connections == 1
    assert max(program.slowest for program in (*programs, team)) < 5


def test_a_process_that_is_killed_hands_its_pages_over(
    redis: services.Redis,
    two: tuple[Process, Process],
    pages: list[Page],
    comunik: Team,
    eve: User,
) -> None:
    dies, _lives = two
    programs = [Program(process_, eve) for process_ in two]

    with Chatter(programs, comunik) as chatter:
        assert until(lambda: len(pages[0].heard) > 3)
        chatter.without(programs[0])
        dies.kill()
        assert until(lambda: all(page.connections == 2 for page in pages[:4]), 30)
        before = LiveMessage.objects.count()
        assert until(lambda: LiveMessage.objects.count() > before + 5)

    assert_each_heard_all_of_theirs_once(pages, comunik)
    assert [page.connections for page in pages] == [2] * 4 + [1] * 4


def test_a_process_that_dies_between_its_commit_and_its_word_is_heard(
    two: tuple[Process, Process], pages: list[Page], comunik: Team
) -> None:
    LiveMessage.objects.create(  # committed, and never published
        audiences=LiveMessage.join([live.EVERYONE, live.ORGANIZERS]),
        type="test.said",
        at=comunik.registered_at,
    )

    assert_each_heard_all_of_theirs_once(pages, comunik)
    assert pages[0].types == ["test.said"]
