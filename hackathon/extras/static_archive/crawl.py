"""The lasting pages of an edition (decision 46), as an anonymous visitor sees them.

They come from the views of the site, called without its middleware: there is no session, no shown
edition and no clock of the page, so that what is published alone decides about the bytes.
"""

import hashlib
import posixpath
import re
from collections import defaultdict, deque
from collections.abc import Iterable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hackathon.base.core.errors import NotFound
from hackathon.extras.static_archive.html import LINKS, static_page
from submissions.models import Submission

FRAME = "static_archive/frame.html"
FRENCH = "fr"
FOLDERS = {FRENCH: "", "en": "en/"}
DIGESTS = "SHA256SUMS"
SHOWN = "fichiers/"  # what pages show and is no page of the edition, such as logos of partners
SAME_PAGE_IN = re.compile(r"/(fr|en)(?=/)")
OUTSIDE = ("http", "https", "mailto", "tel")
IN_STYLESHEET = re.compile(r"""(?:@import\s*|url\(\s*)["']?(?P<url>[^"')\s]+)""")
OTHER_CHARACTERS = re.compile(r"[^A-Za-z0-9._-]+")  # than those that every disk and host takes
# A web server runs what some endings say. So the name that a person gave never decides.
ENDINGS = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/timestamp-reply": ".tsr",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/x-python": ".py",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}


class ArchiveError(Exception):
    """The message says what to do."""


class Address(NamedTuple):
    language: str
    path: str


class Crawl:
    """Breadth first: names of files depend on nothing but the pages. Pages are written last, once
    it is known where each address leads.
    """

    def __init__(self, slug: str, folder: Path) -> None:
        self.slug, self.home = slug, reverse("judging:edition", args=[slug])
        self.folder = folder
        self.digests: dict[str, str] = {}  # SHA-256 of each file, by its path in the folder
        self._targets = {Address(FRENCH, f"/{DIGESTS}"): DIGESTS}
        self._pages: dict[Address, str] = {}
        self._lost: dict[str, str] = {}  # links that people typed, with a page that has it
        self._queue = deque(Address(language, self.home) for language in FOLDERS)

    def run(self) -> None:
        """Raises `ArchiveError`."""
        while self._queue:
            address = self._queue.popleft()
            if address in self._targets:
                continue
            if address.path.startswith(settings.STATIC_URL):
                self._keep_static(address)
            else:
                self._visit(address)
        for address, html in self._pages.items():
            page = static_page(html, lambda *found, at=address: self._link(at, *found))
            self.write(self._targets[address], [page.encode()])

    def _visit(self, address: Address) -> None:
        response = _answer(address)
        try:
            content = cast(Iterable[bytes], response)
            if not response["Content-Type"].startswith("text/html"):
                self._keep(address, response, content)
                return
            html = self._pages[address] = b"".join(content).decode()
            self._targets[address] = self._free(f"{self._folder_of(address)}index.html")
        finally:
            _close(response)
        static_page(html, lambda *found: self._follow(address, *found))

    def notes(self) -> list[str]:
        """What people should know of the archive. One query."""
        works = Submission.objects.filter(team__edition__slug=self.slug, url__in=self._lost)
        teams: dict[str, set[str]] = defaultdict(set)
        for url, team in works.values_list("url", "team__name"):
            teams[url].add(team)
        text = _("{who} : le lien {url} mène à ce site, hors de l’archive : il n’y est plus.")
        return [
            text.format(who=", ".join(sorted(teams[url])) or page, url=url)
            for url, page in sorted(self._lost.items())
        ]

    def _follow(self, page: Address, tag: str, name: str, url: str, typed: bool) -> None:
        wanted = self._wanted(page, tag, name, url)
        if typed or urlsplit(url).netloc or wanted in self._targets:
            return
        if isinstance(wanted, Address):
            self._queue.append(wanted)

    def _link(self, page: Address, tag: str, name: str, url: str, typed: bool) -> str | None:
        wanted = self._wanted(page, tag, name, url)
        if isinstance(wanted, str):
            return wanted
        if wanted is None or wanted not in self._targets:
            if typed or (tag in LINKS and urlsplit(url).netloc):
                self._lost.setdefault(url, page.path)
            return None
        start = posixpath.dirname(self._targets[page]) or "."
        fragment = urlsplit(url).fragment
        relative = posixpath.relpath(self._targets[wanted], start)
        return f"{relative}#{fragment}" if fragment else relative

    def _wanted(self, page: Address, tag: str, name: str, url: str) -> Address | str | None:
        """What the archive may have, an address that stays as it is, or None: never there. What
        people typed is not asked for: it may not exist.
        """
        if url.startswith("#"):
            return url
        is_link = tag in LINKS
        parts = urlsplit(urljoin(settings.SITE_URL + page.path, url))
        if f"{parts.scheme}://{parts.netloc.lower()}" != settings.SITE_URL.lower():
            return url if is_link and name == "href" and parts.scheme in OUTSIDE else None
        if name not in ("href", "src", "poster", "data"):
            return None
        if parts.path.startswith(settings.STATIC_URL) or parts.path == f"/{DIGESTS}":
            return Address(FRENCH, parts.path)
        language, path = page.language, parts.path
        if same := SAME_PAGE_IN.match(path):
            language, path = same[1], path[same.end() :]
        if not path.startswith(self.home):
            return None if is_link else Address(FRENCH, path)
        # A query asks for a list in another order, filtered, or as a file.
        return None if parts.query else Address(language, path)

    def _keep_static(self, address: Address) -> None:
        """At the same place, so that what stylesheets name needs no other address."""
        name = address.path.removeprefix(settings.STATIC_URL)
        if source := finders.find(name):
            content = Path(source).read_bytes()
        else:
            with staticfiles_storage.open(name) as file:  # of production, by its hashed name
                content = file.read()
        self._targets[address] = self.write(f"static/{name}", [content])
        if name.endswith(".css"):
            for match in IN_STYLESHEET.finditer(content.decode()):
                parts = urlsplit(urljoin(address.path, match["url"]))
                if not parts.scheme:
                    self._queue.append(Address(FRENCH, parts.path))

    def _keep(self, address: Address, response: HttpResponseBase, content: Iterable[bytes]) -> None:
        """One that is the same in both languages is kept once."""
        target = self._free(self._folder_of(address) + _filename(address, response))
        self.write(target, content)
        first = self._targets.get(Address(FRENCH, address.path), target)
        if first != target and self.digests[first] == self.digests[target]:
            (self.folder / target).unlink()
            del self.digests[target]
            target = first
        self._targets[address] = target

    def _folder_of(self, address: Address) -> str:
        start = FOLDERS[address.language] if address.path.startswith(self.home) else SHOWN
        folders = unquote(address.path.removeprefix(self.home)).rpartition("/")[0].split("/")
        return start + "".join(f"{_plain(folder)}/" for folder in folders if folder)

    def _free(self, target: str) -> str:
        """Some disks don't tell capitals from small letters."""
        taken = {name.lower() for name in (*self._targets.values(), *self.digests)}
        start, dot, ending = target.rpartition(".")
        number = 1
        while target.lower() in taken:
            number += 1
            target = f"{start}-{number}{dot}{ending}"
        return target

    def write(self, target: str, blocks: Iterable[bytes]) -> str:
        file, digest = self.folder / target, hashlib.sha256()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as written:
            for block in blocks:
                written.write(block)
                digest.update(block)
        self.digests[target] = digest.hexdigest()
        return target


