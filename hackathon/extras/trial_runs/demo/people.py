"""The edition of a rehearsal and its people, made by the services that the pages use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live import messages
from hackathon.event.editions import rules
from hackathon.event.editions.enums import EditionState, LatePolicy
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs, editions, schedule
from hackathon.run.demo import build, juries, large, people
from hackathon.run.demo.day import Day, DemoPhase
from hackathon.run.demo.facts import facts
from hackathon.run.page_client.client import Person
from judging.jury.readings import judged_teams
from judging.models import Juror
from judging.plan import services as plans
from submissions.models import Submission, deposits_storage
from teams.models import Membership

# Mail to addresses below .invalid (RFC 2606) never leaves: see `core.mail`.
DOMAIN = "repetition.invalid"
SESSION_SECONDS = 6 * 3600
SLUG = "repetition"
SEPARATOR = "--"  # between it and the edition that was shown before


class CannotRehearse(Exception):
    """Why there can be no rehearsal now."""


@dataclass(frozen=True)
class Plan:
    """The instants of the event. `only_end`: of its last minutes before the deadline, without the
    juries.
    """

    begins_at: datetime
    length: timedelta
    only_end: bool = False

    def at(self, share: float) -> datetime:
        return self.begins_at + self.length * share

    @property
    def briefs_at(self) -> datetime:
        return self.at(0.0 if self.only_end else 0.12).replace(microsecond=0)

    @property
    def deadline_at(self) -> datetime:
        return self.at(0.85 if self.only_end else 0.6).replace(microsecond=0)

    @property
    def grace_seconds(self) -> int:
        return max(5, round((self.length * 0.06).total_seconds()))

    @property
    def judging_at(self) -> datetime:
        return self.deadline_at + timedelta(seconds=self.grace_seconds + 1)

    @property
    def deliberation_at(self) -> datetime:
        return self.at(0.88)

    @property
    def ends_at(self) -> datetime:
        return self.at(1.0)


@dataclass(frozen=True)
class RehearsalDay(Day):
    """What the demo's builders ask for."""

    plan: Plan

    @property
    def registration_opens_at(self) -> datetime:
        return self.now - timedelta(days=2)

    @property
    def registration_closes_at(self) -> datetime:
        return self.now - timedelta(hours=1)

    @property
    def briefs_at(self) -> datetime:
        return self.plan.briefs_at


@dataclass
class Cast:
    """`address`: of a student, who asks for a sign-in code."""

    edition: Edition
    organizer: Person
    address: str = ""
    students: list[Person] = field(default_factory=list)
    jurors: list[Person] = field(default_factory=list)


def existing() -> QuerySet[Edition]:
    return Edition.objects.filter(slug__startswith=SLUG)


def is_demo(edition: Edition) -> bool:
    return edition.slug.startswith(build.SLUG)


def check_possible(at: datetime, hide: str) -> None:
    """Raises `CannotRehearse`. `hide`: the slug of the edition that people may miss meanwhile."""
    shown = Edition.objects.current()
    if existing().exists():
        raise CannotRehearse("There is a rehearsal already. Remove it with --clean.")
    if shown is None or is_demo(shown) or shown.slug == hide:
        if shown is None or not rules.is_running(shown, at=at) or is_demo(shown):
            return
        raise CannotRehearse(f"« {shown.name} » is running: rehearse on another installation.")
    raise CannotRehearse(
        f"The site shows « {shown.name} ». During the rehearsal it would show the rehearsal to "
        f"everybody. Rehearse on an installation made by `manage.py restore`, or say --hide "
        f"{shown.slug}."
    )


@transaction.atomic
def prepare(plan: Plan, *, teams: int, at: datetime) -> Cast:
    """Hides the shown edition. `plan` is provisional: making sixty teams takes half a minute."""
    accounts = people.Accounts(domain=DOMAIN, password=make_password(None))
    root = accounts.get_or_create("direction", "Direction", is_superuser=True, is_staff=True)
    day = RehearsalDay(DemoPhase.RUNNING, at, timedelta(), plan)
    former = Edition.objects.current()
    about = facts()["edition"]
    edition = editions.create(
        by=root,
        at=at,
        state=EditionState.OPEN,
        slug=SLUG + (SEPARATOR + former.slug if former else ""),
        name="Répétition",
        school=about["school"],
        client=about["client"],
        timezone=about["timezone"],
        registration_opens_at=day.registration_opens_at,
        registration_closes_at=day.registration_closes_at,
        starts_at=at,
        deadline_at=plan.deadline_at,
        grace_seconds=plan.grace_seconds,
        late_policy=LatePolicy.ACCEPT,
        judging_opens_at=plan.judging_at,
    )
    edition.organizers.set([root])
    for position, entry in enumerate(facts()["departments"]):
        # Without what is due the day after.
        asked = [each for each in entry["deliverables"] if "due_at" not in each]
        asks = {**entry, "deliverables": asked}
        build.create_department(edition, asks, position, day, root)
    schedule.save_milestone(
        edition=edition,
        kind="briefs",
        label="Sujets",
        milestone_at=plan.briefs_at,
        by=root,
        at=at,
    )
    people.create_teams(edition, day, accounts, most=teams)
    large.add_teams(edition, teams, password=accounts.password, domain=DOMAIN)
    seated = juries.create_juries(edition, day, accounts, by=root)
    for department in edition.departments.filter(teams__isnull=False).distinct():
        plans.make(department=department, by=root, at=at)
    editions.show(edition=edition, by=root, at=at, typed=former.name if former else "")
    return _cast(edition, root, seated)


