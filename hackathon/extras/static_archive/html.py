"""Where the pages of an archive lead, and what of them works without a server."""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

# (element, attribute, address, whether a person typed it) -> the address in its place; None: the
# attribute is left out. Links that people typed have `rel="nofollow"`.
type Resolve = Callable[[str, str, str, bool], str | None]

# With what they contain: nothing of it does anything without a script or a server.
LEFT_OUT = frozenset({"script", "noscript", "template", "form", "button", "dialog", "iframe"})
ADDRESSES = frozenset({"href", "src", "poster", "data", "srcset", "action", "formaction"})
# What follows a server, or differs while the edition is the one that the site shows.
ATTRIBUTES_LEFT_OUT = ("data-shows", "nonce", "hx-", "on")
LINKS = frozenset({"a", "area"})
VOID = frozenset({"img", "link", "meta", "br", "hr", "source", "track", "input", "wbr", "col"})


def static_page(html: str, resolve: Resolve) -> str:
    page = _StaticPage(resolve)
    page.feed(html)
    page.close()
    return "".join(page.parts)


class _StaticPage(HTMLParser):
    """Writes what it reads, but for what is left out or has another address."""

    def __init__(self, resolve: Resolve) -> None:
        super().__init__(convert_charrefs=False)
        self.resolve = resolve
        self.parts: list[str] = []
        self.skipped: list[str] = []  # the elements that are open in one that is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        # `meta property` has addresses of the site.
        is_out = tag in LEFT_OUT or "hidden" in names or (tag == "meta" and "property" in names)
        if self.skipped or is_out:
            if tag not in VOID:
                self.skipped.append(tag)
            return
        self._write_tag(tag, attrs, ">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.skipped and tag not in LEFT_OUT:
            self._write_tag(tag, attrs, "/>")

    def _write_tag(self, tag: str, attrs: list[tuple[str, str | None]], end: str) -> None:
        typed = "nofollow" in (dict(attrs).get("rel") or "").split()
        kept = [
            (name, self.resolve(tag, name, value or "", typed) if name in ADDRESSES else value)
            for name, value in attrs
            if not name.startswith(ATTRIBUTES_LEFT_OUT)
        ]
        kept = [(name, v) for name, v in kept if v is not None or name not in ADDRESSES]
        if kept == attrs:
            # A condition of a template may leave spaces at the end.
            self.parts.append(re.sub(r"\s+>$", ">", self.get_starttag_text() or ""))
            return
        written = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept]
        self.parts.append("<" + " ".join([tag, *written]) + end)

    def handle_endtag(self, tag: str) -> None:
        if not self.skipped:
            self.parts.append(f"</{tag}>")
        elif tag in self.skipped:
            while self.skipped.pop() != tag:
                pass  # one whose end is not written, such as <li>

    def _write(self, text: str) -> None:
        if not self.skipped:
            self.parts.append(text)

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")
