import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import date_text, duration_text
from hackathon.event.editions.enums import EditionState, LatePolicy, MilestoneKind, Phase
from hackathon.event.editions.errors import EditionRefusal, Oddity
from hackathon.event.editions.models import (
    Brief,
    BriefVersion,
    Department,
    Edition,
    Milestone,
    is_timezone,
)

NO_DELAY = timedelta(0)
UNDO_WITHIN = timedelta(seconds=30)


def grace_ends_at(edition: Edition, *, delay: timedelta = NO_DELAY) -> datetime:
    """Until when a transfer begun before the deadline may finish. `delay`: a team's extension."""
    return edition.deadline_at + delay + timedelta(seconds=edition.grace_seconds)


def accepts_until(edition: Edition) -> datetime | None:
    """The last instant at which a deposit can be received; None while late ones are accepted."""
    return None if edition.late_policy == LatePolicy.ACCEPT else grace_ends_at(edition)


def phase(edition: Edition, *, at: datetime) -> Phase:
    """The deadline and the end of the grace belong to the phase before them."""
    if edition.state == EditionState.DRAFT:
        return Phase.DRAFT
    if _reached(edition.results_published_at, at):
        return Phase.PUBLISHED
    if _reached(edition.deliberated_at, at):
        return Phase.DELIBERATED
    if at < edition.registration_opens_at and at < edition.starts_at:
        return Phase.DRAFT
    if at < edition.starts_at:
        is_open = at <= edition.registration_closes_at and not registration_is_frozen(
            edition, at=at
        )
        return Phase.REGISTRATION if is_open else Phase.READY
    if at <= edition.deadline_at:
        return Phase.RUNNING
    if at <= grace_ends_at(edition):
        return Phase.GRACE
    return Phase.JUDGING if at >= edition.judging_opens_at else Phase.CLOSED


def shown_phase(edition: Edition, *, has_departments: bool, at: datetime) -> Phase:
    """Without departments registration is impossible: the edition is shown as a draft."""
    computed = phase(edition, at=at)
    is_open = computed == Phase.REGISTRATION
    return Phase.DRAFT if is_open and not has_departments else computed


def results_are_public(of: Edition | Department, *, at: datetime) -> bool:
    """Of an edition: those of some departments may still be held back. What tells results of one
    department asks for the department.
    """
    return _reached(of.results_published_at, at)


def slug_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    """Of another slug: it is in the address of the published results."""
    if not results_are_public(edition, at=at):
        return None
    return refuse(EditionRefusal.SLUG_IS_PUBLIC, slug=edition.slug)


def replacing_refusal(brief: Brief | None, seen: Mapping[str, Any] | None) -> Refusal | None:
    """`seen`: the values that its author has seen, empty without a brief; None: not compared."""
    if seen is None or (brief is None and not seen):
        return None
    is_the_same = brief is not None and seen and all(getattr(brief, n) == seen[n] for n in seen)
    return None if is_the_same else refuse(EditionRefusal.CHANGED_MEANWHILE)


def changed_lines(former: BriefVersion, newer: BriefVersion) -> list[tuple[bool, str]]:
    """Whether each is new, and the line: what was removed stands before what took its place."""
    before, after = ([v.title, *v.body.splitlines()] for v in (former, newer))
    lines = (line for line in difflib.ndiff(before, after) if line[:2] in ("- ", "+ "))
    return [(line[0] == "+", line[2:]) for line in lines if line[2:].strip()]


def brief_is_published(brief: Brief, *, at: datetime) -> bool:
    return brief.published_at <= at


def registration_is_open(edition: Edition, *, at: datetime) -> bool:
    """Both bounds are inside."""
    in_period = edition.registration_opens_at <= at <= edition.registration_closes_at
    is_open = edition.state == EditionState.OPEN and not registration_is_frozen(edition, at=at)
    return in_period and is_open


def registration_is_frozen(edition: Edition, *, at: datetime) -> bool:
    return _reached(edition.registration_frozen_at, at)


@dataclass(frozen=True)
class Moment:
    kind: MilestoneKind
    label: str
    at: datetime
    milestone_pk: int | None = None
    deliverable_pk: int | None = None  # of the deadline of one deliverable


def day_line(edition: Edition, milestones: Iterable[Milestone]) -> list[Moment]:
    moments = [
        Moment(MilestoneKind.LAUNCH, _("Lancement"), edition.starts_at),
        Moment(MilestoneKind.DEADLINE, _("Rendu des travaux"), edition.deadline_at),
    ]
    moments += [Moment(MilestoneKind(m.kind), m.label, m.at, m.pk) for m in milestones]
    return sorted(moments, key=lambda moment: (moment.at, moment.kind != MilestoneKind.LAUNCH))


INSTANTS = (
    "registration_opens_at",
    "registration_closes_at",
    "starts_at",
    "deadline_at",
    "judging_opens_at",
)
RESERVED_SLUGS = frozenset({"nouvelle"})  # the page that creates an edition
MEGABYTE = 1_000_000
ATTACHMENT_MAX_BYTES = 200 * MEGABYTE


