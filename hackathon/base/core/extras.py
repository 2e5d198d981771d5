"""What a school may switch off for an edition, or not install (`docs/architecture.md`, « Extras »).

An extra is an app in `hackathon/extras/`. Nothing outside its folder names it. It says in its
module `extra` what the pages of the core show of it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PACKAGE = "hackathon.extras"

type Text = str | Promise
type Render = Callable[[Any, Any], str]
type IsShown = Callable[[Any, Any, datetime], bool]
type AboutTeams = Callable[[Any, Collection[int]], Mapping[int, "TeamPage"]]
type AboutDigests = Callable[[Any, Collection[str]], Mapping[str, str]]
type GetResponse = Callable[[HttpRequest], HttpResponse]
type Period = tuple[datetime, datetime]  # the first instant, and the one after the last


class Concerns(TextChoices):
    STUDENTS = "students", _("les étudiants")
    JURORS = "jurors", _("les jurys")
    HELPERS = "helpers", _("les personnes qui aident")
    ORGANIZERS = "organizers", _("l’organisation")
    EVERYBODY = "everybody", _("tout le monde")


class Place(Enum):
    """Where pages of the core show parts of extras, by `{% extras "PLACE" %}`."""

    EVERY_PAGE = "every-page"  # above the content
    FOOT = "foot"  # first in the footer of every page
    HOME = "home"  # first on the front page
    STUDENT = "student"  # first on the page of the own team, and on that of the hand-in
    STUDENT_NEWS = "student-news"  # there, below what is to hand in, and below the call for help
    HAND_IN = "hand-in"  # templates and scripts of the page of the hand-in
    TEAM_FIRST = "team-first"  # on the page of the own team, above its members
    TEAM = "team"  # below the own team, or what is there without one
    BRIEFS = "briefs"  # above the list of briefs, and below each brief that is public
    CALLS = "calls"  # of those who answer calls
    PROJECTORS = "projectors"  # on the pages about the projectors of an edition
    SCREEN = "screen"  # over the stage of each projector
    CONTROL = "control"  # blocks of the control room; fetched by their names
    CONTROL_ACTS = "control-acts"  # buttons of the control room
    SECTION = "section"  # behind the name of the edition, on each page of its organizers
    CHECKS = "checks"  # buttons above the checks before the day
    CHECK_CARDS = "check-cards"  # cards above them
    DEPOSITS = "deposits"  # below the rule on the page of the hand-in
    HEALTH = "health"  # facts about the service, in the control room
    ATTENTION = "attention"  # rows of what needs attention now, in the control room
    PRINT = "print"  # cards of what organizers print, by `printing/_sheet.html`
    RULES = "rules"  # below the rules of the day
    RESULTS = "results"  # buttons below the published results of an edition
    PRESS = "press"  # on the press page of an edition, below its winners and its story
    OWN_RESULTS = "own-results"  # buttons for members of a team, then; rendered without a request
    OWN_MARKS = "own-marks"  # above what the own team got; also on pages of extras that show it
    TEAM_SHEET = "team-sheet"  # on the page of a team for organizers; the team is in the address
    JUROR = "juror"  # above the teams of a juror
    JURY_REPORT = "jury-report"  # below the progress of an open jury, as in its address
    RECEIPT = "receipt"  # beside a receipt; the submission is in the address
    SEALS = "seals"  # beside public seals: how to verify them
    ENVELOPES = "envelopes"  # beside envelopes: as well
    PRESIDENT = "president"  # tabs of a jury's president, whose department is in the address


class Section(TextChoices):
    """Of the organizers' pages, in the order in which an edition needs them."""

    PREPARE = "prepare", _("Préparer")
    PROGRAM = "program", _("Le programme")
    PEOPLE = "people", _("Les gens")
    ROOM = "room", _("La salle")
    DAY = "day", _("Le jour")
    AFTER = "after", _("Après")
    SETTINGS = "settings", _("Réglages")


@dataclass(frozen=True)
class Part:
    """`render` gets the request of the page and the edition that the page is about. `name`: of a
    block that the page fetches again by `block-NAME`, its id. `shows`: of a row of `ATTENTION` and
    of what is on a `TEAM_SHEET`, the nouns of messages after which it is fetched again.
    """

    place: Place
    render: Render
    name: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Page:
    """Of an edition, whose slug is the only argument of its address, or over all editions of an
    organizer, without argument. `section`: a tab of it, on the pages of its organizers.
    """

    url_name: str
    label: Text
    icon: str = ""
    section: Section = Section.SETTINGS


@dataclass(frozen=True)
class Entry:
    """Of the navigation. `is_shown` gets the roles, the edition and the instant."""

    url_name: str
    label: Text
    icon: str
    is_shown: IsShown


@dataclass(frozen=True)
class TeamPage:
    """Public, of a winner or nominee. `sentence` and `picture`, an address, are for the press."""

    url: str
    label: Text
    sentence: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Consent:
    """What people have agreed to: `given` yields a key, a text and an instant for each."""

    label: Text
    given: Callable[[Any], Iterable[tuple[int, str, datetime | None]]]
    withdraw: Callable[[Any, int, datetime], None]


