"""The proxy and the processes of the pages, when one of them is started anew."""

import contextlib
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from hackathon.day.announcements.models import Announcement
from tests import services
from tests.operations import compose, nginx
from tests.submissions.tus.servers import environment
from tests.tokens import make_token
from tests.waiting import wait_until

ROOT = compose.ROOT


def test_the_configuration_loads_as_shipped(tmp_path):
    conf = nginx.prepare(tmp_path, nginx.SHIPPED.read_text())

    tested = subprocess.run(
        [nginx.program(), "-t", "-c", str(conf), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
    )

    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr


def test_the_proxy_knows_the_ports_of_compose():
    published = {
        port.split(":")[1]
        for name, service in compose.site_services().items()
        for port in service.get("ports", ())
        if name != "metrics"
    }

    text = nginx.SHIPPED.read_text()

    assert len(published) == 4
    assert all(f"server 127.0.0.1:{port}" in text for port in published)


def with_down_pages(directory: Path) -> Path:
    """The files of `collectstatic` that nginx reads."""
    static = directory / "srv" / "static"
    (static / "down").mkdir(parents=True)
    for page in (ROOT / "hackathon" / "static" / "down").iterdir():
        (static / "down" / page.name).write_text(page.read_text())
    return static


def test_plain_http_is_redirected_and_an_absent_site_explained(tmp_path):
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    static = with_down_pages(tmp_path)

    with (
        nginx.running(
            tmp_path / "nginx", nginx.on_other_ports(static, **ports), ports["p443"]
        ) as url,
        nginx.client() as client,
    ):
        plain = client.get(f"http://localhost:{ports['p80']}/rendu/?a=1")
        read = client.get(f"{url}/rendu/")
        typed = client.post(f"{url}/questions/nouvelle/", data={"body": "Bonjour"})
        hidden = client.get(f"{url}/down.html")
        program = client.get(f"http://localhost:{ports['p80']}/api/v1/me/?token=secret")
    log = (tmp_path / "nginx" / "access.log").read_text()

    assert (plain.status_code, plain.headers["location"]) == (301, "https://localhost/rendu/?a=1")
    assert (read.status_code, typed.status_code, hidden.status_code) == (502, 502, 404)
    assert "se recharge" in read.text
    assert "encore dans votre page" in typed.text
    assert read.headers["cache-control"] == typed.headers["cache-control"] == "no-store"
    assert "max-age=31536000" in read.headers["strict-transport-security"]
    assert program.status_code == 403
    assert '"/api/v1/me/" 403' in log
    assert not [each for each in ("secret", "a=1", "127.0.0.1", "::1") if each in log]


def test_programs_get_an_error_of_the_api_while_the_site_is_away(tmp_path):
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    with (
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        nginx.client(url) as client,
    ):
        answers = [
            client.get("/api/v1/me/", headers=browser),
            client.post("/api/v1/submissions/", content=b"x" * 5_000_000),
            client.get("/readyz", headers={"Accept": "application/json"}),
            client.post("/jury/", headers={"Accept": "text/html, application/problem+json"}),
        ]
        transfer = client.patch("/uploads/0123456789abcdef/", content=b"x" * 5_000_000)
        page = client.get("/equipe/", headers=browser)
        hidden = client.get("/down.json")

    for answer in answers:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, problem["status"]) == (502, 502)
        assert problem["code"] == "unavailable"
        assert "redémarre" in problem["detail"]
        assert answer.headers["retry-after"] == "3"
    assert (transfer.status_code, transfer.headers["upload-host"]) == (503, "away")
    assert transfer.json()["code"] == "unavailable"
    assert page.headers["content-type"] == "text/html"
    assert hidden.status_code == 404


def test_a_site_that_has_never_served_is_away_too(tmp_path):
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    (tmp_path / "srv" / "static").mkdir(parents=True)
    text = nginx.on_other_ports(tmp_path / "srv" / "static", **ports)
    with (
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        nginx.client(url) as client,
    ):
        answers = [client.get("/"), client.post("/rendu/1/", data={"a": "b"})]

    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (502, "3")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "Le site redémarre" in answer.text


