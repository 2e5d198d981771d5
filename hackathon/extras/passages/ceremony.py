from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.base.core.extras import Page
from hackathon.extras.passages import rules, services
from hackathon.extras.passages.enums import PassagePhase
from hackathon.extras.passages.models import PassagePlan
from hackathon.extras.passages.selectors import (
    PassageScreen,
    passage_plans,
    passage_screen,
    projectors_with_decks,
)
from judging.ceremony.selectors.state import Addition, CeremonyState, OnStage, Press, ScreenState
from judging.ceremony.steps import Key, Step, StepKind


class Passages(Addition):
    kinds = {StepKind.PRESENTATION: _("une équipe sur scène")}

    @cached_property
    def plans(self) -> dict[Key, PassagePlan]:
        return passage_plans(self.edition)

    def has_passages(self) -> bool:
        return bool(self.plans)

    def with_steps(self, steps: list[Step]) -> list[Step]:
        return rules.with_passages(steps, {key: plan.order for key, plan in self.plans.items()})

    def moved(self, state: CeremonyState, number: int, *, by: User, at: datetime) -> None:
        services.begin(state, number, at=at)

    def screen(self, state: CeremonyState, shown: ScreenState, *, at: datetime) -> ScreenState:
        plan = self.plans.get(state.step.department or 0)
        if plan is None:
            return shown
        if shown.kind == StepKind.NOMINEES:
            return replace(shown, own_template="passages/_nominees.html", details=plan)
        if shown.kind != StepKind.PRESENTATION:
            return shown
        one = passage_screen(state, plan, at=at)
        passage = one.passage
        return replace(
            shown,
            label=one.team,
            own_template="passages/_presentation.html",
            details=one,
            on_stage=OnStage(one.team, one.following, passage.phase, one.ends_at, passage.page),
        )

    def buttons(self, *, has_team: bool, is_on: bool) -> list[Page]:
        has_page = has_team and is_on and self.has_passages()
        label = _("Tourner les pages sur scène")
        return [Page("passages:own", label, "device-tv")] if has_page else []

    @property
    def keys(self) -> Mapping[str, Press]:
        return {
            "page-next": partial(services.direct, pages=1),
            "page-back": partial(services.direct, pages=-1),
            **{phase: partial(services.direct, phase=phase) for phase in PassagePhase},
        }

    def remote(self, request: Any, remote: Any, *, at: datetime) -> str:
        shown, ceremony = remote.shown, remote.ceremony
        context = {"shown": shown, "ceremony": ceremony, "edition": self.edition}
        if ceremony is None or isinstance(shown.details, PassageScreen):
            part = "passages/_remote.html" if ceremony else "passages/_decks.html"
            context |= {"one": shown.details, "projectors": projectors_with_decks(self.edition)}
            if ceremony and shown.details.passage.pk:
                path = reverse("passages:speaker", args=[shown.details.passage.token])
                context["speaker_link"] = request.build_absolute_uri(path)
            return render_to_string(part, context, request)
        if isinstance(shown.details, PassagePlan) and not ceremony.is_rehearsal:
            return render_to_string("passages/_order.html", context, request)
        return ""
