"""`python -m bench.visits`: requests and kilobytes of two visits to the home page, signed out, and
of a student's to /rendu/, behind nginx as in production, which compresses pages; with `--direct`
from the process of `make run`, which does not.

Counts what Chromium received over the network, without the WebSocket. The second visit comes 61 s
later, after a max-age of 60 s.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import BrowserContext, sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, Person, Site, site_by_command
from tests.operations import nginx
from tests.run_directory import run_directory

PAUSE = 61  # seconds


def visit(context: BrowserContext, path: str) -> tuple[int, float, float]:
    """Requests that reached the network, kilobytes received, ms until the load event."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: dict[str, float] = {}
    cached: set[str] = set()
    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))

    def responded(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            cached.add(event["requestId"])

    session.on("Network.responseReceived", responded)
    session.on(
        "Network.loadingFinished",
        lambda event: received.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(path, wait_until="networkidle")
    page.wait_for_timeout(1500)
    loaded = page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
    page.close()
    sizes = {request: size for request, size in received.items() if request not in cached}
    return len(sizes), sum(sizes.values()) / 1000, loaded


type Served = tuple[Site, str, list[str]]  # the URL that is visited, and flags for Chromium


@contextlib.contextmanager
def direct() -> Iterator[Served]:
    with site_by_command() as site:
        yield site, site.url, []


@contextlib.contextmanager
def behind_nginx() -> Iterator[Served]:
    own = nginx.free_ports("p80", "p443")
    origin = f"https://localhost:{own['p443']}"
    with site_by_command(CCD_TRUSTED_ORIGINS=origin) as site, tempfile.TemporaryDirectory() as run:
        same = dict.fromkeys(("p8000", "p8010", "p8001", "p8002"), urlsplit(site.url).port or 80)
        text = nginx.on_other_ports(Path(site.env["CCD_DATA_DIR"], "static"), **own, **same)
        with nginx.running(Path(run), text, own["p443"]) as url:
            yield site, url, [trusting(Path(run, "tls", "fullchain.pem"))]


def trusting(certificate: Path) -> str:
    """A browser that does not trust it keeps no file."""
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    key = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    return f"--ignore-certificate-errors-spki-list={digest}"


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.visits")
    options.add_argument("--direct", action="store_true", help="without nginx")
    serve = direct if options.parse_args().direct else behind_nginx
    with run_directory(), serve() as (site, url, flags):
        measure(site, url, flags)


def measure(site: Site, url: str, flags: list[str]) -> None:
    with sync_playwright() as playwright:
        demo = json.loads(site.manage("demo", "--phase", "running", "--json").splitlines()[-1])
        student = next(account for account in demo["accounts"] if account["role"] == "student")
        browser = playwright.chromium.launch(
            executable_path=services.headless_chromium_bin(), args=[*CHROMIUM_FLAGS, *flags]
        )
        person = Person(browser, site, width=1366, height=900)
        person.sign_in(student["email"], student["password"])
        cookies = person.context.cookies()
        visitors = {"/": [], "/rendu/": cookies}
        contexts = {}
        for path, own in visitors.items():
            contexts[path] = browser.new_context(base_url=url, locale="fr-FR")
            contexts[path].add_cookies(own)  # type: ignore[arg-type]
        for name in ("first", "second"):
            for path, context in contexts.items():
                requests, kilobytes, loaded = visit(context, path)
                print(
                    f"{path:<7} {name:<7} {requests:3} requests {kilobytes:7.1f} kB,"
                    f" load after {loaded} ms"
                )
            if name == "first":
                time.sleep(PAUSE)
        browser.close()


if __name__ == "__main__":
    main()