def test_the_proxy_answers_on_ipv6_where_the_machine_has_it(tmp_path):
    """The lines that docker-compose.yml writes; without them nginx starts too, on IPv4 alone."""
    script = compose.services()["proxy"]["command"][-1]
    lines = dict(re.findall(r'echo "(listen [^"]+)" >(/run/[\w-]+[.]conf)', script))
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    for line, file in lines.items():
        port = int(re.findall(r":(\d+)", line)[0])
        written = line.replace(f":{port}", f":{ports[f'p{port}']}")
        (tmp_path / Path(file).name).write_text(written)
    text = text.replace("include /run/", f"include {tmp_path}/")

    with (
        nginx.running(tmp_path / "nginx", text, ports["p443"]),
        nginx.client() as client,
    ):
        plain = client.get(f"http://[::1]:{ports['p80']}/rendu/")
        secure = client.get(f"https://[::1]:{ports['p443']}/rendu/")

    assert len(lines) == 2
    assert (plain.status_code, secure.status_code) == (301, 502)


@pytest.mark.parametrize(("trusted", "seen"), [("127.0.0.1", "192.0.2.7"), ("", "127.0.0.1")])
def test_the_address_of_a_person_comes_from_a_proxy_that_is_trusted_alone(tmp_path, trusted, seen):
    """By the line of docker-compose.yml that writes which ones are."""
    script = compose.services()["proxy"]["command"][-1].replace("$$", "$")
    (line,) = (each for each in script.splitlines() if "set_real_ip_from" in each)
    line = line.replace("/run/", f"{tmp_path}/")
    variables = {"CCD_TRUSTED_PROXIES": trusted, "PATH": os.environ["PATH"]}
    subprocess.run(["sh", "-c", line], env=variables, check=True)
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    text = text.replace("include /run/", f"include {tmp_path}/")
    # What the site would get, as an answer.
    shown = "location = /address { return 200 $remote_addr; }\n  location /static/ {"
    text = text.replace("location /static/ {", shown, 1)

    with nginx.running(tmp_path / "nginx", text, ports["p443"]) as url, nginx.client(url) as client:
        answer = client.get("/address", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})

    assert answer.text == seen


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/organisation/editions/ccd-2020/importer/", 413),
        ("/organisation/editions/ccd-2020/sujets/1/", 502),
        ("/organisation/editions/ccd-2020/client/", 502),
        ("/rendu/1/", 502),
        ("/compte/connexion/", 413),
    ],
)
def test_the_proxy_keeps_no_large_body_of_a_stranger(tmp_path, path, status):
    """The proxy cannot authenticate. It refuses the body or passes it on unbuffered."""
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = nginx.on_other_ports(with_down_pages(tmp_path), **ports)
    with (
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        nginx.client() as client,
    ):
        answer = client.post(f"{url}{path}", content=b"x" * 20_000_000)
    errors = (tmp_path / "nginx" / "error.log").read_text()

    assert answer.status_code == status
    assert "buffered to a temporary file" not in errors


def test_one_process_of_the_proxy_holds_the_sockets_of_a_school(tmp_path):
    """Two connections each, all perhaps in one process. nginx's own value is 1,024 connections."""
    ports = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = nginx.on_other_ports(tmp_path / "srv" / "static", **ports)
    request = b"GET /ws/live/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    address = ("127.0.0.1", ports["p443"])
    with contextlib.ExitStack() as stack:
        live = stack.enter_context(socket.create_server(("127.0.0.1", ports["p8001"])))
        live.listen(1_000)  # accepts, and never answers
        stack.enter_context(nginx.running(tmp_path / "nginx", text, ports["p443"]))
        for _ in range(550):
            plain = stack.enter_context(socket.create_connection(address, timeout=60))
            stack.enter_context(tls.wrap_socket(plain)).sendall(request)
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.get(f"http://127.0.0.1:{ports['p80']}/")
    errors = (tmp_path / "nginx" / "error.log").read_text()

    assert answer.status_code == 301
    assert "worker_connections" not in errors


