import json
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import redis as redis_client

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages
from hackathon.base.live.audiences import (
    EVERYONE,
    ORGANIZERS,
    department_audience,
    jury_audience,
    team_audience,
)
from hackathon.base.live.transport import CHANNEL
from submissions.models import Submission
from teams.models import Team
from tests import services
from tests.concurrency.pages import Page
from tests.fork_server import ForkServer
from tests.site.sockets import cookie_of
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.servers import Process, environment, process
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def stopped() -> services.Redis:
    """Each test starts it anew, at the same place."""
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    return services.Redis()


@pytest.fixture
def redis(stopped) -> Iterator[services.Redis]:
    stopped.start()
    yield stopped
    stopped.signal(signal.SIGCONT)
    stopped.kill()


@pytest.fixture(scope="module")
def forks(stopped, django_db_setup) -> Iterator[ForkServer]:
    # CCD_DEBUG: pages without collected static files.
    forks = ForkServer(environment(CCD_REDIS_URL=stopped.url, CCD_DEBUG="1"))
    yield forks
    forks.close()


@pytest.fixture
def processes(db, redis, forks, edition) -> Iterator[tuple[Process, Process]]:
    move_deadline(edition, timedelta(hours=1))
    with process(forks) as one, process(forks) as other:
        wait_until(lambda: subscribers(redis) == 2)
        yield one, other


def subscribers(redis: services.Redis) -> int:
    with redis_client.Redis(port=redis.port) as client:
        return dict(client.pubsub_numsub(CHANNEL))[CHANNEL.encode()]


def queued(redis: services.Redis) -> int:
    """In all queues, without the notifications of announcements. Celery has a list for each
    priority of a queue.
    """
    with redis_client.Redis(port=redis.port) as client:
        keys = [key for name in ("celery", "mail") for key in client.keys(f"{name}*")]
        lists = [client.lrange(key, 0, -1) for key in keys if client.type(key) == b"list"]
    names = [json.loads(task)["headers"]["task"] for tasks in lists for task in tasks]
    return sum(name != "hackathon.push.tasks.notify" for name in names)


@pytest.fixture
def pages(processes, comunik, pixels, dan, ben, cleo) -> Iterator[list[Page]]:
    urls = [process.url for process in processes]
    cookies = ["", cookie_of(ben), cookie_of(dan.user), cookie_of(cleo)]
    opened = [
        Page(*order, cookie=cookie).open() for order in (urls, urls[::-1]) for cookie in cookies
    ]
    yield opened
    for page in opened:
        page.close()


class ApiClient:
    def __init__(self, process: Process, user: User) -> None:
        self._url = process.url
        self._headers = {"Authorization": f"Token {make_token(user)}"}

    def post(self, path: str, **body: object) -> None:
        answer = httpx.post(
            self._url + path, json=body, headers=self._headers, timeout=60, trust_env=False
        )
        assert answer.status_code == 201, answer.text

    def announce(self, audience: str) -> None:
        self.post("/api/v1/announcements/", audience=audience, body=uuid4().hex)