def _never(_edition: Any) -> None:
    return None


@dataclass(frozen=True)
class ProjectorScene:
    """Beside those of the core. `value`: stored as what an organizer has chosen, at most 15
    characters. `hint`: for the one who chooses. `render` gets the request, the edition, and the
    projector, None for one without a name. `period`: when projectors with a name show it by
    themselves, if the clock asks for no other scene than the night; it gets the edition.
    """

    value: str
    label: Text
    hint: Text
    render: Callable[[HttpRequest, Any, Any], str]
    period: Callable[[Any], Period | None] = _never


@dataclass(frozen=True)
class Extra:
    """`sentence`: for an organizer, what it adds. `cloned`: what a copy of an edition takes over of
    it, ticked unless the organizer says otherwise; its receiver gets `name` among `parts`.
    `pages`: of organizers. `published`: tabs of the lasting pages of an edition.
    `overviews`: pages over all editions that have this extra on, as those below their addresses.
    `about_teams`: gets an edition with public results and ids of its winners and nominees.
    `about_digests`: gets an edition and digests of its seals or envelopes, and gives HTML for some.
    `api`: views by their addresses below `/api/v1/`.
    `periodic`: entries of `beat_schedule`, whose tasks leave out editions without this extra.
    `ceremony`: steps of the ceremony, a `judging.ceremony.selectors.state.Addition`.
    `demo`: fills the demo edition, see `hackathon.run.demo.build.Made`.
    `middleware`: a class or function as in `MIDDLEWARE`, only with `__call__`.
    `of_site`: it concerns the whole site, so editions have no switch for it: where it is installed
    it is on.
    """

    name: str
    label: Text
    sentence: Text = ""
    concerns: tuple[Concerns, ...] = ()
    pages: tuple[Page, ...] = ()
    published: tuple[Page, ...] = ()
    overviews: tuple[Page, ...] = ()
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    fragments: tuple[Any, ...] = ()
    about_teams: AboutTeams | None = None
    about_digests: AboutDigests | None = None
    api: Mapping[str, Any] = field(default_factory=dict)
    scenes: tuple[ProjectorScene, ...] = ()
    cloned: Text = ""
    consents: Mapping[str, Consent] = field(default_factory=dict)
    periodic: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ceremony: Any = None
    demo: Callable[[Any], None] | None = None
    middleware: Callable[[GetResponse], GetResponse] | None = None
    of_site: bool = False


class Registry:
    """In the order of `settings.EXTRAS`, those that are installed."""

    def __init__(self) -> None:
        self._extras: dict[str, Extra] = {}

    def add(self, extra: Extra) -> None:
        self._extras[extra.name] = extra

    def __iter__(self) -> Iterator[Extra]:
        return (self._extras[name] for name in settings.EXTRAS)

    def __getitem__(self, name: str) -> Extra:
        return self._extras[name]


registry = Registry()


def with_switch() -> list[Extra]:
    return [extra for extra in registry if not extra.of_site]


def installed() -> list[str]:
    """The default of a new edition: all that it can switch on."""
    return [extra.name for extra in with_switch()]


def is_on(name: str, edition: Any) -> bool:
    if name not in settings.EXTRAS:
        return False
    return registry[name].of_site or (edition is not None and name in edition.extras)


def of(edition: Any) -> Iterator[Extra]:
    """Those that this edition uses."""
    return (extra for extra in registry if is_on(extra.name, edition))


def overviews(editions: Iterable[Any]) -> list[Page]:
    """Over these editions, of which one at least has the extra of the page on."""
    used = {extra.name for edition in editions for extra in of(edition)}
    return [page for extra in registry if extra.name in used for page in extra.overviews]


def extra_of(module: str) -> str:
    """« meals » for a module of its package, "" for one of the core."""
    inner = module.removeprefix(f"{PACKAGE}.")
    return "" if inner == module else inner.partition(".")[0]


def parts(edition: Any, place: Place) -> Iterator[Part]:
    return (part for extra in of(edition) for part in extra.parts if part.place == place)


def about_teams(edition: Any, teams: Collection[int]) -> dict[int, list[TeamPage]]:
    found: defaultdict[int, list[TeamPage]] = defaultdict(list)
    for extra in of(edition):
        for pk, page in (extra.about_teams(edition, teams) if extra.about_teams else {}).items():
            found[pk].append(page)
    return dict(found)


def about_digests(edition: Any, digests: Collection[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for extra in of(edition):
        about = extra.about_digests(edition, digests) if extra.about_digests else {}
        for digest, html in about.items():
            found[digest].append(html)
    return dict(found)


def all_scenes() -> list[ProjectorScene]:
    """Also of extras that an edition has off."""
    return [scene for extra in registry for scene in extra.scenes]


def scenes(edition: Any) -> list[ProjectorScene]:
    return [scene for extra in of(edition) for scene in extra.scenes]


def cloned(edition: Any) -> dict[str, Text]:
    """What a copy of this edition may take over of its extras, by their names."""
    return {extra.name: extra.cloned for extra in of(edition) if extra.cloned}
