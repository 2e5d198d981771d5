"""What members answer: who may see the works of their team."""

from hackathon.base.accounts.models import User
from teams.enums import Circle, ReceiptMails
from teams.models import Membership, Team
from teams.services import membership as memberships
from tests.conftest import DEADLINE


def choose(user: User, circle: Circle) -> None:
    place = Membership.objects.select_related("team").get(user=user)
    memberships.choose(place, receipt_mails=ReceiptMails.NONE, shows_works_to=circle, at=DEADLINE)


def agree(team: Team, circle: Circle = Circle.EVERYBODY) -> None:
    for place in team.memberships.select_related("user"):
        choose(place.user, circle)
