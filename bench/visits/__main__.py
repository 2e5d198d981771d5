"""`python -m bench.visits`: requests and kilobytes of two visits to the home page, signed out, and
of a student's to /rendu/.

Counts what Chromium received over the network, without the WebSocket. The second visit comes 61 s
later, after a max-age of 60 s.
"""

import json
import time
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, Person, running_site
from tests.run_directory import make_run_directory, remove_run_directory

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


def main() -> None:
    make_run_directory()
    try:
        measure()
    finally:
        remove_run_directory()


def measure() -> None:
    with running_site() as site, sync_playwright() as playwright:
        demo = json.loads(site.manage("demo", "--phase", "running", "--json").splitlines()[-1])
        student = next(account for account in demo["accounts"] if account["role"] == "student")
        browser = playwright.chromium.launch(
            executable_path=services.headless_chromium_bin(), args=CHROMIUM_FLAGS
        )
        person = Person(browser, site, width=1366, height=900)
        person.sign_in(student["email"], student["password"])
        cookies = person.context.cookies()
        visitors = {"/": [], "/rendu/": cookies}
        contexts = {}
        for path, own in visitors.items():
            contexts[path] = browser.new_context(base_url=site.url, locale="fr-FR")
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
