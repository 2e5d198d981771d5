from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment, once
from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import moments
from judging.ceremony.selectors.editions import has_other_published
from judging.ceremony.selectors.results import (
    held_back_in,
    published_results,
    results_with_details,
)
from judging.ceremony.selectors.state import additions
from judging.deliberation.selectors.envelopes import envelopes
from judging.deliberation.selectors.publication import ceremony_has_begun
from teams.models import Team

RESULTS = "results ceremony edition team"


@dataclass(frozen=True)
class Reader:
    """`waits`: a member of a team whose results come later than those of others."""

    has_team: bool
    waits: bool


def _reader(edition: Edition) -> Callable[[Audiences], Reader]:
    """One query once results are published."""
    late = Team.objects.filter(edition=edition).exclude(department__held_back_at=None)
    waiting = set(late.values_list("pk", flat=True)) if edition.results_published_at else set()

    def reader(audiences: Audiences) -> Reader:
        team = team_in(audiences)
        return Reader(has_team=team is not None, waits=team in waiting)

    return reader


def _awards_at(edition: Edition) -> datetime | None:
    awards = (m.at for m in moments(edition) if m.kind == MilestoneKind.AWARDS)
    return next(awards, None)


def _palmares(edition: Edition, reader: Reader, at: datetime) -> dict[str, Any]:
    """The page must not depend on decisions before the publication."""
    results = results_with_details(edition, at=at)
    is_on = results is None and ceremony_has_begun(edition)
    awards_at = _awards_at(edition) if results is None else None
    return {
        "results": results,
        "awards_at": awards_at,
        "awards_are_due": awards_at is not None and awards_at <= at,
        "ceremony_is_on": is_on,
        "buttons": []
        if results is not None
        else [
            button
            for each in additions(edition)
            for button in each.buttons(has_team=reader.has_team, is_on=is_on)
        ],
        "held_back": [] if results is None else held_back_in(edition),
        "own_marks": results is not None
        and reader.has_team
        and not reader.waits
        and edition.shares_marks,
        "has_team": reader.has_team,
        "waits": reader.waits,
    }


def _teams(_edition: Edition) -> Callable[[Audiences], int | None]:
    return team_in


def _own_results(edition: Edition, team_pk: int, at: datetime) -> dict[str, Any]:
    """No query before the publication; then the same ones for all teams."""
    if not results_are_public(edition, at=at):
        return {"results": None}
    # Not with a clock of its own: they are public.
    results = once(edition, "results", lambda e: published_results(e, at=at) or [], RESULTS)

    def has_own(teams: Iterable[Team]) -> bool:
        return any(team.pk == team_pk for team in teams)

    return {
        "results": results,
        "places": [place for each in results for place in each.places if has_own(place.teams)],
        "special": [prize for each in results for prize in each.special if has_own(prize.teams)],
        "is_nominated": any(has_own(each.nominees) for each in results),
    }


def _awards(edition: Edition, _viewer: object, _at: datetime) -> Iterable[datetime]:
    # Once the publication has an instant there are no later states: they must not show results
    # early, also if the clock of another process is ahead.
    awards_at = None if edition.results_published_at else _awards_at(edition)
    return [] if awards_at is None else [awards_at]


def _other_editions(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """One query."""
    return {"has_others": has_other_published(edition, at=at)}


def _envelopes(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    return {"envelopes": envelopes(edition, at=at)}


CEREMONY = (
    Fragment(
        "own-results",
        "judging/ceremony/_own_results.html",
        RESULTS,
        _own_results,
        _teams,
        max_age=30,
    ),
    Fragment(
        "palmares",
        "judging/ceremony/_palmares.html",
        f"{RESULTS} work",
        _palmares,
        _reader,
        _awards,
        max_age=30,
    ),
    Fragment(
        "other-editions",
        "judging/ceremony/_other_editions.html",
        "results edition",
        _other_editions,
        max_age=30,
    ),
    Fragment(
        "envelopes",
        "judging/ceremony/_envelopes.html",
        "deliberation results team edition",
        _envelopes,
        max_age=30,
    ),
)
