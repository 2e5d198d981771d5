import re
from collections.abc import Iterator

import pytest

from tests.browser.sheets import ready
from tests.browser.site import (
    Person,
    Site,
    demo_site,
    running_site,
)


@pytest.fixture(scope="module")
def judged() -> Iterator[tuple[Site, dict[str, str]]]:
    data, accounts = demo_site("judging")
    with running_site(data) as site:
        yield site, next(account for account in accounts if account["role"] == "juror")


@pytest.fixture
def tablet(chromium, judged) -> Iterator[Person]:
    site, juror = judged
    tablet = Person(chromium, site, width=1024, height=768)
    tablet.sign_in(juror["email"], juror["password"])
    tablet.open("/jury/?show=todo")
    tablet.page.locator(".team-row:visible").first.click()
    tablet.page.wait_for_url(re.compile("/equipes/"))
    ready(tablet)
    yield tablet
    tablet.context.close()
    assert tablet.errors == []
