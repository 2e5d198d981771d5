"""The day as a calendar (RFC 5545), for calendar programs."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import Moment
from hackathon.event.editions.selectors import moments
from hackathon.event.roles import Roles
from submissions.models import Deliverable
from submissions.versions.selectors import department_period, period_of

REFRESH = "PT15M"  # when programs should ask again; many ask more rarely
WARNED = timedelta(hours=1)


def moments_for(edition: Edition, roles: Roles) -> list[Moment]:
    """The milestones; the deadlines with the extensions of the team or the jury's department."""
    deadline_at = edition.deadline_at
    if roles.membership is not None:
        team = roles.membership.team
        team.edition = edition
        deadline_at = period_of(team).deadline_at
    elif len(roles.juries) == 1:
        deadline_at = department_period(edition, roles.juries[0].department).deadline_at
    shown = [
        replace(moment, at=deadline_at) if moment.kind == MilestoneKind.DEADLINE else moment
        for moment in moments(edition)
    ]
    if roles.juries or roles.organizer:
        opens = Moment(MilestoneKind.OTHER, _("Ouverture de la notation"), edition.judging_opens_at)
        shown.append(opens)
    shown += _own_deadlines(edition, roles)
    return sorted(shown, key=lambda moment: moment.at)


def _own_deadlines(edition: Edition, roles: Roles) -> Iterator[Moment]:
    """Of the deliverables that are due at another instant; for organizers of all departments."""
    departments = [jury.department for jury in roles.juries]
    if roles.membership is not None:
        departments = [roles.membership.team.department]
    own = Deliverable.objects.filter(department__edition=edition, due_at__isnull=False)
    if not roles.organizer:
        own = own.filter(department__in=departments)
    for deliverable in own.select_related("department"):
        if roles.membership is not None:
            at = period_of(roles.membership.team, deliverable).deadline_at
        else:
            at = department_period(edition, deliverable.department, deliverable).deadline_at
        label = _("Rendu : {name}").format(name=deliverable.name)
        if len(departments) != 1:
            label += f" · {deliverable.department.code}"
        yield Moment(MilestoneKind.DEADLINE, label, at, deliverable_pk=deliverable.pk)


def written(edition: Edition, shown: Iterable[Moment], *, url: str, at: datetime) -> bytes:
    """Nothing in it is secret: milestones are public."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", edition.name)
    calendar.add("x-wr-timezone", edition.timezone)
    calendar.add("x-published-ttl", REFRESH)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"}, encode=False)
    for moment in shown:
        calendar.add_component(_event(edition, moment, url=url, at=at))
    return calendar.to_ical()


def _event(edition: Edition, moment: Moment, *, url: str, at: datetime) -> Event:
    event = Event()
    # The same after the moment was moved, so that programs move it too.
    own = moment.milestone_pk or moment.kind.value
    if moment.deliverable_pk is not None:
        own = f"deliverable-{moment.deliverable_pk}"
    event.add("uid", f"{own}@{edition.slug}.{urlsplit(url).hostname}")
    event.add("dtstamp", at)
    event.add("last-modified", at)
    # Never smaller than before: the minutes since 1970.
    event.add("sequence", int(at.timestamp()) // 60)
    event.add("dtstart", moment.at.astimezone(UTC))
    event.add("summary", f"{moment.label} · {edition.name}")
    if edition.school:
        event.add("location", edition.school)
    event.add("url", url)
    if moment.kind == MilestoneKind.DEADLINE:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", moment.label)
        alarm.add("trigger", -WARNED)
        event.add_component(alarm)
    return event
