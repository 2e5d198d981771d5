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
from hackathon.extras.meals import selectors, services
from hackathon.extras.meals.enums import EaterFilter
from hackathon.extras.meals.models import Meal
from hackathon.extras.meals.serializers import TickSerializer
from hackathon.extras.meals.services import Tick
from judging.scoring.tablet_translations import tablet_translations

BATCH = 200
MOST = 400  # people on a page; beyond that one floor at a time, or a part of it
# Of the jury's tablet, whose queue of unsent changes this page uses.
TEXTS = ("clear", "pending_one", "pending", "offline", "expired", "somebody_else")


@not_for_readers
@never_cache
@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    """`?floor=2` shows one floor, `?floor=2.2` its second part, `?floor=none` those whose floor is
    unknown. `?q=` searches in all.
    """
    edition = selectors.get_served_edition(roles_of_request(request), edition_of(request))
    with timezone.override(edition.zone):
        eaters = selectors.eaters_of(edition)
        parts = selectors.parts_of(eaters, most=MOST)
        is_large, text = len(eaters) > MOST, request.GET.get("q", "").strip()
        chosen = request.GET.get("floor", "")
        if text:
            matching = selectors.found_eaters(eaters, text=text, which=EaterFilter.ALL, needs={})
            shown, chosen = selectors.parts_of(matching[:MOST], most=MOST), ""
        else:
            if chosen not in {part.name for part in parts}:
                chosen = parts[0].name if is_large else ""
            shown = [part for part in parts if chosen in ("", part.name)]
        plan = selectors.plan_of(edition)
        context = {
            "plan": plan,
            "shown": shown,
            "parts": parts,
            "chosen": chosen,
            "text": text,
            "is_large": is_large,
            "eaters": len(eaters),
            "served": sum(eater.served_at is not None for eater in eaters),
            "script_data": {
                "user": request.user.pk,
                "url": reverse("meals:synchronise"),
                "worker": reverse("meals:worker"),
                "translations": _translations(),
            },
        }
        return render(request, "meals/handout.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Opens the list without a network. Its scope is what is below its own address."""
    kind = "text/javascript; charset=utf-8"
    return render(request, "meals/worker.js", content_type=kind)


@never_cache
@require_POST
def synchronise(request: Request) -> HttpResponse:
    roles, shown = roles_of_request(request), edition_of(request)
    changes = kept_changes(
        request, allow=lambda: selectors.get_served_edition(roles, shown), most=BATCH
    )
    if isinstance(changes, HttpResponse):
        return changes
    edition, now = selectors.get_served_edition(roles, shown), clock.now()
    ticks = [_tick(raw, now) for raw in changes]
    readable = [tick for tick in ticks if tick is not None]
    outcomes = iter(services.tick(edition, readable, by=request.user, at=now))
    return JsonResponse({"answers": [_answer(next(outcomes)) if t else UNREADABLE for t in ticks]})


UNREADABLE = {"state": "refused", "code": "unreadable", "message": ""}


def _translations() -> dict[str, str]:
    texts = tablet_translations()
    return {name: texts[name] for name in TEXTS} | {
        "kept": _("Pas de réseau : la liste est celle de {time}."),
        "refused": _("Cette personne n’est plus sur la liste. Rechargez la page."),
    }


def _tick(raw: Any, now: datetime) -> Tick | None:
    """None if it can't be read: it must not keep the others from being sent."""
    serializer = TickSerializer(data=raw)
    if not serializer.is_valid():
        return None
    data = serializer.validated_data
    return Tick(data["person"], data["value"] == "served", data["given_at"] or now)


def _answer(outcome: Meal | Refusal) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return {"state": "refused", "code": outcome.code.value, "message": str(outcome)}
    return {"state": "accepted", "value": "served" if outcome.served_at else "waiting"}
