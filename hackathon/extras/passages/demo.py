"""A Friday with passages: one department projects files, another one the pages of links."""

from typing import Any

from hackathon.base.accounts.models import User
from hackathon.base.core.background import skip_tasks
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department, Edition
from hackathon.extras.passages import services
from hackathon.run.demo import content
from hackathon.run.demo.build import Made
from hackathon.run.demo.day import Day, DemoPhase
from judging.models import Nomination
from submissions.deliverables import services as deliverables
from submissions.deposits.services import deposit
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.dispatch import inspect_here
from submissions.inspection.result import Result
from submissions.inspection.tasks import inspect
from submissions.models import Deliverable
from submissions.receipts.tasks import mail_receipt
from teams.models import Team


def fill(made: Made) -> None:
    if made.day.phase == DemoPhase.CEREMONY:
        with skip_tasks(mail_receipt, inspect):
            _prepare(made.edition, made.day, by=made.organizer)


def _prepare(edition: Edition, day: Day, *, by: User) -> None:
    act: dict[str, Any] = {"by": by, "at": day.judging_opens_at}
    info = edition.departments.get(code="INFO")
    social = edition.departments.get(code="SOCIAL")
    films = [False, True, False, True]
    for team, is_film in zip(_nominees(info), films, strict=False):
        deck = _deck(info, DeliverableKind.FILE, day, formats=["pdf", "mp4"], **act)
        pdf = content.pdf(team.name, team.project or "Notre projet", seed=team.pk, pages=4)
        file = (content.video(team.pk), "passage.mp4") if is_film else (pdf, "passage.pdf")
        _hand_in(deck, team, day, file=received_file(*file))
    for team in _nominees(social):
        deck = _deck(social, DeliverableKind.LINK, day, **act)
        _hand_in(deck, team, day, url=f"https://example.org/?passage={team.pk}")
    for department in (info, social):
        services.save_plan(department=department, is_on=True, **act)


def _nominees(department: Department) -> list[Team]:
    nominated = Nomination.objects.filter(deliberation__department=department)
    return [nomination.team for nomination in nominated.select_related("team__edition")]


def _deck(department: Department, kind: DeliverableKind, day: Day, **values: Any) -> Deliverable:
    deck = department.deliverables.filter(is_deck=True).first()
    return deck or deliverables.save(
        department,
        name="Support de passage",
        description="Ce qui est projeté si vous êtes nommés.",
        kind=kind,
        max_bytes=100_000_000,
        required=False,
        is_deck=True,
        due_at=day.at("2020-02-14T12:00"),
        **values,
    )


def _hand_in(deck: Deliverable, team: Team, day: Day, **what: Any) -> None:
    at = day.at("2020-02-14T11:30")
    membership = team.memberships.select_related("user").first()
    assert membership is not None
    made = deposit(deck, team, begun_at=at, by=membership.user, at=at, **what)
    if made is None:
        return
    # Links are not asked here: the demo needs no network.
    facts = {"type": "link", "status": 200, "title": f"Le site de {team.name}"}
    result = Result(facts) if made.url else inspections.inspect_submission(made, inspect_here)
    inspections.record(made, result, at=at)