class Announcer:
    def __init__(self, programs: list[ApiClient], team: Team) -> None:
        self._programs = programs
        self._audiences = ["everyone", f"team:{team.pk}"]
        self._over = threading.Event()
        self._requesting = threading.Lock()  # held during each request
        self._failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._announce, daemon=True)

    def __enter__(self) -> "Announcer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)
        assert not self._failed, self._failed

    def stop_using(self, program: ApiClient) -> None:
        """Returns once its last request is answered."""
        with self._requesting:
            self._programs = [p for p in self._programs if p is not program]

    def _announce(self) -> None:
        try:
            number = 0
            while not self._over.wait(0.1):
                with self._requesting:
                    program = self._programs[number % len(self._programs)]
                    program.announce(self._audiences[number // 2 % 2])
                number += 1
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
            self._failed.append(error)


def audiences_of(pages: list[Page], team: Team) -> list[list[str]]:
    department = team.department_id
    own = department_audience(department)
    each = [
        [EVERYONE],
        [EVERYONE, team_audience(team.pk), own],
        [EVERYONE, jury_audience(department), own],
        [EVERYONE],
    ]
    return each * (len(pages) // 4)


def assert_each_page_received_its_messages_once(pages: list[Page], team: Team) -> None:
    for page, audiences in zip(pages, audiences_of(pages, team), strict=True):
        expected = set(LiveMessage.objects.for_audiences(audiences).values_list("pk", flat=True))
        wait_until(lambda page=page, expected=expected: page.ids >= expected)
        assert {m["id"] for m in page.received} == expected
        assert len(page.received) == len(expected)
        assert page.reloads_requested == 0


def test_messages_of_one_process_reach_pages_of_the_other(processes, pages, comunik, eve):
    for process_ in processes:
        ApiClient(process_, eve).announce("everyone")
        ApiClient(process_, eve).announce(f"team:{comunik.pk}")

    assert_each_page_received_its_messages_once(pages, comunik)
    assert len(pages[1].received) == 4
    assert all(page.duplicates == 0 for page in pages)


def test_redis_is_killed_and_restarted(redis, processes, pages, comunik, site_link, ada, eve):
    programs = [ApiClient(process_, eve) for process_ in processes]
    team = ApiClient(processes[0], ada)

    with Announcer(programs, comunik):
        wait_until(lambda: len(pages[0].received) > 3)
        redis.kill()
        before = LiveMessage.objects.count()
        wait_until(lambda: LiveMessage.objects.count() > before + 5)
        team.post("/api/v1/submissions/", deliverable=site_link.pk, url="https://example.org")
        ask_for_a_code(processes[1], ada)
        wait_until_pages_have_all(pages)
        for process_ in processes:
            wait_until(lambda log=process_.log: log.read_text().count("Redis lost") >= 3)
        redis.start()
        wait_until(lambda: subscribers(redis) == 2)

    assert_each_page_received_its_messages_once(pages, comunik)
    # The inspection of the deposit, the mail of its receipt, and the mail with the code.
    wait_until(lambda: queued(redis) == 3)
    assert Submission.objects.count() == 1
    # No connection was closed, so there are no duplicates.
    assert [(page.connections, page.duplicates) for page in pages] == [(1, 0)] * len(pages)


def ask_for_a_code(process_: Process, user: User) -> None:
    with httpx.Client(base_url=process_.url, timeout=60, trust_env=False) as browser:
        assert browser.get("/compte/connexion/").status_code == 200
        form = {"login": user.email, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        asked = browser.post("/compte/connexion/", data=form)
        assert (asked.status_code, "sessionid" in browser.cookies) == (302, True)


def wait_until_pages_have_all(pages: list[Page]) -> None:
    """That everybody may have, up to now."""
    newest = messages.last_id()
    everyone = LiveMessage.objects.for_audiences([EVERYONE]).filter(pk__lte=newest).last()
    assert everyone is not None
    wait_until(lambda: all(everyone.pk in page.ids for page in pages))


def test_a_suspended_redis_delays_nothing(redis, processes, pages, comunik, site_link, ada, eve):
    programs = [ApiClient(process_, eve) for process_ in processes]
    team = ApiClient(processes[0], ada)

    redis.signal(signal.SIGSTOP)
    for program in programs:
        program.announce("everyone")
    team.post("/api/v1/submissions/", deliverable=site_link.pk, url="https://example.org")
    wait_until_pages_have_all(pages)
    newcomer = Page(processes[0].url).open()
    redis.signal(signal.SIGCONT)
    programs[0].announce("everyone")

    assert_each_page_received_its_messages_once(pages, comunik)
    newcomer.close()
    assert newcomer.connections == 1


def test_pages_of_a_killed_process_reconnect_to_the_other(redis, processes, pages, comunik, eve):
    killed, _other = processes
    programs = [ApiClient(process_, eve) for process_ in processes]

    with Announcer(programs, comunik) as announcer:
        wait_until(lambda: len(pages[0].received) > 3)
        announcer.stop_using(programs[0])
        killed.kill()
        wait_until(lambda: all(page.connections == 2 for page in pages[:4]))
        before = LiveMessage.objects.count()
        wait_until(lambda: LiveMessage.objects.count() > before + 5)

    assert_each_page_received_its_messages_once(pages, comunik)
    assert [page.connections for page in pages] == [2] * 4 + [1] * 4


def test_a_message_committed_but_not_published_arrives(processes, pages, comunik):
    LiveMessage.objects.create(  # committed and never published
        audiences=LiveMessage.join([EVERYONE, ORGANIZERS]),
        type="test.committed",
        at=comunik.registered_at,
    )

    assert_each_page_received_its_messages_once(pages, comunik)
    assert pages[0].types == ["test.committed"]
