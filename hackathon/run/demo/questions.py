from collections.abc import Sequence
from datetime import datetime, timedelta

from hackathon.base.accounts.models import User
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements.services import announcements
from hackathon.day.questions.enums import Addressee, PublishTo, Topic
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from hackathon.event.editions.models import Edition
from hackathon.run.demo.day import Day
from teams.models import Team

# Minutes before now (or the deadline), body, pinned.
ANNOUNCEMENTS = (
    (240, "Les **pizzas** sont à l’accueil à 19 h. Un carton par équipe.", False),
    (200, "Dossier de plus de 100 Mo ? Allégez vos images avant de déposer.", True),
    (5, "Les affiches trop lourdes pour le Wi-Fi : la salle **104** a des prises réseau.", False),
)
# Minutes before now (or the deadline), department, addressee, topic, body, answer, published to.
QUESTIONS = (
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


def create_announcements(edition: Edition, day: Day, *, by: User) -> None:
    for minutes, body, pinned in ANNOUNCEMENTS:
        announcements.announce(
            edition=edition,
            audience=EVERYONE,
            audience_label="Tout le monde",
            body=body,
            pinned=pinned,
            by=by,
            at=_before_end(day, minutes),
        )


def create_questions(teams: Sequence[Team], day: Day, *, by: User) -> None:
    for minutes, code, to, topic, body, answer, publish_to in QUESTIONS:
        at = _before_end(day, minutes)
        team = next((team for team in teams if team.department.code == code), teams[0])
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
                who=Answerer(organizer=True),
                text=answer,
                publish_to=publish_to,
                wording=body,
                by=by,
                at=at + timedelta(minutes=3),
            )


def _before_end(day: Day, minutes: int) -> datetime:
    return min(day.now, day.deadline_at) - timedelta(minutes=minutes)
