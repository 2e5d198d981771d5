from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hackathon.core.addresses import address
from hackathon.core.views import edition_of
from hackathon.editions.rules import results_are_public
from hackathon.editions.selectors import may_create_editions
from hackathon.questions.selectors import answerer_of
from hackathon.roles import Roles
from hackathon.site.unread import NONE, Count, Unread, unread_of


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
        return "answers" if self.url == address("questions:queue") else "asks"


def nav_items(request: HttpRequest, roles: Roles, *, at: datetime) -> list[NavItem]:
    """Five queries at most, for the counters."""
    edition = edition_of(request)
    if edition is None:
        return _without_edition(request)
    found = _organizer(roles) | _jury(roles) | _answering(roles) | _student(request, roles)
    if request.user.is_authenticated:
        found[address("editions:briefs")] = (_("Sujets"), "file-text")
        found[address("announcements:list")] = (_("Annonces"), "speakerphone")
    if results_are_public(edition, at=at):
        found[address("judging:palmares")] = (_("Palmarès"), "trophy")
    current = max((url for url in found if request.path.startswith(url)), key=len, default="")
    counters = {address(name): "questions" for name in ("questions:list", "questions:queue")}
    if not roles.organizer:
        counters[address("announcements:list")] = "announcements"
    live = getattr(request, "live", None)
    unread = unread_of(request.user, roles, edition, live, at=at) if found else Unread()
    return [
        NavItem(
            label,
            url,
            icon,
            current=url == current,
            counter=counters.get(url, ""),
            count=getattr(unread, counters.get(url, ""), NONE),
        )
        for url, (label, icon) in found.items()
    ]


def _without_edition(request: HttpRequest) -> list[NavItem]:
    """One query."""
    if not may_create_editions(request.user):
        return []
    url = address("editions:list")
    icon, current = "adjustments-horizontal", request.path.startswith(url)
    return [NavItem(_("Organisation"), url, icon, current=current)]


type Links = dict[str, tuple[str, str]]


def _organizer(roles: Roles) -> Links:
    if not roles.organizer:
        return {}
    return {
        address("control_room:control"): (_("Pilotage"), "layout-dashboard"),
        address("teams:queue"): (_("Appels"), "lifebuoy"),
        address("editions:list"): (_("Organisation"), "adjustments-horizontal"),
        address("stage:projector"): (_("Écran"), "device-tv"),
    }


def _answering(roles: Roles) -> Links:
    found = {}
    if roles.duties:
        found[address("teams:queue")] = (_("Appels"), "lifebuoy")
    if answerer_of(roles).answers_any:
        found[address("questions:queue")] = (_("Questions"), "messages")
    return found


def _student(request: HttpRequest, roles: Roles) -> Links:
    """The pages of a team; for a user without any role the page where they find a team."""
    if roles.membership is None:
        has_role = roles.organizer or roles.juries or roles.duties
        if has_role or not request.user.is_authenticated:
            return {}
        return {address("teams:mine"): (_("Équipe"), "users")}
    found = {
        address("submissions:deposits"): (_("Rendu"), "upload"),
        address("teams:mine"): (_("Équipe"), "users"),
    }
    if not answerer_of(roles).answers_any:
        found[address("questions:list")] = (_("Questions"), "messages")
    return found


def _jury(roles: Roles) -> Links:
    if not roles.juries:
        return {}
    found = {address("judging:index"): (_("Jury"), "clipboard-check")}
    presided = [j.department for j in roles.juries if j.is_president]
    for department in presided:
        label = _("Délibération")
        if len(presided) > 1:
            label = f"{label} {department.code}"
        found[address("judging:deliberation", department.code)] = (label, "scale")
    return found


def start_page(roles: Roles) -> str:
    """A URL name."""
    if roles.organizer:
        return "control_room:control"
    if roles.juries:
        return "judging:index"
    if roles.duties:
        return "teams:queue"
    return "submissions:deposits" if roles.membership is not None else "teams:mine"
