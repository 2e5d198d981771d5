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
from hackathon.core.views import Request, accepted, form_page, perform, posted
from judging.deliberation.forms import DecisionForm, ReopenForm
from judging.deliberation.selectors import decision, handed_in, publication
from judging.deliberation.selectors.decision import DecisionState
from judging.deliberation.services import decision as deliberation
from judging.jury import progress, rules
from judging.jury import selectors as jury_selectors
from judging.jury.forms import ConfirmForm
from judging.models import Juror
from judging.ranking import selectors as ranking_selectors
from judging.ranking.selectors import DepartmentRanking, TeamStanding


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, code: str) -> HttpResponse:
    """The ranking and the draft of the decision; for the other jurors the locked decision alone."""
    if request.method == "POST":
        juror = jury_selectors.get_president_for(request.user, code, request.edition)
    else:
        juror = decision.get_decision_reader_for(request.user, code, request.edition)
    department = juror.department
    decided = decision.decision_of(department)
    if not juror.is_president:
        return render(request, "judging/decision.html", {"juror": juror, "decided": decided})
    ranking = ranking_selectors.ranking_of(department)
    form = DecisionForm(
        ranking.teams, department.edition.winners_max, decided, ranking.basis, posted(request)
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
        context["out"] = publication.out_refusal(department.edition, at=now)
    return form_page(request, "judging/deliberation.html", form, **context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, code: str) -> HttpResponse:
    """What will be locked, once more, and the tick that locks it."""
    juror = jury_selectors.get_president_for(request.user, code, request.edition)
    department = juror.department
    form = ConfirmForm(_("Le jury a décidé : plus rien ne changera."), posted(request))
    if accepted(
        form, lambda: deliberation.lock(department=department, by=request.user, at=clock.now())
    ):
        messages.success(
            request, _("Délibération verrouillée. Gardez le secret jusqu’à la remise des prix.")
        )
        return redirect("judging:deliberation", department.code)
    decided = decision.decision_of(department)
    if decided.is_locked:
        return redirect("judging:deliberation", department.code)
    return form_page(
        request,
        "judging/lock.html",
        form,
        juror=juror,
        decided=decided,
        blocked=deliberation.lock_refusal(department=department, by=request.user, at=clock.now()),
        departing=ranking_selectors.ranking_of(department).departing_sentences(decided.ranks),
        lacking=handed_in.lacking(department),
        signers=decision.signers_of(department),
        jury=progress.progress_of(department),
    )


@login_required
@require_POST
def open_to_sign(request: Request, code: str) -> HttpResponse:
    """Show the draft to the jury."""
    juror = jury_selectors.get_president_for(request.user, code, request.edition)
    return perform(
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
def reopen(request: Request, code: str) -> HttpResponse:
    """What a reopening does, and why it is done."""
    juror = jury_selectors.get_president_for(request.user, code, request.edition)
    department = juror.department
    form = ReopenForm(posted(request))
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
    decided = decision.decision_of(department)
    if not decided.is_locked and not form.is_bound:
        return redirect("judging:deliberation", department.code)
    return form_page(request, "judging/reopen.html", form, juror=juror, decided=decided)


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
        "recusals": len(jury_selectors.recusals_of(juror.department)),
        "lacking": handed_in.lacking(juror.department),
        "stale": _is_stale(decided, ranking),
        "more_leaders": len(ranking.leading) > juror.department.edition.winners_max,
        "signers": decision.signers_of(juror.department),
        "jury": progress.progress_of(juror.department),
    }


def _is_stale(decided: DecisionState, ranking: DepartmentRanking) -> bool:
    """Whether marks have changed since the draft."""
    draft = decided.deliberation
    return draft is not None and not decided.is_locked and draft.basis not in ("", ranking.basis)
