"""`python -m bench.uploads.pages`: response times of the team's pages while sixty uploads run."""

import argparse
import itertools
import logging
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import httpx

from bench.uploads import servers
from bench.uploads.client import send_all
from bench.uploads.people import prepare, sessions
from tests import services

MB = 1_000_000
CHUNK = 4 * 1024 * 1024
UPLOADS, UPLOAD_BYTES = 60, 20 * MB
PAGES = ["/rendu/", "/equipe/"]
EVERY_SECONDS = 0.1


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.uploads.pages")
    options.add_argument("--rounds", type=int, default=5, help="times sixty uploads of 20 MB")
    options.add_argument("--uploads", default="uvicorn 2")
    chosen = options.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each page otherwise
    with ExitStack() as stack:
        data, env = servers.production(stack)
        people = prepare()
        cookies = sessions()[:UPLOADS]
        uploads = stack.enter_context(servers.running(chosen.uploads, data, env))
        pages = stack.enter_context(web(env))
        source = data / "source"
        source.write_bytes(os.urandom(UPLOAD_BYTES))
        _request_pages(pages, cookies, range(20))  # to fill the caches
        idle = _request_pages(pages, cookies, range(100))
        done = threading.Event()
        turns = itertools.takewhile(lambda _turn: not done.is_set(), itertools.count())
        busy: list[float] = []
        requests = threading.Thread(
            target=lambda: busy.extend(_request_pages(pages, cookies, turns))
        )
        requests.start()
        seconds = []
        for _ in range(chosen.rounds):
            seconds.append(send_all(uploads.jobs(UPLOADS, CHUNK, people), source))
            uploads.empty()
        done.set()
        requests.join()
    _print("idle", idle)
    _print("while 60 uploads run", busy)
    rate = UPLOADS * UPLOAD_BYTES / MB / statistics.median(seconds)
    print(f"uploads meanwhile: {rate:.0f} MB/s (median)")


def _request_pages(port: int, cookies: list[str], turns: Iterable[int]) -> list[float]:
    """Ten pages a second, for one student after the other. Returns the seconds of each response."""
    took = []
    with httpx.Client(base_url=f"http://localhost:{port}", timeout=60) as client:
        for turn in turns:
            began = time.perf_counter()
            response = client.get(
                PAGES[turn % len(PAGES)],
                headers={"Cookie": f"sessionid={cookies[turn % len(cookies)]}"},
            )
            took.append(time.perf_counter() - began)
            assert response.status_code == 200, response
            time.sleep(max(EVERY_SECONDS - took[-1], 0))
    return took


@contextmanager
def web(env: dict[str, str]) -> Iterator[int]:
    """Runs gunicorn as in production, in a session of its own; yields its port."""
    port = services.free_port()
    process = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "gunicorn", "hackathon.wsgi:application"),
            *("-c", "deploy/gunicorn.conf.py", "--log-level", "warning"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "3", "--threads", "8"),
        ],
        cwd=servers.ROOT,
        env={**os.environ, **env},
        start_new_session=True,
    )
    try:
        servers.wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _print(when: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=100)
    print(
        f"{when}: {len(took)} pages, p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms,"
        f" max {max(took) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