# ---------------------------------------------------------------- restarts


class Web:
    """gunicorn as docker-compose.yml starts it, on another port."""

    def __init__(self) -> None:
        self.port = services.free_port()
        self.log = settings.DATA_DIR / f"web-{self.port}.log"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = compose.services()["web-a"]["command"].split()[1:]
        command[-1] = f"127.0.0.1:{self.port}"
        env = environment(CCD_DEBUG="1", CCD_WEB_WORKERS="2", CCD_DATABASE_POOL="10")
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *command],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
            )
        wait_until(self.answers, self.log.read_text)

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", trust_env=False).is_success
        except httpx.TransportError:
            return False

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM. Returns the exit code."""
        assert self._process is not None
        self.signal(signal.SIGTERM)
        return self._process.wait(80)

    def workers(self) -> set[int]:
        assert self._process is not None
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        return {int(pid) for pid in found.stdout.split()}


@dataclass
class Load:
    """Threads that read pages and write announcements inside its `with` block."""

    url: str
    token: str
    readers: int = 2
    writers: int = 1
    answers: Counter = field(default_factory=Counter)
    _ending: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        for work, count in ((self._read, self.readers), (self._write, self.writers)):
            for _ in range(count):
                self._threads.append(threading.Thread(target=self._repeat, args=[work]))
                self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(60)

    def _repeat(self, work: Callable[[httpx.Client], httpx.Response]) -> None:
        with nginx.client(self.url) as client:
            while not self._ending.wait(0.05):
                try:
                    answer = work(client)
                    why = "" if answer.is_success else f": {answer.text[:300]}"
                    self.answers[f"{answer.request.method} {answer.status_code}{why}"] += 1
                except httpx.TransportError as error:
                    self.answers[repr(error)] += 1

    def wait_for_more(self) -> None:
        """Until each thread has had some answers more."""
        before = self.answers.total()
        wait_until(lambda: self.answers.total() >= before + 5 * (self.readers + self.writers))

    def _read(self, client: httpx.Client) -> httpx.Response:
        return client.get("/")

    def _write(self, client: httpx.Client) -> httpx.Response:
        return client.post(
            "/api/v1/announcements/",
            json={"audience": "everyone", "body": uuid4().hex},
            headers={"Authorization": f"Token {self.token}"},
        )


@pytest.fixture
def webs(db: None) -> Iterator[list[Web]]:
    both = [Web(), Web()]
    for web in both:
        web.start()
    yield both
    for web in both:
        web.stop()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_page_is_lost_and_no_post_doubled_when_the_pages_are_started_anew(
    edition, eve, webs, tmp_path
):
    ports = nginx.free_ports("p80", "p443", "p8001", "p8002")
    ports |= {"p8000": webs[0].port, "p8010": webs[1].port}
    text = nginx.on_other_ports(tmp_path / "srv" / "static", **ports)
    with (
        nginx.running(tmp_path / "nginx", text, ports["p443"]) as url,
        Load(url, make_token(eve)) as load,
    ):
        load.wait_for_more()
        before = [web.workers() for web in webs]
        webs[0].signal(signal.SIGHUP)
        wait_until(lambda: not before[0] & webs[0].workers())
        os.kill(min(webs[1].workers()), signal.SIGTERM)  # one worker of the other
        load.wait_for_more()
        codes = [webs[0].stop()]
        webs[0].start()
        codes.append(webs[1].stop())  # at once: the first one serves again
        load.wait_for_more()

    log = (tmp_path / "nginx" / "error.log").read_text()
    # The kernel may reset what connects while the last process stops listening. nginx sends a POST
    # that it has sent to no other process: its client gets a 502, and nothing was written.
    refused = [answer for answer in load.answers if answer.startswith("POST 502")]
    assert set(load.answers) - set(refused) == {"GET 200", "POST 201"}, (load.answers, log)
    assert sum(load.answers[answer] for answer in refused) <= 1, (load.answers, log)
    assert Announcement.objects.count() == load.answers["POST 201"]
    assert codes == [0, 0]
