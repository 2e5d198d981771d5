"""The list on the phone of those who note presence, and who is in the building."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal
from hackathon.base.core.views import Request, edition_of, kept_changes
from hackathon.event.editions.views.setup import not_for_readers
from hackathon.event.roles import roles_of_request
from hackathon.extras.presence import rules, selectors, services
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.rules import Status
from hackathon.extras.presence.serializers import TickSerializer
from hackathon.extras.presence.services import Given
from judging.scoring.tablet_translations import tablet_translations

BATCH = 200
# Of the jury's tablet, whose queue of unsent changes this page uses.
TEXTS = ("clear", "pending_one", "pending", "offline", "expired", "somebody_else")


@not_for_readers
@never_cache
@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    """Everybody, so that another room needs no network. `?moment=7`: not the current one."""
    edition = selectors.get_ticked_edition(roles_of_request(request), edition_of(request))
    with timezone.override(edition.zone):
        roll = selectors.roll_of(edition)
        asked = request.GET.get("moment", "")
        by_pk = {str(moment.pk or 0): moment for moment in roll.moments}
        moment = by_pk.get(asked) or rules.current_moment(roll.moments, at=clock.now())
        context = {
            "roll": roll,
            "moment": moment,
            "here": len(roll.here_at(moment)),
            "left": len(roll.waiting_at(moment)),
            "floors": [
                (
                    floor.number,
                    [
                        (room, [(one, one.at(moment)) for one in people])
                        for room, people in floor.found
                    ],
                )
                for floor in selectors.in_rooms(roll.people)
            ],
            "script_data": {
                "user": request.user.pk,
                "url": reverse("presence:synchronise"),
                "worker": reverse("presence:worker"),
                "translations": _translations(),
            },
        }
        return render(request, "presence/list.html", context)


@never_cache
@login_required
@require_safe
def building(request: Request) -> HttpResponse:
    edition = selectors.get_ticked_edition(roles_of_request(request), edition_of(request))
    with timezone.override(edition.zone):
        roll = selectors.roll_of(edition)
        floors = selectors.in_rooms(roll.inside)
        context = {"roll": roll, "floors": floors, "edition": edition, "at": clock.now()}
        return render(request, "presence/building.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Opens the list without a network. Its scope is what is below its own address."""
    kind = "text/javascript; charset=utf-8"
    return render(request, "presence/worker.js", content_type=kind)


@never_cache
@require_POST
def synchronise(request: Request) -> HttpResponse:
    roles, shown = roles_of_request(request), edition_of(request)
    changes = kept_changes(
        request, allow=lambda: selectors.get_ticked_edition(roles, shown), most=BATCH
    )
    if isinstance(changes, HttpResponse):
        return changes
    edition, now = selectors.get_ticked_edition(roles, shown), clock.now()
    ticks = [_given(raw, now) for raw in changes]
    readable = [tick for tick in ticks if tick is not None]
    outcomes = iter(services.tick(edition, readable, by=request.user, at=now))
    return JsonResponse({"answers": [_answer(next(outcomes)) if t else UNREADABLE for t in ticks]})


UNREADABLE = {"state": "refused", "code": "unreadable", "message": ""}


def _translations() -> dict[str, str]:
    texts = tablet_translations()
    return {name: texts[name] for name in TEXTS} | {
        "kept": _("Pas de réseau : la liste est celle de {time}."),
        "refused": _("Cette personne n’est plus sur la liste. Rechargez la page."),
        "here": _("{n} présents, {left} pas encore vus"),
    }


def _given(raw: Any, now: datetime) -> Given | None:
    """None if it can't be read: it must not keep the others from being sent."""
    serializer = TickSerializer(data=raw)
    if not serializer.is_valid():
        return None
    data = serializer.validated_data
    return Given(
        data["key"],
        data["person"],
        data["moment"],
        TickKind(data["value"]),
        data["given_at"] or now,
        data["clock"],
    )


def _answer(outcome: Status | Refusal) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return {"state": "refused", "code": outcome.code.value, "message": str(outcome)}
    return {"state": "accepted", "value": outcome.state.value}
