from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock, journal
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from judging.deliberation.forms import DecisionForm, LockForm, ReopenForm
from judging.deliberation.rules import is_up_to_date
from judging.deliberation.selectors import handed_in, hearings, publication
from judging.deliberation.selectors.decision import (
    DecisionState,
    decision_of,
    get_decision_reader_for,
    signers_and_absent,
    signers_of,
)
from judging.deliberation.services import decision as services
from judging.jury import progress, rules
from judging.jury.selectors import get_president_for, recusals_of
from judging.models import Juror
from judging.ranking.explanation import (
    border_text,
    explain_departures,
    explain_standing,
    is_unreliable,
    rank_range,
    ranking_heads,
    reliability_text,
    separation_text,
)
from judging.ranking.results import DepartmentRanking, Table, TeamStanding
from judging.ranking.selectors import ranking_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, code: str) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        juror = get_president_for(request.user, code, request.edition)
    else:
        juror = get_decision_reader_for(request.user, code, request.edition, at=now)
    department = juror.department
    act = "ranking.viewed" if juror.is_president else "decision.viewed"
    journal.record_view(act, department, by=request.user, at=clock.now())
    decided = decision_of(department)
    if not juror.is_president:
        return render(
            request, "judging/deliberation/decision.html", {"juror": juror, "decided": decided}
        )
    ranking = ranking_of(department)
    form = DecisionForm(
        ranking.teams, department.edition.winners_max, decided, ranking.basis, posted(request)
    )
    if accepted(
        form,
        lambda: services.decide(**form.arguments(), department=department, by=request.user, at=now),
    ):
        if request.POST.get("do") == "lock":
            return redirect("judging:lock", department.code)
        messages.success(request, _("Brouillon enregistré. Rien n’est encore décidé."))
        return redirect("judging:deliberation", department.code)
    closed = rules.open_refusal(department, locked=decided.is_locked, at=now)
    context = {**_context(juror, ranking, decided, form), "closed": closed, "now": now}
    if decided.seal:
        context["criteria"] = criteria = hearings.passage_criteria_of(department)
        context["heard"] = hearings.passage_means(department, criteria, decided.nominees)
    if decided.is_locked or decided.seal:
        disclosed = publication.disclosure_refusal(department, decided, at=now)
        context["disclosure_refusal"] = disclosed
    return form_page(request, "judging/deliberation/deliberation.html", form, **context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    department = juror.department
    signers = signers_of(department)
    # Locking is the signature of the president.
    unsigned = [s.juror for s in signers if s.signed_at is None and s.juror != juror]
    decided = decision_of(department)
    form = LockForm(unsigned, posted(request), nominates=decided.nominates)

    if accepted(
        form,
        lambda: services.lock(
            department=department,
            nominees=form.cleaned_data["nominees"],
            absent=form.cleaned_data["absent"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _locked_text(nominees=form.cleaned_data["nominees"]))
        return redirect("judging:deliberation", department.code)
    if decided.is_locked:
        return redirect("judging:deliberation", department.code)
    ranking = ranking_of(department)
    named = {*decided.ranks, *(team.pk for team in decided.nominees)}
    return form_page(
        request,
        "judging/deliberation/lock.html",
        form,
        juror=juror,
        decided=decided,
        blocked=services.lock_refusal(department=department, by=request.user, at=clock.now()),
        departing=_departure_sentences(ranking, decided),
        provisional=[line for line in ranking.provisional if line.team.pk in named],
        lacking=handed_in.lacking(department),
        signers=signers,
        jury=progress.progress_of(department),
    )


@login_required
@require_POST
def open_to_sign(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    return perform(
        request,
        lambda: services.open_to_sign(department=juror.department, by=request.user, at=clock.now()),
        done=_("Le jury peut lire la décision et la signer."),
        to=reverse("judging:deliberation", args=[juror.department.code]),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    department = juror.department
    decided = decision_of(department)
    form = ReopenForm(posted(request), initial={"nominees": not decided.is_locked})

    if accepted(
        form,
        lambda: services.reopen(
            department=department,
            nominees=form.cleaned_data["nominees"],
            reason=form.cleaned_data["reason"].replace("\r\n", "\n"),
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("La délibération est rouverte : l’empreinte annoncée tombe."))
        return redirect("judging:deliberation", department.code)
    if not decided.is_locked and not decided.seal and not form.is_bound:
        return redirect("judging:deliberation", department.code)
    return form_page(
        request, "judging/deliberation/reopen.html", form, juror=juror, decided=decided
    )


def _locked_text(*, nominees: bool) -> str:
    if nominees:
        return _("Nominations verrouillées. Le jury peut maintenant entendre les nommés.")
    return _("Délibération verrouillée. Gardez le secret jusqu’à la remise des prix.")


def _context(
    juror: Juror, ranking: DepartmentRanking, decided: DecisionState, form: DecisionForm
) -> dict[str, Any]:
    return {
        "juror": juror,
        "ranking": ranking,
        "decided": decided,
        "heads": ranking_heads(ranking.method),
        "tables": [_table(table, ranking, form) for table in ranking.tables],
        "separation": separation_text(ranking.separation),
        "not_ranked": [
            {"team": team, "fields": form.of_team(team.pk)} for team in ranking.not_ranked
        ],
        "departing": _departure_sentences(ranking, decided),
        "recusals": len(recusals_of(juror.department)),
        "lacking": handed_in.lacking(juror.department),
        "stale": _is_stale(decided, ranking),
        "more_leaders": len(ranking.undecided) > 1,
        "signers": signers_and_absent(decided, juror.department),
        "jury": progress.progress_of(juror.department),
    }


def _table(table: Table, ranking: DepartmentRanking, form: DecisionForm) -> dict[str, Any]:
    borders = ranking.borders
    before = {line.team.pk: earlier.team for earlier, line in pairwise(table.lines)}

    def border(group: list[TeamStanding]) -> str:
        first = group[0].team
        if first.pk not in borders:
            return ""
        above, chance = borders[first.pk]
        return border_text(above, first.name, chance)

    def line(standing: TeamStanding) -> dict[str, Any]:
        return {
            "standing": standing,
            "before": before.get(standing.team.pk),
            "fields": form.of_team(standing.team.pk),
            "explanation": explain_standing(
                standing.standing,
                method=ranking.method,
                tied_with=[team.name for team in standing.tied_with],
                close=standing.close,
                read_once=standing.read_once,
                compared=bool(ranking.result.pairs),
            ),
        }

    return {
        "reliability": reliability_text(table.reliability, table.mean_readings),
        "is_unreliable": is_unreliable(table.reliability),
        "groups": [
            {
                "ranks": rank_range(group),
                "border": border(group),
                "read_once": group[0].read_once,
                "lines": [line(standing) for standing in group],
            }
            for group in table.groups
        ],
    }


def _departure_sentences(ranking: DepartmentRanking, decided: DecisionState) -> list[str]:
    return explain_departures(ranking.departures(decided.ranks), ranking.team_names)


def _is_stale(decided: DecisionState, ranking: DepartmentRanking) -> bool:
    draft = decided.deliberation
    if draft is None or decided.is_locked:
        return False
    return not is_up_to_date(draft.basis, ranking.basis)
