"""Most teams let the others see their works; one has not answered, and a member of one refuses."""

from collections.abc import Sequence
from datetime import timedelta

from hackathon.extras.gallery import services
from hackathon.run.demo.build import Made
from hackathon.run.demo.day import Day, DemoPhase
from teams.enums import Circle, ReceiptMails
from teams.models import Membership, Team
from teams.services.membership import choose

CHOSEN = "2020-02-13T22:30"
WHAT = (
    "Un marché de producteurs",
    "Une application de recettes de saison",
    "Un parcours de découverte",
    "Une carte des bonnes adresses",
    "Une soirée autour du goût",
    "Un panier à composer soi-même",
    "Un atelier de cuisine",
    "Une vitrine en ligne",
    "Un jeu de piste gourmand",
    "Une boutique éphémère",
)
FOR_WHOM = (
    "pour les familles du quartier",
    "pour les étudiants qui rentrent tard",
    "pour celles et ceux qui ne cuisinent jamais",
    "avec les producteurs de Lorraine",
    "à moins de dix euros",
    "que l’on visite en une heure",
)
# By place of the team: what its captain chooses in the end; the others agree to everybody.
CHOICES = {4: Circle.UNANSWERED, 8: Circle.NOBODY, 15: Circle.EDITION, 33: Circle.EDITION}


def fill(made: Made) -> None:
    if made.day.phase == DemoPhase.CEREMONY:
        _show_works(made.teams, made.day)


def _show_works(teams: Sequence[Team], day: Day) -> None:
    at = day.at(CHOSEN)
    for place, team in enumerate(teams):
        text = f"{WHAT[place % len(WHAT)]} {FOR_WHOM[place // len(WHAT) % len(FOR_WHOM)]}."
        members = list(team.memberships.select_related("user", "team"))
        captain = next(member for member in members if member.is_captain)
        services.write_sentence(team, text, by=captain.user, at=at)
        for member in members:
            _choose(member, Circle.EVERYBODY, day)
        if place in CHOICES:
            _choose(captain, CHOICES[place], day)


def _choose(member: Membership, circle: Circle, day: Day) -> None:
    mails = ReceiptMails(member.receipt_mails)
    at = day.at(CHOSEN) + timedelta(minutes=1)
    choose(member, receipt_mails=mails, shows_works_to=circle, at=at)
