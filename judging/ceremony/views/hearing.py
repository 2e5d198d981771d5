from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound, Refused, refuse
from hackathon.base.core.views import Request, accepted, edition_of, kept_changes, posted
from judging.ceremony.selectors.screens import team_on_stage
from judging.deliberation.forms import PassageForm
from judging.deliberation.selectors import hearings as selectors
from judging.deliberation.services import hearings as services
from judging.errors import JudgingRefusal
from judging.models import Juror
from judging.scoring.tablet_translations import tablet_translations

BATCH = 50
TEXTS = ("saving", "waits", "saved", "cleared", "offline", "expired", "somebody_else", "refused")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hearing(request: Request, code: str) -> HttpResponse:
    """Without scripts saved per nominee: `team` is the one whose marks are sent."""
    juror, stage = selectors.get_hearing_juror_for(request.user, code, request.edition)
    criteria, now = selectors.passage_criteria_of(juror.department), clock.now()
    passages = {str(passage.team.pk): passage for passage in selectors.passages_of(juror)}
    forms = {pk: PassageForm(criteria, passage) for pk, passage in passages.items()}
    status = 200
    if (data := posted(request)) is not None:
        sent = data.get("team", "")
        if sent not in passages or passages[sent].is_recused:
            raise NotFound
        forms[sent] = form = PassageForm(criteria, passages[sent], data)
        if accepted(form, lambda: _mark(juror, form, request)) and not form.wrong:
            return redirect(f"{request.path}#passage-{sent}")
        status = 422
    on_stage = team_on_stage(juror.department.edition, at=now)
    first = str(on_stage.team) if on_stage else ""
    names = tablet_translations()
    context = {
        "juror": juror,
        "criteria": criteria,
        "page": {"closed": stage.is_decided, "writable": not stage.is_decided},
        "on_stage": on_stage,
        "forms": sorted(forms.values(), key=lambda form: str(form.passage.team.pk) != first),
        "script": {
            "user": request.user.pk,
            "url": reverse("judging:hearing-marks", args=[juror.department.code]),
            "translations": {name: names[name] for name in TEXTS},
        },
    }
    return render(request, "judging/ceremony/hearing.html", context, status=status)


@never_cache
@require_POST
def synchronise(request: Request, code: str) -> HttpResponse:
    """Marks that a device keeps until they are here (`js/hearing.js`). Each may come again."""

    def juror() -> Juror:
        return selectors.get_hearing_juror_for(request.user, code, edition_of(request))[0]

    changes = kept_changes(request, allow=juror, most=BATCH)
    if isinstance(changes, HttpResponse):
        return changes
    return JsonResponse({"answers": [_answer(juror(), raw, request) for raw in changes]})


def _answer(juror: Juror, raw: Any, request: Request) -> dict[str, str]:
    """To one change; the others are processed whatever is wrong with it."""
    sent = raw if isinstance(raw, dict) else {}
    passages = {str(passage.team.pk): passage for passage in selectors.passages_of(juror)}
    passage = passages.get(str(sent.get("team")))
    if passage is None:
        return {"state": "refused", "message": str(refuse(JudgingRefusal.NOT_ASSIGNED))}
    data = {"set": f"{sent.get('criterion')}={sent.get('value', '')}"}
    form = PassageForm(selectors.passage_criteria_of(juror.department), passage, data)
    try:
        form.full_clean()
        _mark(juror, form, request)
    except Refused as refused:
        return {"state": "refused", "message": str(refused.refusal)}
    if form.wrong:
        return {"state": "refused", "message": " ".join(form.wrong.values())}
    return {"state": "accepted"}


def _mark(juror: Juror, form: PassageForm, request: Request) -> None:
    team, marks = form.passage.team, form.marks
    services.mark(juror=juror, team=team, marks=marks, by=request.user, at=clock.now())
