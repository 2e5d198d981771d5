from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from hackathon.base.core import extras
from hackathon.base.core.views import edition_of
from hackathon.day.questions.selectors import answerer_of
from hackathon.day.site.unread import NONE, Count, Unread, unread_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import may_create_editions
from hackathon.event.roles import Roles


@dataclass(frozen=True)
class NavItem:
    """`icon` is a name of Tabler's set; `count` the field `counter` of `Unread`."""

    label: str
    url: str
    icon: str
    current: bool
    counter: str = ""
    count: Count = NONE

    @property
    def news(self) -> str:
        """For `questions.js`, on a link to questions: whether this user asks or answers."""
        return "answers" if self.url == resolve_url("questions:queue") else "asks"


def nav_items(request: HttpRequest, roles: Roles, *, at: datetime) -> list[NavItem]:
    """Six queries at most, for the counters."""
    edition = edition_of(request)
    if edition is None:
        return _without_edition(request)
    links = (
        _organizer(roles)
        | _desk(roles, edition)
        | _jury(roles)
        | _answering(roles)
        | _student(request, roles)
    )
    for extra in extras.of(edition):
        for entry in extra.entries:
            if entry.is_shown(roles, edition, at):
                links[resolve_url(entry.url_name)] = (str(entry.label), entry.icon)
    if request.user.is_authenticated:
        links[resolve_url("editions:briefs")] = (_("Sujets"), "file-text")
        links[resolve_url("announcements:list")] = (_("Annonces"), "speakerphone")
    if results_are_public(edition, at=at):
        links[resolve_url("judging:palmares")] = (_("Palmarès"), "trophy")
    current = max((url for url in links if request.path.startswith(url)), key=len, default="")
    counters = {resolve_url(name): "questions" for name in ("questions:list", "questions:queue")}
    if roles.membership is not None:
        counters[resolve_url("editions:briefs")] = "briefs"
    if not roles.organizer:
        counters[resolve_url("announcements:list")] = "announcements"
    live = getattr(request, "live", None)
    unread = unread_of(request.user, roles, edition, live, at=at) if links else Unread()
    return [
        NavItem(
            label,
            url,
            icon,
            current=url == current,
            counter=counters.get(url, ""),
            count=getattr(unread, counters.get(url, ""), NONE),
        )
        for url, (label, icon) in links.items()
    ]


def _without_edition(request: HttpRequest) -> list[NavItem]:
    """One query."""
    if not may_create_editions(request.user):
        return []
    url = resolve_url("editions:list")
    icon, current = "adjustments-horizontal", request.path.startswith(url)
    return [NavItem(_("Organisation"), url, icon, current=current)]


type Links = dict[str, tuple[str, str]]


def _organizer(roles: Roles) -> Links:
    if not roles.organizer:
        return {}
    return {
        resolve_url("control_room:control"): (_("Pilotage"), "layout-dashboard"),
        resolve_url("teams:queue"): (_("Appels"), "lifebuoy"),
        resolve_url("editions:list"): (_("Organisation"), "adjustments-horizontal"),
        resolve_url("stage:projector"): (_("Écran"), "device-tv"),
    }


def _desk(roles: Roles, edition: Edition) -> Links:
    if not roles.desk:
        return {}
    return {
        resolve_url("people:desk", edition.slug): (_("Table d’accueil"), "users"),
        resolve_url("submissions:extensions", edition.slug): (_("Temps accordé"), "hourglass-high"),
    }


def _answering(roles: Roles) -> Links:
    links = {}
    if roles.duties:
        links[resolve_url("teams:queue")] = (_("Appels"), "lifebuoy")
    if answerer_of(roles).answers_any:
        links[resolve_url("questions:queue")] = (_("Questions"), "messages")
    return links


def _student(request: HttpRequest, roles: Roles) -> Links:
    """The pages of a team; for a user without any role the page where they find a team."""
    if roles.membership is None:
        has_role = roles.organizer or roles.juries or roles.duties or roles.desk
        if has_role or not request.user.is_authenticated:
            return {}
        return {resolve_url("teams:mine"): (_("Équipe"), "users")}
    links = {
        resolve_url("submissions:deposits"): (_("Rendu"), "upload"),
        resolve_url("teams:mine"): (_("Équipe"), "users"),
    }
    if not answerer_of(roles).answers_any:
        links[resolve_url("questions:list")] = (_("Questions"), "messages")
    return links


def _jury(roles: Roles) -> Links:
    if not roles.juries:
        return {}
    links = {resolve_url("judging:index"): (_("Jury"), "clipboard-check")}
    presided = [j.department for j in roles.juries if j.is_president]
    for department in presided:
        label = _("Délibération")
        if len(presided) > 1:
            label = f"{label} {department.code}"
        links[resolve_url("judging:deliberation", department.code)] = (label, "scale")
    return links


FOR_ORGANIZERS, WITHOUT_ROLE = "control_room:control", "teams:mine"


def start_page(roles: Roles) -> str:
    """A URL name."""
    if roles.organizer:
        return FOR_ORGANIZERS
    if roles.desk:
        return "people:desk"
    if roles.juries:
        return "judging:index"
    if roles.duties:
        return "teams:queue"
    return "submissions:deposits" if roles.membership is not None else WITHOUT_ROLE
