import socket
from urllib.parse import urlsplit

from tests.browser.site import until_equal


def test_a_request_to_another_host_is_noticed(chromium, other_hosts):
    """`_no_page_asks_another_host` then fails the test of the page."""
    asked: list[str] = []

    def until_now() -> list[str]:
        asked.extend(other_hosts.asked())
        return asked

    page = chromium.new_context().new_page()
    page.evaluate("document.body.innerHTML = '<img src=http://pictures.example/cat.png>'")

    until_equal(page, until_now, ["GET http://pictures.example/cat.png"])
    page.context.close()


def test_a_connection_without_a_request_is_no_request(other_hosts):
    """Of a page that is closed while Chromium connects, for instance."""
    proxy = urlsplit(other_hosts.proxy["server"])

    with socket.create_connection((proxy.hostname, proxy.port), timeout=90) as spare:
        spare.shutdown(socket.SHUT_WR)
        while spare.recv(4096):
            pass  # until the proxy has handled it

    assert other_hosts.asked() == []
