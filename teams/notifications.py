from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.formats import iso_utc
from hackathon.base.push.registry import Notification, source
from hackathon.event.editions.models import Brief, BriefVersion
from hackathon.event.editions.rules import brief_is_published
from teams.enums import HELD_STATES
from teams.models import HelpRequest

NEWS = timedelta(minutes=30)


@source("call")
def call_taken(pk: int) -> Notification | None:
    """None if the call was released or closed meanwhile."""
    calls = HelpRequest.objects.select_related("claimed_by", "team")
    call = calls.filter(pk=pk, state__in=HELD_STATES).first()
    if call is None or call.claimed_by is None or call.claimed_at is None:
        return None
    return Notification(
        key=f"call:{call.pk}:{iso_utc(call.claimed_at)}",
        title=_("On s’occupe de votre appel"),
        body=_("{person} a pris l’appel de « {team} » ({kind}).").format(
            person=call.claimed_by.display_name, team=call.team, kind=call.get_kind_display()
        ),
        path=reverse("teams:mine"),
        at=call.claimed_at,
        until=call.claimed_at + NEWS,
        users=User.objects.filter(memberships__team=call.team_id, is_active=True),
    )


@source("brief")
def brief_published(pk: int) -> Notification | None:
    """Has no text of the brief. None before its instant, or if another edition is shown."""
    briefs = Brief.objects.published(clock.now()).select_related("department")
    brief = briefs.filter(pk=pk, department__edition__is_current=True).first()
    if brief is None:
        return None
    return Notification(
        key=f"brief:{brief.pk}:{iso_utc(brief.published_at)}",
        title=_("Votre sujet est paru"),
        body=brief.department.name,
        path=reverse("editions:brief", args=[brief.department.code]),
        at=brief.published_at,
        until=brief.published_at + NEWS,
        users=User.objects.filter(memberships__team__department=brief.department, is_active=True),
    )


@source("brief-changed")
def brief_changed(version_pk: int) -> Notification | None:
    """None if there is a newer text, the brief is secret again, or another edition is shown."""
    versions = BriefVersion.objects.select_related("brief__department")
    shown = versions.filter(brief__department__edition__is_current=True)
    version = shown.filter(pk=version_pk, replaces_public=True).first()
    if version is None or version.written_at is None or version != version.brief.versions.first():
        return None
    department = version.brief.department
    if not brief_is_published(version.brief, at=clock.now()):
        return None
    return Notification(
        key=f"brief-changed:{version.pk}",
        title=_("Votre sujet a changé"),
        body=_("{department} : ce qui a changé est en haut du sujet.").format(
            department=department.name
        ),
        path=reverse("editions:brief", args=[department.code]),
        at=version.written_at,
        until=version.written_at + NEWS,
        users=User.objects.filter(memberships__team__department=department, is_active=True),
    )
