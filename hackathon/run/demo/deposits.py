import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import slugify

from hackathon.base.core.background import skip_tasks
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Edition
from hackathon.run.demo import content
from hackathon.run.demo.day import Day, DemoPhase
from judging.tasks import mail_seal as mail_seal_to_juror
from submissions.deposits.services import deposit
from submissions.enums import DeliverableKind
from submissions.extensions import services as extensions
from submissions.inspection import services as inspections
from submissions.inspection.dispatch import inspect_here
from submissions.models import Deliverable, Receipt, Submission
from submissions.seals import selectors
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from submissions.seals.tasks import mail_seal
from teams.models import Team

# Out of sixty teams: how many have handed in everything, and how many a part.
SHARES = {
    DemoPhase.RUNNING: (4, 16),
    DemoPhase.LAST_MINUTES: (36, 15),
    DemoPhase.JUDGING: (51, 5),
    DemoPhase.CEREMONY: (51, 5),
}
LATE_TEAMS = 2


def create_deposits(teams: list[Team], day: Day) -> None:
    """`SHARES` of the teams, more and more often towards the deadline; some in two versions."""
    prefetch_related_objects(teams, "memberships__user", "department__deliverables")
    rng = random.Random(60)
    order = sorted(teams, key=lambda team: (not team.project, rng.random()))
    complete, partial = SHARES[day.phase]
    is_over = day.now > day.judging_opens_at
    for rank, team in enumerate(order):
        deliverables = [d for d in team.department.deliverables.all() if d.due_at is None]
        if rank < complete:
            wanted = deliverables
        elif rank < complete + partial:
            wanted = deliverables[: max(1, len(deliverables) // 2)]
        elif is_over and rank < complete + partial + LATE_TEAMS:
            wanted = [d for d in deliverables if d.required]
        else:
            continue
        is_late = rank >= complete + partial
        for deliverable in wanted:
            at = _received_at(day, rng, late=is_late)
            _deposit(team, deliverable, rng, begun_at=at - timedelta(seconds=20), at=at)
            if rng.random() < 0.2 and not is_late:
                again = min(at + timedelta(minutes=rng.randint(1, 9)), day.now, day.deadline_at)
                _deposit(team, deliverable, rng, begun_at=again, at=again)
    _without_mails(teams, day)


def create_decks(teams: list[Team], day: Day) -> None:
    """What is due on the next day: of a few teams in the night, of nearly all at the ceremony."""
    if not day.is_judged:
        return
    rng = random.Random(12)
    share = 0.95 if day.phase == DemoPhase.CEREMONY else 0.2
    at_work = set(Submission.objects.filter(team__in=teams).values_list("team", flat=True))
    for team in teams:
        for deck in team.department.deliverables.all():
            if deck.due_at is not None and team.pk in at_work and rng.random() < share:
                end = min(day.now, deck.due_at) - timedelta(seconds=30)
                at = end - (end - day.judging_opens_at) * rng.random() ** 3
                _deposit(team, deck, rng, begun_at=at - timedelta(seconds=20), at=at)
    _without_mails(teams, day)


def _without_mails(teams: list[Team], day: Day) -> None:
    """The periodic tasks mail neither these receipts nor digests of them."""
    made = Receipt.objects.filter(submission__team__in=teams)
    made.update(mailed_at=day.now, digested_at=day.now)


def grant_extension(teams: list[Team], day: Day) -> None:
    team = teams[7]
    extensions.grant(
        edition=team.edition,
        team=team,
        department=None,
        minutes=15,
        reason="Panne électrique dans la salle à 21:40",
        by=team.edition.organizers.get(),
        at=day.now,
    )


def create_seals(edition: Edition, day: Day) -> None:
    """At the instants at which the periodic task would have made them, and without e-mails."""
    with skip_tasks(mail_seal, mail_seal_to_juror):
        for due in selectors.seals_to_make(edition, at=day.now):
            if due.as_of + SETTLE <= day.now:
                seals.make_due(edition, at=due.as_of + SETTLE)


def _received_at(day: Day, rng: random.Random, *, late: bool) -> datetime:
    """More often towards the deadline, never after now."""
    if late:
        return day.deadline_at + timedelta(minutes=11, seconds=rng.randint(1, 600))
    end = min(day.now, day.deadline_at) - timedelta(seconds=30)
    span = (end - day.briefs_at).total_seconds()
    return end - timedelta(seconds=span * rng.random() ** 3)


def _deposit(
    team: Team,
    deliverable: Deliverable,
    rng: random.Random,
    *,
    begun_at: datetime,
    at: datetime,
) -> None:
    seed = rng.randint(0, 10_000)
    by = rng.choice([m.user for m in team.memberships.all()])
    common: dict[str, Any] = {
        "deliverable": deliverable,
        "team": team,
        "begun_at": begun_at,
        "by": by,
        "at": at,
    }
    slug = slugify(team.name) or f"equipe-{team.pk}"
    link = f"https://example.org/?equipe={slug}"
    kinds: dict[str, Callable[[], Submission | None]] = {
        DeliverableKind.LINK: lambda: deposit(url=link, **common),
        DeliverableKind.TEXT: lambda: deposit(
            text="Planning, créneaux, engagement des membres.\nRépartition : deux au serveur, "
            "trois aux pages, deux à la base de données.",
            **common,
        ),
        DeliverableKind.FILE: lambda: _deposit_file(seed, slug, common),
    }
    submission = kinds[deliverable.kind]()
    # The files are ours, so they are inspected in this process. A worker inspects the links.
    if submission is not None and not submission.url:
        result = inspections.inspect_submission(submission, inspect_here)
        inspections.record(submission, result, at=at)


def _deposit_file(seed: int, slug: str, common: dict[str, Any]) -> Submission | None:
    deliverable, team = common["deliverable"], common["team"]
    made = content.make(deliverable.formats, team.name, deliverable.name, seed=seed)
    if made is None:
        return None
    extension, data = made
    name = f"{slug}-{slugify(deliverable.name)[:40]}.{extension}"
    return deposit(file=received_file(data, name), **common)
