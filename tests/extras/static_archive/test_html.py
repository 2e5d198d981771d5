"""What of a page works without a server, and stays as it was written."""

import pytest

from hackathon.extras.static_archive.html import static_page


def page(html: str) -> str:
    def resolve(_tag: str, _name: str, url: str, _typed: bool) -> str | None:
        return None if "gone" in url else url.upper()

    return static_page(html, resolve)


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html>\n<p class=a  id='b'>1 &lt; 2 &amp; &#233; é</p>",
        '<svg viewBox="0 0 24 24"><path d="M1 1" /></svg>',
        '<input disabled><p title="a &quot;b&quot;">x</p>',
    ],
)
def test_what_has_no_address_stays_as_it_is(html):
    assert page(html) == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<script>if (1 < 2) { '</p>' }</script>b", "ab"),
        ("a<form><p>b<button>c</button></form>d", "ad"),
        ("a<p hidden>b<br><img hidden src=x>c</p>d<p>e</p>", "ad<p>e</p>"),
        ("<li hidden><ul><li>a</li></ul></li>b", "b"),
        (
            '<p data-shows="results" onclick="x()" nonce=n data-label=l>a</p>',
            '<p data-label="l">a</p>',
        ),
        ('<a href="/a?b=1&amp;c=2" download>x</a>', '<a href="/A?B=1&amp;C=2" download>x</a>'),
        ('<a href="/gone" class="b">x</a>', '<a class="b">x</a>'),
        ('<img src="gone" alt="">', '<img alt="">'),
        ('<link rel="icon" href="x"/>', '<link rel="icon" href="X"/>'),
        ("a<!-- a comment -->b", "ab"),
        ('<p class="a"\n  >b</p>', '<p class="a">b</p>'),
    ],
)
def test_addresses_are_resolved_and_what_needs_a_server_is_left_out(html, expected):
    assert page(html) == expected