def organizer_refusal(*, is_organizer: bool) -> Refusal | None:
    """Any organizer of an edition may create another one."""
    return None if is_organizer else refuse(EditionRefusal.NOT_ORGANIZER)


def is_running(edition: Edition, *, at: datetime) -> bool:
    """People are at work in it: from its start until the juries have decided."""
    return phase(edition, at=at) in (Phase.RUNNING, Phase.GRACE, Phase.CLOSED, Phase.JUDGING)


def hide_refusal(shown: Edition, *, is_organizer: bool, typed: str, at: datetime) -> Refusal | None:
    """Whether another edition may take its place. `typed`: its name, as a confirmation."""
    if not is_organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER_OF_SHOWN, edition=shown.name)
    if is_running(shown, at=at) and not same_name(typed, shown.name):
        return refuse(EditionRefusal.SHOWN_IS_RUNNING, edition=shown.name)
    return None


def same_name(typed: str, name: str) -> bool:
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def day_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    """For a new edition."""
    return refuse(EditionRefusal.DAY_IS_PAST) if edition.deadline_at <= at else None


def past_oddity(edition: Edition, *, at: datetime) -> Refusal | None:
    """A warning for an edition in which nobody has handed in."""
    if edition.deadline_at > at:
        return None
    return refuse(Oddity.DAY_PAST, day=date_text(edition.starts_at, _("j F Y"), edition.zone))


def oddities(
    edition: Edition, milestones: Iterable[Milestone], briefs: Iterable[Brief], *, at: datetime
) -> list[Refusal]:
    """What is probably mistyped. `briefs` have their department."""
    starts_at, deadline_at = edition.starts_at, edition.deadline_at
    opens_at, closes_at = edition.registration_opens_at, edition.registration_closes_at
    judging_at, lasts = edition.judging_opens_at, deadline_at - starts_at
    first, last = starts_at - timedelta(days=1), judging_at + timedelta(days=14)
    past = past_oddity(edition, at=at) if edition.state == EditionState.DRAFT else None
    checks: list[tuple[bool, Oddity, datetime, dict[str, str]]] = [
        (starts_at > at + timedelta(days=366), Oddity.DAY_FAR, starts_at, {}),
        (
            lasts > timedelta(days=2),
            Oddity.DAY_LONG,
            starts_at,
            {"duration": duration_text(lasts)},
        ),
        (closes_at > starts_at, Oddity.REGISTRATION_LATE, closes_at, {}),
        (starts_at - opens_at > timedelta(days=183), Oddity.REGISTRATION_EARLY, opens_at, {}),
        (judging_at - deadline_at > timedelta(days=7), Oddity.JUDGING_LATE, judging_at, {}),
    ]
    checks += [
        (not first <= m.at <= last, Oddity.MILESTONE_OUTSIDE, m.at, {"label": m.label})
        for m in milestones
    ]
    checks += [
        (
            not first <= brief.published_at <= deadline_at,
            Oddity.BRIEF_OUTSIDE,
            brief.published_at,
            {"department": brief.department.name},
        )
        for brief in briefs
    ]
    odd = [
        refuse(
            code,
            day=date_text(instant, _("j F Y"), edition.zone),
            instant=date_text(instant, _("j F Y à G:i"), edition.zone),
            **params,
        )
        for is_odd, code, instant, params in checks
        if is_odd
    ]
    return [past, *odd] if past else odd


def schedule_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    if results_are_public(edition, at=at):
        return refuse(EditionRefusal.RESULTS_PUBLISHED)
    pairs = [
        ("registration_opens_at", "registration_closes_at", False),
        ("starts_at", "deadline_at", True),
        ("deadline_at", "judging_opens_at", False),
    ]
    for earlier, later, strictly in pairs:
        first, second = getattr(edition, earlier), getattr(edition, later)
        if second < first or (strictly and second == first):
            return refuse(
                EditionRefusal.INSTANTS_OUT_OF_ORDER,
                earlier=field_label(earlier),
                later=field_label(later),
            )
    return None


def day_move_refusal(
    edition: Edition, to: datetime, coming: Iterable[tuple[str, datetime]], *, at: datetime
) -> Refusal | None:
    """`to`: of the launch; `coming`: what each instant to come is called, and when it would be."""
    if edition.starts_at <= at:
        return refuse(EditionRefusal.DAY_HAS_BEGUN)
    if edition.starts_at.replace(microsecond=0) == to:
        return refuse(EditionRefusal.SAME_LAUNCH)
    past = [(label, instant) for label, instant in coming if instant <= at]
    if past:
        label, instant = min(past, key=lambda each: each[1])
        when = day_and_time(instant, edition)
        return refuse(EditionRefusal.WOULD_BE_PAST, what=label, when=when)
    return None


def undo_refusal(*, is_last: bool) -> Refusal | None:
    """`is_last`: nothing in the calendar changed since, and it is less than `UNDO_WITHIN` ago."""
    return None if is_last else refuse(EditionRefusal.TOO_LATE_TO_UNDO)


