"""A Friday with passages: one department projects files, another one the pages of links."""

import io
from typing import Any

import av

from hackathon.accounts.models import User
from hackathon.core.received_files import received_file
from hackathon.demo import content
from hackathon.demo.day import Day
from hackathon.editions.models import Department, Edition
from judging.ceremony.services import messages, passages
from judging.enums import Anchor
from judging.models import Nomination
from submissions.deliverables import services as deliverables
from submissions.deposits.services import deposit
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.dispatch import inspect_here
from submissions.inspection.result import Result
from submissions.models import Deliverable
from teams.models import Team

SECONDS, RATE = 4, 12


def prepare(edition: Edition, day: Day, *, by: User) -> None:
    act: dict[str, Any] = {"by": by, "at": day.judging_opens_at}
    info = edition.departments.get(code="INFO")
    social = edition.departments.get(code="SOCIAL")
    films = [False, True, False, True]
    for team, is_film in zip(_nominees(info), films, strict=False):
        deck = _deck(info, DeliverableKind.FILE, day, formats=["pdf", "mp4"], **act)
        pdf = content.pdf(team.name, team.project or "Notre projet", seed=team.pk, pages=4)
        file = (video(team.pk), "passage.mp4") if is_film else (pdf, "passage.pdf")
        _hand_in(deck, team, day, file=received_file(*file))
    for team in _nominees(social):
        deck = _deck(social, DeliverableKind.LINK, day, **act)
        _hand_in(deck, team, day, url=f"https://example.org/?passage={team.pk}")
    for department in (info, social):
        passages.save_plan(department=department, is_on=True, **act)
    slides: list[tuple[Anchor, Department | None, str, str]] = [
        (Anchor.OPENING, None, "Merci à toutes et à tous", "Un mot de la direction."),
        (Anchor.PASSAGES, info, "Merci aux équipes nommées", ""),
        (Anchor.FINALE, None, "Merci à nos partenaires", "Sans eux, pas de pizzas."),
    ]
    for anchor, of, title, text in slides:
        partner = edition.partners.first() if anchor == Anchor.FINALE else None
        values: dict[str, Any] = {"anchor": anchor, "department": of, "partner": partner}
        messages.save(edition=edition, title=title, text=text, **values, **act)


def video(seed: int) -> bytes:
    """Four seconds, which browsers play: one picture for each."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        for second in range(SECONDS):
            picture = content.picture("Notre projet", f"{second + 1} / {SECONDS}", seed=seed)
            shown = picture.resize((640, 905)).crop((0, 40, 640, 400))
            for _ in range(RATE):
                frame = av.VideoFrame.from_image(shown)  # type: ignore[no-untyped-call]
                for packet in stream.encode(frame):
                    container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()


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
