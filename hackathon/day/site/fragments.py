"""What many pages show alike (`live.fragments`)."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from hackathon.base.core import clock, extras
from hackathon.base.live import fragments
from hackathon.base.live.audiences import EVERYONE
from hackathon.base.live.fragments import Audiences, Fragment, registry
from hackathon.base.live.nouns import noun_of
from hackathon.base.live.sent_fragments import Wanted
from hackathon.day.announcements.selectors import public_announcements
from hackathon.day.questions.fragments import QUESTIONS
from hackathon.day.site.page_clock import page_clock
from hackathon.event.editions import rules
from hackathon.event.editions import selectors as editions
from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.fragments import BRIEFS, moments_of
from hackathon.event.editions.models import Edition
from hackathon.event.partners.fragments import PARTNERS
from judging.ceremony.fragments import CEREMONY
from judging.scoring.fragments import SCORING
from submissions.board import shared_board
from submissions.deposits.fragments import DEPOSIT_RULE, DEPOSITS
from submissions.seals.fragments import SEALS
from submissions.seals.selectors import last_seal
from submissions.transfers.fragments import UPLOADS
from submissions.versions.viewers import PERIOD, ClockViewer, clock_viewers
from teams.fragments import TEAMS

PHASES = f"{PERIOD} deliberation results"
CLOCK = f"{PHASES} deliverable"
READ_AHEAD = 10  # viewers
WINDOWS = f"{PERIOD} team window deliverable"


def _clock(edition: Edition, viewer: ClockViewer, at: datetime) -> dict[str, Any]:
    """Two queries."""
    empty = editions.is_open_without_departments(edition, at=at)
    moments = moments_of(edition)
    return {
        "clock": page_clock(
            edition,
            moments,
            viewer.period,
            own=viewer.own,
            at=at,
            is_open_without_departments=empty,
        )
    }


def _clock_instants(edition: Edition, viewer: ClockViewer, at: datetime) -> Iterable[datetime]:
    period = viewer.period
    instants = [edition.registration_opens_at, edition.registration_closes_at, edition.starts_at]
    instants += [period.deadline_at, period.grace_ends_at] if period else []
    instants += [own.period.deadline_at for own in viewer.own]
    instants += [m.at for m in moments_of(edition) if m.kind == MilestoneKind.AWARDS]
    return [*instants, edition.deadline_at, rules.grace_ends_at(edition), edition.judging_opens_at]


def _day_instants(edition: Edition, viewer: ClockViewer, at: datetime) -> Iterable[datetime]:
    moments = [moment.at for moment in moments_of(edition)]
    return [*moments, *_clock_instants(edition, viewer, at)]


def _facade(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"board": shared_board(edition), "is_before": at < edition.starts_at}


def _about(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """No query of its own: the façade of the page has the departments."""
    lines = shared_board(edition).lines
    names = [line.department.name for line in lines]
    phase = rules.shown_phase(edition, has_departments=bool(names), at=at)
    opens_later = at < edition.registration_opens_at
    return {"departments": names, "phase": phase, "opens_later": opens_later}


def _code(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"offers_code": at <= rules.grace_ends_at(edition)}


def _launch(edition: Edition, _viewer: object, _at: datetime) -> Iterable[datetime]:
    return [edition.starts_at]


def _phases(edition: Edition, _viewer: object, _at: datetime) -> Iterable[datetime]:
    return [
        edition.registration_opens_at,
        edition.registration_closes_at,
        edition.starts_at,
        edition.deadline_at,
        rules.grace_ends_at(edition),
        edition.judging_opens_at,
    ]


def _results(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"results_are_public": rules.results_are_public(edition, at=at)}


def _strangers(_edition: Edition) -> Callable[[Audiences], bool]:
    """Whether a person has no role yet."""
    return lambda audiences: audiences <= {EVERYONE}


def _hero(edition: Edition, has_no_role: bool, at: datetime) -> dict[str, Any]:
    return {
        **_clock(edition, ClockViewer(None), at),
        **_facade(edition, None, at),
        "has_no_role": has_no_role,
    }


def _announcements(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"announcements": public_announcements(edition, limit=3, at=at)}


def _day(edition: Edition, viewer: ClockViewer, at: datetime) -> dict[str, Any]:
    seal = last_seal(edition) if at > edition.deadline_at else None
    return {**_clock(edition, viewer, at), "seal": seal}


registry.add(
    Fragment("clock", "components/clock.html", CLOCK, _clock, clock_viewers, _clock_instants),
    Fragment(
        "clock-strip",
        "components/clock_strip.html",
        CLOCK,
        _clock,
        clock_viewers,
        _clock_instants,
    ),
    DEPOSIT_RULE,
    Fragment("day", "components/day.html", PHASES, _clock, clock_viewers),  # js/sky.js moves it
    *(replace(f, extra=extra.name) for extra in extras.registry for f in extra.fragments),
    *CEREMONY,
    Fragment("facade", "site/_facade.html", WINDOWS, _facade, instants=_launch, max_age=30),
    Fragment(
        "hero", "site/_hero.html", f"{PHASES} {WINDOWS}", _hero, _strangers, _phases, max_age=30
    ),
    Fragment("home-about", "site/_about.html", PHASES, _about, instants=_phases, max_age=30),
    Fragment("home-code", "site/_code.html", PHASES, _code, instants=_phases, max_age=30),
    Fragment(
        "home-announcements",
        "site/_announcements.html",
        "announcement",
        _announcements,
        max_age=30,
    ),
    Fragment(
        "home-day",
        "site/_day.html",
        f"{CLOCK} seal",
        _day,
        clock_viewers,
        _day_instants,
        max_age=30,
    ),
    Fragment(
        "nav-palmares",
        "site/_nav_palmares.html",
        "results edition",
        _results,
        max_age=30,
    ),
    *BRIEFS,
    *PARTNERS,
    *TEAMS,
    *QUESTIONS,
    *SEALS,
    DEPOSITS,
    UPLOADS,
    *SCORING,
)


def render_wanted(
    wanted: Collection[Wanted], version: Hashable, seconds: float = math.inf
) -> dict[Wanted, str]:
    """Of the edition that the site shows; empty for those who do not see it. `version`: changes
    with each live message. `seconds` of the processor's time: then only some, at least one.
    """
    at, until = clock.now(), time.thread_time() + seconds
    edition = _edition(version, at)
    if edition is None:
        return dict.fromkeys(wanted, "")
    by_name: defaultdict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_name[one.name].append(one)
    html_of: dict[Wanted, str] = {}
    with timezone.override(edition.zone):
        for name, ones in by_name.items():
            html_of |= _render_one(registry.fragments[name], edition, ones, at, version, until)
    return html_of


def _render_one(
    fragment: Fragment,
    edition: Edition,
    ones: list[Wanted],
    at: datetime,
    version: Hashable,
    until: float,
) -> Iterator[tuple[Wanted, str]]:
    """All that see the same come together. `until`: of the processor's time of this thread."""
    viewers = fragments.viewers(fragment, edition, {one.audiences for one in ones})
    yield from ((one, "") for one in ones if one.audiences not in viewers)
    by_viewer: defaultdict[Hashable, list[Wanted]] = defaultdict(list)
    for one in ones:
        if one.audiences in viewers:
            by_viewer[viewers[one.audiences]].append(one)
    for some in batched(by_viewer, READ_AHEAD):
        fragment.read_ahead(edition, some, at)
        for viewer in some:
            rendered: dict[str, str] = {}
            for one in by_viewer[viewer]:
                if one.language not in rendered:
                    with translation.override(one.language):
                        html = fragments.render(fragment, edition, viewer, at=at, version=version)
                        rendered[one.language] = html
                yield one, rendered[one.language]
            if time.thread_time() > until:
                return


_last_edition: tuple[Hashable, Edition | None] = (None, None)


def _edition(version: Hashable, at: datetime) -> Edition | None:
    """What its fragments share is read once after a message, and again after a second."""
    global _last_edition
    # Read once: another thread may replace it by an edition of an earlier version.
    key, last = (version, int(at.timestamp())), _last_edition
    if version is None or not settings.FRAGMENTS_CACHED or key != last[0]:
        last = _last_edition = key, Edition.objects.current()
    return last[1]


def changed_fragments(
    names: Iterable[str], types: Collection[str] | None, audiences: Audiences, *, last: int
) -> list[str]:
    """For a page without a socket. `types`: of the messages that it missed; None: too many."""
    declared = {name for name in names if name in registry.fragments}
    always = {name for name in declared if registry.fragments[name].every}
    nouns = {noun_of(kind) for kind in types or ()}
    stale = declared if types is None else declared & registry.showing(nouns) | always
    wanted = [Wanted(name, audiences, translation.get_language()) for name in sorted(stale)]
    # Ids can be committed out of order: what is kept must not be older than a second.
    second = int(clock.now().timestamp())
    html_of = render_wanted(wanted, ("poll", last, second)) if wanted else {}
    return [html for html in html_of.values() if html]