@transaction.atomic
def set_schedule(edition: Edition, plan: Plan, *, at: datetime) -> None:
    root = User.objects.get(email=f"direction@{DOMAIN}")
    instants = {
        "deadline_at": plan.deadline_at,
        "judging_opens_at": plan.judging_at,
        "grace_seconds": plan.grace_seconds,
    }
    schedule.move(edition=edition, instants=instants, by=root, at=at)
    for milestone in edition.milestones.filter(kind="briefs"):
        schedule.save_milestone(
            edition=edition,
            milestone=milestone,
            kind=milestone.kind,
            label=milestone.label,
            milestone_at=plan.briefs_at,
            by=root,
            at=at,
        )
    for brief in Brief.objects.filter(department__edition=edition).select_related("department"):
        briefs.write(
            department=brief.department,
            title=brief.title,
            body=brief.body,
            published_at=plan.briefs_at,
            by=root,
            at=at,
        )
    edition.refresh_from_db()


def _cast(edition: Edition, root: User, seated: list[Juror]) -> Cast:
    cast = Cast(edition, Person("organizer", root.pk, session_of(root)))
    wanted = {
        department.pk: tuple(
            (d.pk, d.kind, (d.formats or ["zip"])[0], d.max_bytes)
            for d in department.deliverables.all()
        )
        for department in edition.departments.prefetch_related("deliverables")
    }
    for membership in Membership.objects.filter(edition=edition).select_related("user", "team"):
        team = membership.team
        cast.students.append(
            Person(
                "student",
                membership.user_id,
                session_of(membership.user),
                team.pk,
                wanted[team.department_id],
            )
        )
        cast.address = membership.user.email
    for juror in seated:
        cast.jurors.append(
            Person(
                "juror",
                juror.user_id,
                session_of(juror.user),
                teams=tuple(team.pk for team in judged_teams(juror)),
                criteria=tuple(juror.department.criteria.values_list("pk", flat=True)),
                code=juror.department.code,
            )
        )
    return cast


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # As if a second factor had been given: the site may require one of organizers.
    given = {"method": "mfa", "at": clock.now().timestamp()}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [given]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.set_expiry(SESSION_SECONDS)  # `core.tasks.prune` removes it then
    session.create()
    return str(session.session_key)


def clean(at: datetime) -> dict[str, int]:
    """Removes every rehearsal, and shows the former edition again. Returns what was removed."""
    removed = {"editions": 0, "files": 0, "accounts": 0}
    for edition in existing():
        began_at = _began_at(edition)
        names = list(
            Submission.objects.filter(team__edition=edition)
            .exclude(file="")
            .values_list("file", flat=True)
        )
        with transaction.atomic():
            former = Edition.objects.filter(slug=edition.slug.partition(SEPARATOR)[2]).first()
            root = User.objects.get(email=f"direction@{DOMAIN}")
            # Pages that were open before would receive them. The newest is kept: `forget_messages`.
            received = LiveMessage.objects.filter(written_at__gte=began_at)
            received.exclude(pk=messages.last_id()).delete()
            if edition.is_current and former is not None:
                editions.show(edition=former, by=root, at=at, typed=edition.name)
            _remove(Edition.objects.filter(pk=edition.pk))
        for name in names:
            deposits_storage().delete(name)
        removed["editions"] += 1
        removed["files"] += len(names)
    with transaction.atomic():
        removed["accounts"] = _remove_accounts()
    return removed


def _remove_accounts() -> int:
    """Those that the append-only journal names stay, disabled and with another address."""
    accounts = User.objects.filter(email__endswith=f"@{DOMAIN}")
    named = set(JournalEntry.objects.filter(by__in=accounts).values_list("by", flat=True))
    for account in accounts.filter(pk__in=named, is_active=True):
        account.is_active = False
        account.email = f"ancien.{account.pk}@{DOMAIN}"
        account.save(update_fields=["is_active", "email"])
    others = accounts.exclude(pk__in=named)
    removed = others.count()
    _remove(others)
    return removed


def _began_at(edition: Edition) -> datetime:
    entry = JournalEntry.objects.filter(act="edition.created", detail__slug=edition.slug).last()
    return entry.at if entry else edition.starts_at


def _remove(rows: QuerySet) -> None:
    """With what protects them: the only place where deposits go."""
    while True:
        try:
            rows.delete()
            return
        except ProtectedError as error:
            holding: Iterable = error.protected_objects
        except RestrictedError as error:
            holding = error.restricted_objects
        by_model: dict[type[Model], list[Any]] = {}
        for row in holding:
            by_model.setdefault(type(row), []).append(row.pk)
        for model, keys in by_model.items():
            _remove(model._base_manager.filter(pk__in=keys))
