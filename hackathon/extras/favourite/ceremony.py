"""The steps of the vote and of its prize. Winners are read as they are shown, not before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal
from hackathon.base.core.extras import Page
from hackathon.extras.favourite import rules, services
from hackathon.extras.favourite.models import Favourite
from judging.ceremony.selectors.screens import laureates
from judging.ceremony.selectors.state import (
    Addition,
    CeremonyState,
    Press,
    ScreenState,
    ScreenTeam,
    SpecialPrize,
)
from judging.ceremony.steps import Step

VOTE = "vote"
PRIZE = "favourite"


class VoteOfTheHall(Addition):
    kinds = {VOTE: _("le vote de la salle"), PRIZE: _("le coup de cœur de la salle")}
    prize_kind = PRIZE

    @cached_property
    def favourite(self) -> Favourite | None:
        return Favourite.objects.filter(edition=self.edition).select_related("edition").first()

    def with_steps(self, steps: list[Step]) -> list[Step]:
        return rules.with_vote(steps, VOTE, PRIZE) if self.favourite else steps

    def refusal(self, step: Step) -> Refusal | None:
        is_prize = step.kind == PRIZE
        return rules.prize_refusal(self.favourite) if is_prize and self.favourite else None

    def moved(self, state: CeremonyState, number: int, *, by: User, at: datetime) -> None:
        """The vote stays open if the remote goes back."""
        shown, favourite = state.steps[: number + 1], self.favourite
        is_due = not state.ceremony.is_rehearsal and VOTE in [step.kind for step in shown]
        if is_due and favourite is not None and favourite.opened_at is None:
            presented = [step.teams[0] for step in shown if step.is_passage]
            services.open_vote(favourite, presented, by=by, at=at)

    def screen(self, state: CeremonyState, shown: ScreenState, *, at: datetime) -> ScreenState:
        favourite = self.favourite
        if favourite is None or shown.kind not in self.kinds:
            return shown
        if shown.kind == VOTE:
            return replace(
                shown,
                title=favourite.title,
                label=gettext("Vote du coup de cœur"),
                own_template="favourite/_ballot_call.html",
                details={"is_closed": bool(favourite.closed_at) and not shown.is_rehearsal},
            )
        if shown.is_rehearsal:
            invented = list(state.placeholders.values())
            teams = [ScreenTeam(None, t.name, t.project, t.members) for t in invented[:1]]
            voters = len(invented)
        else:
            teams = laureates(self.edition, favourite.shown_winners(), at=at)
            voters = favourite.voters
        return replace(
            shown,
            title=favourite.title,
            label=favourite.title,
            teams=teams,
            own_template="favourite/_prize.html",
            details={"voters": voters},
        )

    def prizes(self) -> list[SpecialPrize]:
        favourite = self.favourite
        winners = favourite.shown_winners() if favourite else []
        return [SpecialPrize(str(favourite), winners, by_jury=False)] if winners else []

    @property
    def is_open(self) -> bool:
        return self.favourite is not None and self.favourite.is_open

    def buttons(self, *, has_team: bool, is_on: bool) -> list[Page]:
        button = Page("favourite:vote", _("Voter pour le coup de cœur"), "check")
        return [button] if self.is_open else []

    @property
    def keys(self) -> Mapping[str, Press]:
        return {"close-vote": services.close_by_remote}

    def remote(self, request: Any, remote: Any, *, at: datetime) -> str:
        if not self.is_open:
            return ""
        return render_to_string("favourite/_still_open.html", {}, request)
