"""What pages of the core show of the gallery."""

from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.core import clock
from hackathon.base.core.extras import TeamPage
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import grace_ends_at
from hackathon.event.roles import Roles
from hackathon.extras.gallery import selectors
from teams.own import own_membership


def own_gallery(request: HttpRequest, _edition: Edition | None) -> str:
    """What a member chooses for the works of the own team, if there are any. Three queries. Neither
    an instant nor the publication changes it, so that no page fetches it then.
    """
    membership = own_membership(request)
    if membership is None:
        return ""
    own = {"own": selectors.own_gallery(membership)}
    return render_to_string("gallery/_own.html", own, request)


def is_in_navigation(roles: Roles, edition: Edition, at: datetime) -> bool:
    """Of students and helpers, once it is open. A juror's way in depends on the decision of the
    jury. No query until the grace has ended; then two after what it shows has changed.
    """
    helps = roles.duties and not roles.juries
    if not (helps or roles.membership) or at < grace_ends_at(edition):
        return False
    shows = "work extension deliverable results edition"
    instant = once(edition, "gallery opens", selectors.opens_at, shows)
    return instant is not None and instant <= at


def about_teams(edition: Edition, teams: Collection[int]) -> dict[int, TeamPage]:
    """Of the teams that everybody may see. Eight queries."""
    works = selectors.works_by_team(selectors.public_visit(edition, at=clock.now()), teams)
    pages = {}
    for pk, work in works.items():
        args, picture = [edition.slug, pk], ""
        if work.picture:
            thumbnail = [edition.slug, work.picture.submission.pk]
            picture = reverse("gallery:public-thumbnail", args=thumbnail)
        url = reverse("gallery:public-work", args=args)
        pages[pk] = TeamPage(url, _("Voir le travail"), work.sentence, picture)
    return pages
