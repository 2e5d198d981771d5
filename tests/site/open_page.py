"""An open page, and what the browser of a rehearsal does to it when a live message arrives."""

import copy
import re
from datetime import datetime
from functools import lru_cache

from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.base.live.fragments import registry
from hackathon.base.live.nouns import noun_of
from hackathon.base.live.sent_fragments import Wanted
from hackathon.day.site.fragments import render_wanted
from hackathon.event import roles
from hackathon.event.editions.models import Edition
from hackathon.run.page_client import markup
from hackathon.run.page_client.parts import FRAGMENT, Part, address_of, parts_of
from tests.read_tables import tables_named

# What differs from one response to the next, what scripts write and what belongs to the person:
# open details, typed text and selections. The menu is never fetched.
LEFT_OUT = [
    re.compile(r"<(script|style|head|select)\b.*?</\1>", re.DOTALL),
    re.compile(r'(?<=csrfmiddlewaretoken" value=)"[^"]*"'),
    re.compile(r"<ul[^>]* data-announcements.*?</ul>", re.DOTALL),
    re.compile(r"<p[^>]* data-when-empty.*?</p>", re.DOTALL),
    re.compile(r'<details class="more deposit-more.*?</details>', re.DOTALL),
    re.compile(r'(?<=class="deliverable-fold") open'),
    re.compile(r'<nav class="nav".*?</nav>| has-nav', re.DOTALL),
    re.compile(r' data-(live-after|now|sky)="[^"]*"'),
    re.compile(r" hx-headers='[^']*'| hx-preserve(?=[ >])"),
]

# Those of an open page stay in their order, so that nothing moves under a hand.
CARDS = re.compile(r'<article class="card deliverable.*?</article>', re.DOTALL)


class Page:
    """`text`: what is compared of it. `reads`: the tables that its response depends on."""

    def __init__(self, browser: Client, url: str) -> None:
        self._browser, self._url = browser, url
        with tables_named() as self.reads:
            self.html = self._get(url)

    def _get(self, url: str, **headers: str) -> str:
        answer = self._browser.get(url, headers=headers)
        assert answer.status_code in (200, 204), (url, answer.status_code)
        return answer.content.decode()

    def copy(self) -> "Page":
        """The page as it was fetched, without another request."""
        return copy.copy(self)

    def fetched_again(self, written: set[str] | None = None) -> "Page":
        """As it is now. With `written`: after an act that wrote these tables alone."""
        if written is not None and self.reads.isdisjoint(written):
            return self.copy()
        return Page(self._browser, self._url)

    @property
    def text(self) -> str:
        return compared(self.html)

    @property
    def parts(self) -> list[Part]:
        return parts_of(markup.live_elements(self.html))

    def receive(self, types: set[str], fresh: "Page", audiences: frozenset[str]) -> None:
        """Puts in the fragments that are sent for these messages, and fetches the parts that show
        one of their nouns.
        """
        nouns = {noun_of(kind) for kind in types}
        for name in registry.showing(nouns) & set(FRAGMENT.findall(self.html)):
            wanted = Wanted(name, audiences, "fr")
            if html := render_wanted([wanted], None).get(wanted):
                self.html = markup.with_elements(self.html, html)
        for part in self.parts:
            if nouns & {noun_of(shown) for shown in part.shows}:
                address = part.address and address_of(part.address, [part.id])
                html = self._get(address, HX_Request="true") if address else fresh.html
                if now := markup.part(html, part.id):
                    self.html = markup.put(self.html, part.id, now)

    def pass_instants(self, now: datetime) -> None:
        """What the clock does in the browser, without a request."""
        self.html = markup.with_past_states(self.html, now.timestamp())


@lru_cache(maxsize=64)
def compared(html: str) -> str:
    for pattern in LEFT_OUT:
        html = pattern.sub("", html)
    cards = iter(sorted(CARDS.findall(html)))
    return markup.plain(CARDS.sub(lambda _: next(cards), html))


def received_types(user: User | None, edition: Edition, since: int) -> set[str]:
    """The types of the messages that this user's open pages received."""
    messages = LiveMessage.objects.for_audiences(roles.audiences_for(user, edition)).filter(
        pk__gt=since
    )
    return set(messages.values_list("type", flat=True))
