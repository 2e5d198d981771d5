"""Creates the demo edition, only through the services that the pages use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.background import skip_tasks
from hackathon.day.site.models import LegalNotice
from hackathon.day.site.services import update_legal_notice
from hackathon.event.editions import rules
from hackathon.event.editions.enums import EditionState, LatePolicy, Phase
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import briefs, departments, editions, schedule
from hackathon.run.demo import (
    calls,
    deposits,
    juries,
    large,
    people,
    questions,
)
from hackathon.run.demo.day import GRACE, Day, DemoPhase
from hackathon.run.demo.facts import facts
from hackathon.run.demo.partners import tell_of_client_and_partners
from hackathon.run.demo.stage import prepare_projectors
from judging.models import Juror
from submissions.deliverables import services as deliverables
from submissions.inspection.tasks import inspect
from submissions.receipts.tasks import mail_receipt
from teams.models import Membership, Team
from teams.tasks import tell_member

SLUG = "demo"
PHASES = {
    DemoPhase.REGISTRATION: {Phase.REGISTRATION},
    DemoPhase.RUNNING: {Phase.RUNNING},
    DemoPhase.LAST_MINUTES: {Phase.RUNNING},
    DemoPhase.JUDGING: {Phase.JUDGING},
    DemoPhase.CEREMONY: {Phase.DELIBERATED},
}


@dataclass(frozen=True)
class Made:
    """What extras fill."""

    edition: Edition
    day: Day
    organizer: User
    teams: list[Team]
    jurors: list[Juror]


def show_existing(phase: DemoPhase, size: int = 0, *, at: datetime) -> Edition | None:
    for edition in Edition.objects.filter(slug__startswith=_slug(phase, size)):
        if rules.phase(edition, at=at) in PHASES[phase]:
            _show(edition, User.objects.get(email=f"eve@{people.DOMAIN}"), at=at)
            return edition
    return None


@transaction.atomic
def create(phase: DemoPhase, size: int = 0, *, at: datetime, day: Day | None = None) -> Edition:
    """60 teams, 400 students and five departments, for which `at` is in `phase`.

    `size`: how many teams instead; possible for the phases before the juries.
    """
    day = day or Day.around(at, phase)
    accounts = people.Accounts()
    organizer = accounts.get_or_create("eve", "Eve Organisation")
    accounts.get_or_create("admin", "Administration", is_staff=True, is_superuser=True)
    edition = _create_edition(day, organizer, size)
    fill_in_legal_notice(organizer, at=at)
    tell_of_client_and_partners(edition, by=organizer, at=day.registration_opens_at)
    prepare_projectors(edition, by=organizer, at=day.registration_opens_at)
    for position, entry in enumerate(facts()["departments"]):
        create_department(edition, entry, position, day, organizer)
    with skip_tasks(tell_member):
        teams = people.create_teams(edition, day, accounts)
    people.create_rooms(edition, teams, day, by=organizer)
    accounts.get_or_create("seul", "Sacha Sans-Équipe")
    jurors = juries.create_juries(edition, day, accounts, by=organizer)
    technician = calls.create_technician(edition, day, accounts, by=organizer)
    calls.create_calls(teams, jurors, technician, day)
    calls.create_tutor(edition, day, accounts, by=organizer)
    if day.has_deposits:
        with skip_tasks(mail_receipt, inspect):
            deposits.create_deposits(teams, day)
            deposits.create_decks(teams, day)
        questions.create_announcements(edition, day, by=organizer)
        questions.create_questions(teams, day, by=organizer)
    large.add_teams(edition, size, password=accounts.password, domain=people.DOMAIN)
    if phase == DemoPhase.LAST_MINUTES:
        deposits.grant_extension(teams, day)
    if day.is_judged:
        juries.create_plans(edition, day, by=organizer)
        juries.create_score_sheets(jurors, day)
    if phase == DemoPhase.CEREMONY:
        juries.decide(edition, day)
        juries.thank(edition, day, by=organizer)
    elif day.is_judged:
        juries.decide_in_two_acts(edition, day, by=organizer)
    made = Made(edition, day, organizer, teams, jurors)
    for extra in extras.registry:
        if extra.demo:
            extra.demo(made)
    if day.is_judged:
        deposits.create_seals(edition, day)  # of all that was received
    _show(edition, organizer, at=at)
    edition.refresh_from_db()
    return edition


def accounts_of(edition: Edition) -> list[dict[str, Any]]:
    accounts = [
        _account("organizer", "eve"),
        _account("admin", "admin"),
        _account("juror", "jury1.infocom", department="INFOCOM"),
        _account("president", "presidence.infocom", department="INFOCOM"),
        _account("client", "max"),
        _account("helper", "technique"),
        _account("helper", "tuteur", department="INFOCOM"),
    ]
    accounts += [
        _account("juror", f"jury1.{d.code.lower()}", department=d.code)
        for d in edition.departments.exclude(code="INFOCOM")
    ]
    accounts += [
        _account("president", f"presidence.{d.code.lower()}", department=d.code)
        for d in edition.departments.exclude(code="INFOCOM")
    ]
    captains = Membership.objects.filter(edition=edition, is_captain=True).select_related(
        "user", "team__department"
    )
    for captain in captains.order_by("team_id"):
        accounts.append(
            {
                "role": "student",
                "email": captain.user.email,
                "password": people.demo_password(),
                "team": captain.team.name,
                "department": captain.team.department.code,
            }
        )
    return [*accounts, _account("student", "seul")]


def _show(edition: Edition, organizer: User, *, at: datetime) -> None:
    """Let the site show this edition, unless it shows an edition that is not a demo."""
    shown = Edition.objects.current()
    if shown is None or (shown.slug.startswith(SLUG) and shown != edition):
        typed = shown.name if shown else ""
        editions.show(edition=edition, by=organizer, at=at, typed=typed)


def fill_in_legal_notice(organizer: User, *, at: datetime) -> None:
    """With made-up texts, which nobody must read on the site of a real edition."""
    is_real = Edition.objects.exclude(slug__startswith=SLUG).exists()
    if not is_real and not LegalNotice.objects.exists():
        update_legal_notice(by=organizer, at=at, **facts()["legal_notice"])


def _account(role: str, local: str, *, department: str | None = None) -> dict[str, Any]:
    return {
        "role": role,
        "email": f"{local}@{people.DOMAIN}",
        "password": people.demo_password(),
        "team": None,
        "department": department,
    }


def _slug(phase: DemoPhase, size: int) -> str:
    return f"{SLUG}-{size}-{phase.value}" if size else f"{SLUG}-{phase.value}"


def _create_edition(day: Day, organizer: User, size: int) -> Edition:
    slug = _slug(day.phase, size)
    number = Edition.objects.filter(slug__startswith=slug).count()
    about = facts()["edition"]
    opened = day.registration_opens_at
    edition = editions.create(
        by=User.objects.get(email=f"admin@{people.DOMAIN}"),
        at=opened - timedelta(days=1),
        state=EditionState.OPEN,
        slug=slug + (f"-{number + 1}" if number else ""),
        name=about["name"],
        school=about["school"],
        client=about["client"],
        number=about["number"],
        story=about["story"],
        timezone=about["timezone"],
        registration_opens_at=opened,
        registration_closes_at=day.registration_closes_at,
        starts_at=day.starts_at,
        deadline_at=day.deadline_at,
        grace_seconds=int(GRACE.total_seconds()),
        late_policy=LatePolicy.ACCEPT,
        judging_opens_at=day.judging_opens_at,
        shares_marks=True,
    )
    edition.organizers.set([organizer])
    for kind, label, at in day.stored_milestones():
        schedule.save_milestone(
            edition=edition,
            milestone=None,
            kind=kind,
            label=label,
            milestone_at=at,
            by=organizer,
            at=opened,
        )
    return edition


def create_department(
    edition: Edition, entry: dict[str, Any], position: int, day: Day, by: User
) -> Department:
    at = day.registration_opens_at
    department = departments.save(
        edition=edition, code=entry["code"], name=entry["name"], position=position, by=by, at=at
    )
    briefs.write(
        department=department,
        title=entry["brief"]["title"],
        body="\n".join(f"* {ask}" for ask in entry["brief"]["asks"]),
        published_at=day.briefs_at,
        by=by,
        at=at,
    )
    for order, item in enumerate(entry["deliverables"]):
        deliverables.save(
            department=department,
            name=item["name"],
            description="",
            kind=item["kind"],
            formats=item.get("formats", []),
            max_bytes=item.get("max_mb", 100) * 1_000_000,
            required=item["required"],
            due_at=day.at(item["due_at"]) if "due_at" in item else None,
            is_deck=item.get("is_deck", False),
            position=order,
            by=by,
            at=at,
        )
    return department
