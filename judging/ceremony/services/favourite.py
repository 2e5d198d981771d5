"""The vote of the hall opens. Callers hold the lock of the edition."""

from collections.abc import Sequence
from datetime import datetime

from hackathon.accounts.models import User
from hackathon.core import journal
from judging import live
from judging.ceremony.steps import Step, StepKind
from judging.models import Favourite
from teams.models import Team


def open_when_shown(
    favourite: Favourite | None, shown: Sequence[Step], *, by: User, at: datetime
) -> None:
    """`shown`: the steps up to now. It stays open if the remote goes back."""
    is_due = any(step.kind == StepKind.VOTE for step in shown)
    if favourite is not None and favourite.opened_at is None and is_due:
        open_vote(favourite, shown, by=by, at=at)


def open_vote(favourite: Favourite, shown: Sequence[Step], *, by: User, at: datetime) -> None:
    """One can vote for the teams that presented their work in `shown`, if some did."""
    presented = [step.teams[0] for step in shown if step.is_passage]
    teams = Team.objects.filter(edition=favourite.edition).present()
    if favourite.only_presented and presented:
        teams = teams.filter(pk__in=presented)
    favourite.candidates = list(teams.values_list("pk", flat=True))
    favourite.opened_at = at
    favourite.save(update_fields=["opened_at", "candidates"])
    number = len(favourite.candidates)
    journal.record("favourite.opened", favourite, by=by, at=at, teams=number)
    live.favourite_changed(favourite.edition, at=at)
