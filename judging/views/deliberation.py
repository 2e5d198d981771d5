"""The president's page, and what the jury sees once the decision is locked."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from judging import rules, selectors
from judging.decision_forms import DecisionForm, ReopenForm
from judging.forms import ConfirmForm
from judging.models import Juror
from judging.selectors.deliberation import DecisionState
from judging.selectors.standings import DepartmentRanking, TeamStanding
from judging.services import deliberation
from judging.views.answers import SignedIn, accepted, act, page, sent


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: SignedIn, code: str) -> HttpResponse:
    """The ranking and the draft of the decision; for the other jurors the locked decision alone."""
    if request.method == "POST":
        juror = selectors.get_president_for(request.user, code, request.edition)
    else:
        juror = selectors.get_decision_reader_for(request.user, code, request.edition)
    department = juror.department
    decided = selectors.decision_of(department)
    if not juror.is_president:
        return render(request, "judging/decision.html", {"juror": juror, "decided": decided})
    ranking = selectors.ranking_of(department)
    form = DecisionForm(
        ranking.teams, department.edition.winners_max, decided, ranking.basis, sent(request)
    )
    now = clock.now()
    who: dict[str, Any] = {"department": department, "by": request.user, "at": now}
    if accepted(form, lambda: deliberation.decide(**form.decided(), **who)):
        if request.POST.get("do") == "lock":
            return redirect("judging:lock", department.code)
        messages.success(request, _("Brouillon enregistré. Rien n’est encore décidé."))
        return redirect("judging:deliberation", department.code)
    closed = rules.open_refusal(department.edition, locked=decided.is_locked, at=now)
    context = {**_context(juror, ranking, decided, form), "closed": closed, "now": now}
    if decided.is_locked:
        context["out"] = selectors.out_refusal(department.edition, at=now)
    return page(request, "judging/deliberation.html", form, **context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: SignedIn, code: str) -> HttpResponse:
    """What will be locked, once more, and the tick that locks it."""
    juror = selectors.get_president_for(request.user, code, request.edition)
    department = juror.department
    form = ConfirmForm(_("Le jury a décidé : plus rien ne changera."), sent(request))
    if accepted(
        form, lambda: deliberation.lock(department=department, by=request.user, at=clock.now())
    ):
        messages.success(
            request, _("Délibération verrouillée. Gardez le secret jusqu’à la remise des prix.")
        )
        return redirect("judging:deliberation", department.code)
    decided = selectors.decision_of(department)
    if decided.is_locked:
        return redirect("judging:deliberation", department.code)
    return page(
        request,
        "judging/lock.html",
        form,
        juror=juror,
        decided=decided,
        blocked=deliberation.lock_refusal(department=department, by=request.user, at=clock.now()),
        departing=selectors.ranking_of(department).departing_sentences(decided.ranks),
        lacking=selectors.lacking(department),
        signers=selectors.signers_of(department),
        jury=selectors.progress_of(department),
    )


@login_required
@require_POST
def open_to_sign(request: SignedIn, code: str) -> HttpResponse:
    """Show the draft to the jury."""
    juror = selectors.get_president_for(request.user, code, request.edition)
    return act(
        request,
        lambda: deliberation.open_to_sign(
            department=juror.department, by=request.user, at=clock.now()
        ),
        done=_("Le jury peut lire la décision et la signer."),
        to=reverse("judging:deliberation", args=[juror.department.code]),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedIn, code: str) -> HttpResponse:
    """What a reopening does, and why it is done."""
    juror = selectors.get_president_for(request.user, code, request.edition)
    department = juror.department
    form = ReopenForm(sent(request))
    if accepted(
        form,
        lambda: deliberation.reopen(
            department=department,
            reason=form.cleaned_data["reason"].replace("\r\n", "\n"),
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("La délibération est rouverte : l’empreinte annoncée tombe."))
        return redirect("judging:deliberation", department.code)
    decided = selectors.decision_of(department)
    if not decided.is_locked and not form.is_bound:
        return redirect("judging:deliberation", department.code)
    return page(request, "judging/reopen.html", form, juror=juror, decided=decided)


def _context(
    juror: Juror, ranking: DepartmentRanking, decided: DecisionState, form: DecisionForm
) -> dict[str, Any]:
    def line(standing: TeamStanding) -> dict[str, Any]:
        return {"standing": standing, "fields": form.of_team(standing.team.pk)}

    return {
        "juror": juror,
        "ranking": ranking,
        "decided": decided,
        "tables": [
            [[line(standing) for standing in group] for group in table.groups]
            for table in ranking.tables
        ],
        "not_ranked": [
            {"team": team, "fields": form.of_team(team.pk)} for team in ranking.not_ranked
        ],
        "departing": ranking.departing_sentences(decided.ranks),
        "recusals": len(selectors.recusals_of(juror.department)),
        "lacking": selectors.lacking(juror.department),
        "stale": _is_stale(decided, ranking),
        "more_leaders": len(ranking.leading) > juror.department.edition.winners_max,
        "signers": selectors.signers_of(juror.department),
        "jury": selectors.progress_of(juror.department),
    }


def _is_stale(decided: DecisionState, ranking: DepartmentRanking) -> bool:
    """Whether marks have changed since the draft."""
    draft = decided.deliberation
    return draft is not None and not decided.is_locked and draft.basis not in ("", ranking.basis)