def _answer(address: Address) -> HttpResponseBase:
    """To an anonymous visitor."""
    site = urlsplit(settings.SITE_URL)
    is_secure = site.scheme == "https"
    request = RequestFactory(headers={"host": site.netloc}).get(address.path, secure=is_secure)
    request.user = AnonymousUser()
    request.page_frame = FRAME  # type: ignore[attr-defined]
    request.archive = {  # type: ignore[attr-defined]
        "digests": f"/{DIGESTS}",
        **{language: f"/{language}{address.path}" for language in FOLDERS},
    }
    with translation.override(address.language), suppress(Http404, NotFound):
        view = request.resolver_match = resolve(address.path)
        response = view.func(request, *view.args, **view.kwargs)
        if response.status_code == 200:
            return response
        _close(response)
    raise ArchiveError(
        _(
            "{path} n’existe pas, ou plus : quelque chose a changé pendant l’écriture. Recommencez."
        ).format(path=address.path)
    )


def _close(response: HttpResponseBase) -> None:
    """`response.close()` would also end the request, and with it the connection to the database."""
    for close in response._resource_closers:  # type: ignore[attr-defined]
        close()


def _filename(address: Address, response: HttpResponseBase) -> str:
    """As a browser would store it: the pages say how to verify a file of this name. With one dot:
    web servers obey each ending of `affiche.php.png`.
    """
    header = EmailMessage()
    header["Content-Disposition"] = response.get("Content-Disposition", "inline")
    last = unquote(posixpath.basename(address.path))
    stem = posixpath.splitext(_plain(header.get_filename("") or last))[0].replace(".", "-")
    return stem + ENDINGS.get(response["Content-Type"].partition(";")[0].strip(), ".bin")


def _plain(name: str) -> str:
    return OTHER_CHARACTERS.sub("-", name).lstrip(".") or "fichier"
