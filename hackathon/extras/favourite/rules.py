from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from hackathon.base.core.errors import Refusal, refuse
from hackathon.extras.favourite.errors import FavouriteRefusal
from hackathon.extras.favourite.models import Favourite
from judging.ceremony.steps import Step, StepKind


@dataclass(frozen=True)
class Voter:
    """`key` is of an account or of a badge."""

    key: str
    own_team: int | None = None

    def digest(self, favourite: Favourite) -> str:
        mac = salted_hmac("favourite.voter", f"{favourite.pk}:{self.key}", algorithm="sha256")
        return mac.hexdigest()


def winners_of(votes: Mapping[int, int]) -> list[int]:
    """All teams with the most votes."""
    most = max(votes.values(), default=0)
    return [team for team, count in votes.items() if count == most]


def with_vote(steps: list[Step], vote: str, prize: str) -> list[Step]:
    """The hall votes after the last passage, or else after the opening; its prize is the last."""
    opening = (StepKind.OPENING, StepKind.MESSAGE)
    first = next((n for n, step in enumerate(steps) if step.kind not in opening), len(steps))
    place = max((n + 1 for n, step in enumerate(steps) if step.is_passage), default=first)
    return [*steps[:place], Step(vote), *steps[place:], Step(prize)]


def prize_refusal(favourite: Favourite) -> Refusal | None:
    """Of showing it in a real ceremony: the winner is not known before the vote is closed."""
    return None if favourite.closed_at else refuse(FavouriteRefusal.STILL_OPEN)


def open_refusal(favourite: Favourite) -> Refusal | None:
    """Of what can be done only while the vote is open."""
    if favourite.closed_at is not None:
        return refuse(FavouriteRefusal.CLOSED)
    return None if favourite.opened_at else refuse(FavouriteRefusal.NOT_OPEN)


def voting_refusal(favourite: Favourite, voter: Voter | None, team: str) -> Refusal | None:
    """`team`: the id that was sent."""
    if refusal := open_refusal(favourite):
        return refusal
    if voter is None:
        return refuse(FavouriteRefusal.UNKNOWN_BADGE)
    is_candidate = team in map(str, favourite.candidates) and team != str(voter.own_team)
    return None if is_candidate else refuse(FavouriteRefusal.NOT_CANDIDATE)


def change_refusal(favourite: Favourite | None, *, has_passages: bool = False) -> Refusal | None:
    """Of preparing it, or of opening it by hand (`has_passages`)."""
    if favourite is not None and favourite.opened_at is not None:
        return refuse(FavouriteRefusal.ALREADY_OPEN)
    return refuse(FavouriteRefusal.OPENS_BY_ITSELF) if has_passages else None
