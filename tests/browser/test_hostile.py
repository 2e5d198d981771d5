import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.browser.site import Person, Site, running_site, until, until_equal
from tests.submissions.hostile import MAKERS, content_of

PASSWORD = "une-longue-phrase-de-passe"
SET_UP = f"""
import sys
from datetime import timedelta
from pathlib import Path
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.background import skip_tasks
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from submissions.models import Deliverable
from submissions.deposits import services as deposits
from submissions.inspection.tasks import inspect
from submissions.receipts.tasks import mail_receipt
from teams.models import Membership, Team
now = clock.now().replace(microsecond=0)
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True,
    registration_opens_at=now - timedelta(days=1), registration_closes_at=now,
    starts_at=now - timedelta(hours=2), deadline_at=now + timedelta(hours=1),
    judging_opens_at=now + timedelta(hours=2),
)
infocom = Department.objects.create(edition=edition, code="INFOCOM", name="Info-Com")
team = Team.objects.create(edition=edition, department=infocom, name="Équipe", registered_at=now)
for name in ("ada", "dan"):
    user = User.objects.create_user(f"{{name}}@example.org", "{PASSWORD}", name=name.title())
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
Membership.objects.create(
    edition=edition, team=team, user=User.objects.get(email="ada@example.org"), is_captain=True,
    joined_at=now,
)
Juror.objects.create(department=infocom, user=User.objects.get(email="dan@example.org"))
for position, path in enumerate(sorted(Path(FILES).iterdir())):
    deliverable = Deliverable.objects.create(
        department=infocom, name=path.name, kind="file", position=position
    )
    with skip_tasks(mail_receipt, inspect):
        deposits.deposit(
            deliverable, team, file=received_file(path.read_bytes(), path.name), begun_at=now,
            by=User.objects.get(email="ada@example.org"), at=now,
        )
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    directory: Path = tmp_path_factory.mktemp("hostile")
    for name in MAKERS:
        (directory / name).write_bytes(content_of(name))
    with running_site() as site:
        site.manage("shell", "-v0", "-c", f"FILES = {str(directory)!r}\n{SET_UP}")
        yield site


class ScriptDetector:
    def __init__(self, person: Person) -> None:
        self.page = person.page
        self.asked: list[str] = []
        self.given: set[str] = set()  # contents that were received completely
        person.context.on("request", lambda request: self.asked.append(request.url))
        person.context.on("response", lambda answer: self._note(answer.url, answer.status))
        # Also in new windows: an alert would block for ever.
        person.context.on("dialog", lambda dialog: (self.asked.append("dialog"), dialog.dismiss()))

    def _note(self, url: str, status: int) -> None:
        if status in (200, 206) and url.startswith("http") and "/cont" in url:
            self.given.add(url)

    def traces(self) -> list[str]:
        self.page.goto("/accueil/")
        kept = self.page.evaluate("localStorage.getItem('pwned')")
        return [url for url in self.asked if "pwned" in url or url == "dialog"] + [kept] * bool(
            kept
        )


def visit(page: Page, address: str) -> None:
    with contextlib.suppress(Error):  # « Download is starting »
        page.goto(address)


def addresses(path: str) -> list[str]:
    return [path.format(number) for number in range(1, len(MAKERS) + 1)]


@pytest.mark.parametrize(
    ("email", "doors"),
    [
        (
            "ada@example.org",
            [
                "/depots/{}/contenu/",
                "/depots/{}/contenu/?inline",
                "/api/v1/submissions/{}/content/",
            ],
        ),
        ("dan@example.org", ["/jury/depots/{}/contenu/"]),
    ],
)
def test_hostile_files_opened_directly(email, doors, chromium, site):
    person = Person(chromium, site, width=1000, height=700)
    person.sign_in(email, PASSWORD)
    detector = ScriptDetector(person)

    for door in doors:
        for address in addresses(door):
            visit(person.page, address)

    until_equal(person.page, lambda: len(detector.given), len(MAKERS) * len(doors))
    assert detector.traces() == []
    person.context.close()


def test_hostile_files_embedded_in_our_pages(chromium, site):
    person = Person(chromium, site, width=1000, height=700)
    person.sign_in("ada@example.org", PASSWORD)
    detector = ScriptDetector(person)
    person.open("/accueil/")

    for address in addresses("/depots/{}/contenu/?inline"):
        loaded = person.page.evaluate(
            """async (address) => {
                const loaded = [];
                const add = (tag, attributes) => new Promise((done) => {
                    const node = document.createElement(tag);
                    node.onload = () => { loaded.push(tag); done(); };
                    node.onerror = done;
                    Object.assign(node, attributes);
                    document.body.append(node);
                });
                await add("script", {src: address});
                await add("script", {src: address, type: "module"});
                await add("link", {href: address, rel: "stylesheet"});
                for (const tag of ["iframe", "object", "embed"]) { // some never say that they ended
                    add(tag, {src: address, data: address});
                }
                await add("img", {src: address});
                const later = () => fetch(address).then((answer) => answer.arrayBuffer());
                await later();
                await navigator.serviceWorker.register(address).then(
                    () => loaded.push("serviceworker"), () => {});
                await new Promise((done) => {
                    try {
                        const worker = new Worker(address);
                        worker.onerror = done;
                        later().then(later).then(done);
                    } catch { done(); }
                });
                return loaded;
            }""",
            address,
        )
        assert not {"script", "serviceworker", "link"} & set(loaded), address

    until_equal(person.page, lambda: len(detector.given), len(MAKERS))
    assert detector.traces() == []
    person.context.close()


def test_the_detector_detects_a_script_that_runs(chromium, site):
    person = Person(chromium, site, width=1000, height=700)
    detector = ScriptDetector(person)
    page = content_of("page.html").decode()
    person.context.route(
        "**/piege/", lambda route: route.fulfill(body=page, content_type="text/html")
    )

    person.open("/piege/")
    until(person.page, "localStorage.getItem('pwned') !== null")

    assert "page.html" in detector.traces()
    person.context.close()
