"""An open page without a browser: what its scripts do with messages, instants and answers."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import httpx

from hackathon.run.page_client import markup
from hackathon.run.page_client.live import Connection
from hackathon.run.page_client.markup import Element
from hackathon.run.page_client.parts import Parts, address_of

if TYPE_CHECKING:
    from hackathon.run.page_client.client import Browser

HTML = {"Accept": "text/html"}
HTMX = {"HX-Request": "true"}
# After a change without a request, when this program computes what the page is: 400 browsers have
# processors of their own.
SETTLE_SECONDS = (0.5, 1.5)


class Tab:
    """Instants are epoch seconds.

    `busy`: what the page does or waits for because of a message, an instant or a lost socket.
    """

    def __init__(self, browser: "Browser", path: str, html: str) -> None:
        self.browser, self.path = browser, path
        self.busy = 0
        self.caught_up_at = 0.0
        self._html = html
        self._changes: list[tuple[float, Callable[[str], str]]] = []  # not computed yet
        self._tasks: set[asyncio.Task[Any]] = set()
        self._settling: asyncio.Task[None] | None = None
        self.parts = Parts(self)
        self.connection = Connection(self, html)
        self.start(self.connection.run(), awaited=False)

    def start(self, work: Coroutine[Any, Any, Any], *, awaited: bool = True) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self.busy += awaited
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._ended(task, awaited=awaited))
        return task

    def _ended(self, task: asyncio.Task[Any], *, awaited: bool) -> None:
        self.busy -= awaited
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.browser.notes.trouble.append(repr(error))

    def later(
        self, seconds: float, run: Callable[[], object], *, awaited: bool
    ) -> asyncio.Task[None]:
        async def wait() -> None:
            await asyncio.sleep(max(0.0, seconds))
            run()

        return self.start(wait(), awaited=awaited)

    def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    async def fetch(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        return await self.browser.request(method, path, kind="part", **more)

    def dispatch(self, message: dict[str, Any]) -> None:
        if message["type"] == "fragment.rendered":
            html = message["data"]["html"]
            self.change(lambda before: markup.with_elements(before, html))
        elif "data" in message:
            self.parts.on(message)

    # ------------------------------------------------------------ the page

    @property
    def html(self) -> str:
        """As it is now."""
        changes, self._changes = self._changes, []
        for at, change in changes:
            self._html = change(self._html)
            self.has_changed(at, self._html)
        return self._html

    @property
    def elements(self) -> list[Element]:
        return markup.live_elements(self.html)

    def has_changed(self, at: float, html: str) -> None:
        """For those who measure."""

    def show(self, html: str) -> None:
        if html is not self.html:
            self._html = html
            self.has_changed(time.time(), html)

    def change(self, change: Callable[[str], str]) -> None:
        """The page changes now. It is computed when somebody asks for it."""
        self._changes.append((time.time(), change))
        if self._settling is None:
            self._settling = self.later(
                random.uniform(*SETTLE_SECONDS), self._settle, awaited=False
            )

    def _settle(self) -> None:
        self._settling = None
        self.page_changed()

    def page_changed(self) -> None:
        self.parts.changed()

    async def fetch_parts(self, address: str, ids: list[str]) -> bool:
        path = address_of(address, ids) if address else self.path
        answer = await self.fetch("GET", path, headers={**HTML, **(HTMX if address else {})})
        if answer is None or answer.status_code >= 500:
            return False
        if answer.status_code == 200:
            html, text = self.html, answer.text
            for each in self.parts.parts:
                if each.address == address and (fresh := markup.part(text, each.id)):
                    html = markup.put(html, each.id, fresh)
            self.show(html)
            self.page_changed()
        return True
