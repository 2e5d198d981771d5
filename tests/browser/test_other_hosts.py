from playwright.sync_api import Browser

from tests.browser.other_hosts import OtherHosts
from tests.browser.site import until_equal


def test_a_request_to_another_host_is_noticed(chromium: Browser, other_hosts: OtherHosts) -> None:
    """`_no_page_asks_another_host` then fails the test of the page."""
    asked: list[str] = []

    def until_now() -> list[str]:
        asked.extend(other_hosts.asked())
        return asked

    page = chromium.new_context().new_page()
    page.evaluate("document.body.innerHTML = '<img src=http://pictures.example/cat.png>'")

    until_equal(page, until_now, ["GET http://pictures.example/cat.png"])
    page.context.close()
