"""What the demo's organizers have said, and what its teams have asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hackathon.accounts.models import User
from hackathon.announcements.services import announcements
from hackathon.core import live
from hackathon.demo.day import Day
from hackathon.editions.models import Edition
from hackathon.questions.enums import Addressee, PublishTo, Topic
from hackathon.questions.rules import Answerer, Asker
from hackathon.questions.services import questions
from teams.models import Team

ORGANIZER = Answerer(organizer=True)
# Minutes before the end of what the demo shows, department, to whom, about what, text, answer,
# published to whom.
ASKED = (
    (
        190,
        "INFOCOM",
        Addressee.CLIENT,
        Topic.BRIEF,
        "L’événement peut-il se tenir hors du magasin ?",
        "Oui, à moins de dix minutes à pied.",
        PublishTo.DEPARTMENT,
    ),
    (
        120,
        "INFO",
        Addressee.ORGANIZERS,
        Topic.PRACTICAL,
        "Où trouver une multiprise ?",
        "À l’accueil, contre une carte d’étudiant.",
        PublishTo.EVERYONE,
    ),
    (
        60,
        "INFOCOM",
        Addressee.ORGANIZERS,
        Topic.DELIVERABLE,
        "Le dossier peut-il dépasser vingt pages avec les annexes ?",
        "Lisez le sujet, section « Livrables ».",
        "",
    ),
    (12, "INFOCOM", Addressee.CLIENT, Topic.BRIEF, "Le logo actuel doit-il rester ?", "", ""),
    (4, "GEA", Addressee.ORGANIZERS, Topic.PRACTICAL, "Le Wi-Fi du 3ᵉ ne répond plus ?", "", ""),
)


def announce_and_ask(edition: Edition, teams: Sequence[Team], day: Day, *, by: User) -> None:
    """Announcements to everyone, one of them pinned, and questions in each state."""
    end = min(day.now, day.deadline_at)
    for minutes, body, pinned in (
        (240, "Les **pizzas** sont à l’accueil à 19 h. Un carton par équipe.", False),
        (
            200,
            "Dossier de plus de 100 Mo ? Allégez vos images avant de déposer.",
            True,
        ),
        (
            5,
            "Les affiches trop lourdes pour le Wi-Fi : la salle **104** a des prises réseau.",
            False,
        ),
    ):
        announcements.announce(
            edition=edition,
            audience=live.EVERYONE,
            audience_label="Tout le monde",
            body=body,
            pinned=pinned,
            by=by,
            at=end - timedelta(minutes=minutes),
        )
    for entry in ASKED:
        _ask(teams, day, entry, by=by)


def _ask(teams: Sequence[Team], day: Day, entry: tuple[Any, ...], *, by: User) -> None:
    minutes, code, to, topic, body, answer, publish_to = entry
    team = next((team for team in teams if team.department.code == code), teams[0])
    at = min(day.now, day.deadline_at) - timedelta(minutes=minutes)
    question = questions.ask(
        asker=Asker(team.pk, team.name, team.department, closes_at=day.deadline_at),
        to=to,
        topic=topic,
        body=body,
        by=team.memberships.get(is_captain=True).user,
        at=at,
    )
    if answer:
        questions.answer(
            question=question,
            who=ORGANIZER,
            text=answer,
            publish_to=publish_to,
            wording=body,
            by=by,
            at=at + timedelta(minutes=3),
        )
