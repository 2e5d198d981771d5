"""Parts of pages that many people see alike (`docs/live.md`).

Each is rendered once for all who see the same, and sent to their open pages when a live message
has changed it. Rendered without a request: nothing of one person can be in it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hackathon.base.core import extras

type Audiences = frozenset[str]
type Viewer = Hashable

# A boundary belongs to the earlier state: 23:00:00 is still on time.
JUST_AFTER = timedelta(milliseconds=1)
MAX_LATER = 8  # later states in a page; a day has fewer
MAX_RENDERED = 2_000
SHARED_SECONDS = 30  # names of people change without a message


def everyone(_edition: Any) -> Callable[[Audiences], Viewer]:
    return lambda _audiences: "everyone"


def never(_edition: Any, _viewer: Any, _at: datetime) -> Iterable[datetime]:
    return ()


def one_by_one(_edition: Any, _viewers: Collection[Any], _at: datetime) -> None:
    """`context` reads for each viewer."""


@dataclass(frozen=True)
class Fragment:
    """One or more elements, each with an id.

    `shows`: the nouns of the messages that change it, as in `data-shows` of other parts.
    `viewer_of(edition)` returns a function from a person's audiences to what the fragment depends
    on; None: they do not see it. People with equal viewers see the same.
    `context` and `instants` get the edition, the viewer and an instant.
    `read_ahead` is called before it is rendered for several viewers: it reads for all of them at
    once, and passes it to `context` with `put_ahead`. The deposits of 60 teams take 37 queries and
    0.08 s of CPU with it, 361 and 0.24 s without.
    `instants`: when the clock alone changes it; it is then a single element.
    `max_age`: for how many seconds a page may show it as rendered before, if no message was
    published since (one second, if it shows the time that is left).
    `every`: rendered again after so many seconds for open pages: what it shows next is secret until
    then, or changes without a message.
    `extra`: which one it belongs to; it is not rendered while that is off.
    """

    name: str
    template: str
    shows: str
    context: Callable[[Any, Any, datetime], dict[str, Any]]
    viewer_of: Callable[[Any], Callable[[Audiences], Viewer | None]] = everyone
    instants: Callable[[Any, Any, datetime], Iterable[datetime]] = never
    read_ahead: Callable[[Any, Collection[Any], datetime], None] = one_by_one
    max_age: int = 1
    every: int = 0
    extra: str = ""


@dataclass
class _Rendered:
    html: SafeString
    at: datetime
    until: datetime | None


@dataclass
class Registry:
    """The fragments of one message are sent in the order of registration: those of every page
    first, those of one page that differ by team last.
    """

    fragments: dict[str, Fragment] = field(default_factory=dict)

    def add(self, *fragments: Fragment) -> None:
        for fragment in fragments:
            self.fragments[fragment.name] = fragment

    def showing(self, nouns: Collection[str]) -> set[str]:
        """The names of those that show one of these."""
        return {
            name
            for name, fragment in self.fragments.items()
            if not set(fragment.shows.split()).isdisjoint(nouns)
        }


registry = Registry()
_rendered: dict[tuple[Hashable, ...], _Rendered] = {}
_rendering: dict[tuple[Hashable, ...], Lock] = {}
# By name and edition: version, monotonic time, result.
_shared_results: dict[tuple[str, int], tuple[Hashable, float, Any]] = {}


def render(
    fragment: Fragment, edition: Any, viewer: Viewer, *, at: datetime, version: Hashable
) -> SafeString:
    """The fragment at `at`, and a template element for each later state.

    `version`: changes with each message about the nouns that it shows. It must be read before the
    data. None: the fragment is not kept. In the active language and zone.
    """
    if version is None:
        return _render(fragment, edition, viewer, at)[0]
    key = (fragment.name, edition and edition.pk, viewer, get_language(), version)
    # A message makes many pages ask at once. Without the lock each thread would render the same.
    with _rendering.setdefault(key, Lock()):
        try:
            earlier = _rendered.get(key)
            if earlier is not None and _is_valid(earlier, fragment, at):
                return earlier.html
            html, instants = _render(fragment, edition, viewer, at)
            if len(_rendered) >= MAX_RENDERED:
                # All of them: most have an old version, and will not be asked for again.
                _rendered.clear()
            until = min((instant for instant in instants if instant >= at), default=None)
            _rendered[key] = _Rendered(html, at, until)
            return html
        finally:
            _rendering.pop(key, None)


def _render(
    fragment: Fragment, edition: Any, viewer: Viewer, at: datetime
) -> tuple[SafeString, list[datetime]]:
    template = get_template(fragment.template)
    instants = list(fragment.instants(edition, viewer, at))

    def state_at(instant: datetime) -> str:
        context = fragment.context(edition, viewer, instant)
        return template.render({"edition": edition, "server_now": instant, **context})

    return with_later_states(state_at, instants, at=at), instants


def with_later_states(
    state_at: Callable[[datetime], str], instants: Iterable[datetime], *, at: datetime
) -> SafeString:
    """The element at `at`. Within it, a template element for each state after one of `instants`."""
    html = last = state_at(at).strip()
    later = ""
    for instant in sorted({instant for instant in instants if instant >= at})[:MAX_LATER]:
        state = state_at(instant + JUST_AFTER).strip()
        if state != last:
            last = state
            later += format_html(
                '<template data-at="{}">{}</template>',
                instant.isoformat(),
                mark_safe(state),  # noqa: S308 - rendered by a template
            )
    body, tag, end = html.rpartition("</")
    return mark_safe(body + later + tag + end)  # noqa: S308 - rendered by templates


def once[T, R](edition: T, name: str, read: Callable[[T], R], shows: str = "") -> R:
    """Calls `read` once for each page and keeps the result on `edition`, which is made anew for
    each page.

    `shows`: pages of this process share the result until there is another message with one of these
    nouns, for at most `SHARED_SECONDS`. It may then depend on nothing but the edition: neither on a
    person, nor on the clock, nor on the language.
    """
    results: dict[str, R] = edition.__dict__.setdefault("_read_for_fragments", {})
    if name not in results:
        version_of = edition.__dict__.get("_version_of")
        results[name] = (
            _shared(edition, name, read, version_of(shows))
            if shows and version_of is not None and settings.FRAGMENTS_CACHED
            else read(edition)
        )
    return results[name]


def put_ahead[V: Hashable](edition: Any, name: str, by_viewer: Mapping[V, Any]) -> None:
    """Replaces what was put under this name before."""
    edition.__dict__.setdefault("_read_ahead", {})[name] = dict(by_viewer)


def ahead(edition: Any, name: str, viewer: Viewer) -> Any:
    """None if it was not read ahead."""
    return edition.__dict__.get("_read_ahead", {}).get(name, {}).get(viewer)


def set_versions(edition: Any, version_of: Callable[[str], Hashable] | None) -> None:
    """For `once`. `version_of` nouns: changes with each message that has one of them. It must be
    read before the edition.
    """
    edition.__dict__["_version_of"] = version_of


def _shared(edition: Any, name: str, read: Callable[[Any], Any], version: Hashable) -> Any:
    now = monotonic()
    last = _shared_results.get((name, edition.pk))
    if last is None or last[0] != version or now > last[1] + SHARED_SECONDS:
        last = _shared_results[name, edition.pk] = version, now, read(edition)
    return last[2]


def is_on(fragment: Fragment, edition: Any) -> bool:
    return not fragment.extra or extras.is_on(fragment.extra, edition)


def viewers(
    fragment: Fragment, edition: Any, audiences: Iterable[Audiences]
) -> dict[Audiences, Viewer]:
    """Without those who do not see it."""
    if not is_on(fragment, edition):
        return {}
    viewer_of = fragment.viewer_of(edition)
    by_audiences = {each: viewer_of(each) for each in audiences}
    return {each: viewer for each, viewer in by_audiences.items() if viewer is not None}


def _is_valid(earlier: _Rendered, fragment: Fragment, at: datetime) -> bool:
    if not settings.FRAGMENTS_CACHED or (earlier.until is not None and at > earlier.until):
        return False
    if fragment.every and at.replace(microsecond=0) > earlier.at:
        return False  # what it shows next may have become public at this full second
    # Not from a later instant either: the clock may have been set back.
    return timedelta() <= at - earlier.at < timedelta(seconds=fragment.max_age)
