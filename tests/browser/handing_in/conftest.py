import dataclasses
import itertools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.cards import (
    PASSWORD,
    SET_UP,
)
from tests.browser.site import Person, Site, running_site
from tests.browser.upload_proxy import UploadProxy

numbers = itertools.count()  # one team for each test


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


@pytest.fixture
def proxy(site) -> Iterator[UploadProxy]:
    port = urlsplit(site.url).port
    assert port is not None
    made = UploadProxy(services.free_port(), port)
    yield made
    made.close()


@pytest.fixture
def number() -> int:
    return next(numbers)


@pytest.fixture
def ada(chromium, site, proxy, number) -> Iterator[Person]:
    person = Person(chromium, dataclasses.replace(site, url=proxy.url), width=390, height=844)
    person.sign_in(f"ada{number}@example.org", PASSWORD)
    person.open("/rendu/")
    expect(person.page.locator("html")).to_have_attribute("data-live", "live")
    yield person
    person.context.close()
    # What the browser reports about connections that these tests break. Anything else is an error.
    assert [e for e in person.errors if not re.search(r"net::ERR|status of 4|htmx:", e)] == []
