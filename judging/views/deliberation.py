"""The president's page, and what the jury sees once the decision is locked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.core import clock
from judging import rules, selectors
from judging.forms import ConfirmForm, DecisionForm
from judging.models import Juror
from judging.selectors.deliberation import DecisionState, DepartmentRanking
from judging.services import deliberation
from judging.views.answers import SignedIn, accepted, page, sent


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
    form = _decision_form(request, juror, ranking, decided)
    now = clock.now()
    if accepted(
        form,
        lambda: deliberation.decide(
            department=department,
            nominees=form.nominees,
            places=form.places,
            by=request.user,
            at=now,
        ),
    ):
        if request.POST.get("do") == "lock":
            return redirect("judging:lock", department.code)
        messages.success(request, _("Brouillon enregistré. Rien n’est encore décidé."))
        return redirect("judging:deliberation", department.code)
    closed = rules.open_refusal(department.edition, locked=decided.is_locked, at=now)
    context = _context(juror, ranking, decided, form)
    return page(request, "judging/deliberation.html", form, closed=closed, now=now, **context)


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
        jury=selectors.progress_of(department),
    )


def _decision_form(
    request: SignedIn, juror: Juror, ranking: DepartmentRanking, decided: DecisionState
) -> DecisionForm:
    return DecisionForm(
        ranking.teams,
        juror.department.edition.winners_max,
        sent(request),
        nominees=[team.pk for team in decided.nominees],
        ranks=decided.ranks,
    )


def _context(
    juror: Juror, ranking: DepartmentRanking, decided: DecisionState, form: DecisionForm
) -> dict[str, object]:
    def fields(pk: int) -> dict[str, object]:
        return {"nominee": form[f"nominee-{pk}"], "place": form[f"place-{pk}"]}

    return {
        "juror": juror,
        "ranking": ranking,
        "decided": decided,
        "ranked": [{"standing": s, **fields(s.team.pk)} for s in ranking.standings],
        "not_ranked": [{"team": team, **fields(team.pk)} for team in ranking.not_ranked],
        "jury": selectors.progress_of(juror.department),
    }