def sizes_refusal(edition: Edition) -> Refusal | None:
    sizes = [
        (_("membres d’une équipe"), edition.team_size_min, edition.team_size_max),
        (_("lauréats"), edition.winners_min, edition.winners_max),
    ]
    for what, least, most in sizes:
        if least < 1:
            return refuse(EditionRefusal.SIZE_BELOW_ONE, what=what)
        if most < least:
            return refuse(EditionRefusal.SIZES_OUT_OF_ORDER, what=what)
    return None


def zone_refusal(edition: Edition) -> Refusal | None:
    return None if is_timezone(edition.timezone) else refuse(EditionRefusal.ZONE_UNKNOWN)


def attachment_refusal(filename: str, size: int) -> Refusal | None:
    """`size` in bytes."""
    if size <= ATTACHMENT_MAX_BYTES:
        return None
    return refuse(
        EditionRefusal.ATTACHMENT_TOO_LARGE,
        filename=filename,
        max=ATTACHMENT_MAX_BYTES // MEGABYTE,
    )


def apply_move(edition: Edition, changes: dict[str, object]) -> None:
    """A deadline moved beyond `judging_opens_at` moves it too, unless `changes` contains it."""
    before = edition.deadline_at
    for name, value in changes.items():
        setattr(edition, name, value)
    if "judging_opens_at" not in changes and edition.deadline_at > edition.judging_opens_at:
        edition.judging_opens_at += edition.deadline_at - before


def shifted(instant: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """In the local time of `zone`: 23:00 stays 23:00 across a change to daylight saving time.

    A local time that does not exist becomes the one after the gap.
    """
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0) + by
    return local.replace(tzinfo=zone).astimezone(UTC)


def local_delay(earlier: datetime, later: datetime, zone: ZoneInfo) -> timedelta:
    first, second = (i.astimezone(zone).replace(tzinfo=None) for i in (earlier, later))
    return second - first


OPENING = time(8)
OPEN_DAYS = 21


def tidy_opening(opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> datetime:
    """8:00 instead of the odd clock time at which somebody created the edition."""
    local = opens_at.astimezone(zone)
    if local.minute % 5 == 0 and local.second == local.microsecond == 0:
        return opens_at
    return min(datetime.combine(local.date(), OPENING, zone).astimezone(UTC), closes_at)


def usual_instants(day: date, zone: ZoneInfo, *, at: datetime) -> dict[str, datetime]:
    """Registration opens three weeks before, and not before tomorrow if there is time."""

    def local(on: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(on, time(hour, minute), zone).astimezone(UTC)

    eve = day - timedelta(days=1)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    opens_on = min(max(day - timedelta(days=OPEN_DAYS), tomorrow), eve)
    return {
        "registration_opens_at": local(opens_on, OPENING.hour),
        "registration_closes_at": local(eve, 20),
        "starts_at": local(day, 8, 30),
        "deadline_at": local(day, 23),
        "judging_opens_at": local(day + timedelta(days=1), 8),
    }


def usual_moments(day: date, zone: ZoneInfo) -> list[Moment]:
    usual = [
        (MilestoneKind.BRIEFS, _("Découverte des sujets"), 0, time(10)),
        (MilestoneKind.MEAL, _("Pause déjeuner"), 0, time(12)),
        (MilestoneKind.VISITS, _("Passage du client dans les groupes"), 0, time(13)),
        (MilestoneKind.HALFWAY, _("Mi-parcours"), 0, time(16)),
        (MilestoneKind.MEAL, _("Pizzas"), 0, time(19)),
        (MilestoneKind.SPRINT, _("Plus que deux heures"), 0, time(21)),
        (MilestoneKind.AWARDS, _("Remise des prix"), 1, time(12, 30)),
    ]
    return [
        Moment(kind, label, datetime.combine(day + timedelta(days=days), clock, zone))
        for kind, label, days, clock in usual
    ]


def next_public_moment(moments: Iterable[Moment], *, at: datetime) -> Moment | None:
    """When briefs are expected: at their milestone, not at the launch without one. It must not
    depend on `Brief.published_at`, which is secret.
    """
    return next((m for m in moments if m.kind == MilestoneKind.BRIEFS and m.at > at), None)


def usual_publication(edition: Edition, moments: Iterable[Moment]) -> datetime:
    instants = (moment.at for moment in moments if moment.kind == MilestoneKind.BRIEFS)
    return next(instants, edition.starts_at)


def day_and_time(instant: datetime, edition: Edition) -> str:
    """« jeudi 13 février à 8:30 » in the edition's zone, for messages of refusals."""
    # Translators: a date format of Django's, e.g. « jeudi 13 février à 8:30 ».
    return date_text(instant, _("l j F à G:i"), edition.zone)


def next_change_at(
    edition: Edition, instants: Iterable[datetime], *, at: datetime
) -> datetime | None:
    candidates = [
        edition.registration_opens_at,
        edition.registration_closes_at,
        edition.starts_at,
        edition.deadline_at,
        grace_ends_at(edition),
        edition.judging_opens_at,
        *instants,
    ]
    return min((c for c in candidates if c > at), default=None)


def _reached(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


def field_label(name: str) -> str:
    return str(Edition._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
