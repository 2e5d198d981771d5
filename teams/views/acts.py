"""The acts of organizers on one team, from its sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.views.setup import desk_or, for_desk
from teams.errors import TeamRefusal
from teams.forms import acts as forms
from teams.forms.students import SuccessorForm
from teams.models import Team
from teams.selectors import teams as selectors
from teams.services import membership, organizing, teams

type Given = dict[str, Any]

STAYS = gettext_lazy("Ce que l’équipe a rendu reste à elle, avec ses délais et ses notes.")


@dataclass(frozen=True)
class Act:
    """`run` gets the team, the cleaned fields, and `by` and `at`.

    If it returns a team, the sheet of that one is shown next.
    """

    path: str
    title: Promise
    form: Callable[..., Form]
    run: Callable[[Team, Given, Given], Any]
    help: Promise | str = ""
    at_desk: bool = False
    is_grave: bool = False  # hard to take back: it stands last, apart from the others


ACTS: dict[str, Act] = {
    "rename": Act(
        "renommer/",
        gettext_lazy("Renommer"),
        forms.RenameForm,
        lambda team, data, act: teams.edit(team, **data, **act),
    ),
    "captain": Act(
        "capitaine/",
        gettext_lazy("Changer de capitaine"),
        SuccessorForm,
        lambda team, data, act: membership.pass_captaincy(team, data["member"], **act),
    ),
    "absent-members": Act(
        "membres-absents/",
        gettext_lazy("Noter qui n’est pas là"),
        forms.AbsentMembersForm,
        lambda team, data, act: organizing.note_absent_members(team, data["members"], **act),
        gettext_lazy(
            "Ces membres n’ont pas d’attestation, et « ABS » au lieu de la note de l’équipe. Ils"
            " restent dans l’équipe. Qui arrive plus tard : décochez son nom."
        ),
        at_desk=True,
    ),
    "hide-works": Act(
        "travaux/",
        gettext_lazy("Cacher ou montrer les travaux"),
        forms.HideWorksForm,
        lambda team, data, act: organizing.hide_works(team, **data, **act),
        gettext_lazy(
            "Avec un motif, les travaux de l’équipe disparaissent aussitôt du palmarès et de toutes"
            " les pages où d’autres que le jury les voient. Le jury les lit comme avant."
        ),
    ),
    "department-change": Act(
        "departement/",
        gettext_lazy("Changer de département"),
        forms.DepartmentForm,
        lambda team, data, act: organizing.relocate(team.edition, [team], **data, **act),
    ),
    "move-members": Act(
        "deplacer/",
        gettext_lazy("Déplacer des membres"),
        forms.MoveForm,
        lambda team, data, act: organizing.move_members(data["members"], data["to"], **act),
        STAYS,
    ),
    "split": Act(
        "scinder/",
        gettext_lazy("Scinder l’équipe"),
        forms.SplitForm,
        lambda team, data, act: organizing.split(team, data["members"], data["name"], **act),
        STAYS,
        is_grave=True,
    ),
    "merge": Act(
        "fusionner/",
        gettext_lazy("Fusionner"),
        forms.MergeForm,
        lambda team, data, act: organizing.merge(team, data["into"], **act),
        is_grave=True,
    ),
}


def act_links() -> dict[str, list[tuple[str, Promise]]]:
    """Names of addresses, and titles."""
    links: dict[str, list[tuple[str, Promise]]] = {"acts": [], "grave_acts": []}
    for name, act in ACTS.items():
        links["grave_acts" if act.is_grave else "acts"].append((f"teams:{name}", act.title))
    return links


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, pk: int, name: str) -> HttpResponse:
    team, chosen = selectors.get_organized_team(request.user, pk), ACTS[name]
    form = chosen.form(posted(request), team=team)
    done = accepted(
        form,
        lambda: chosen.run(team, form.cleaned_data, {"by": request.user, "at": clock.now()}),
        fields={TeamRefusal.NAME_TAKEN: "name"},
    )
    if done:
        messages.success(request, _("C’est fait."))
        shown = done.result if isinstance(done.result, Team) else team
        return redirect(desk_or(request, team.edition, _sheet(shown)))
    back = desk_or(request, team.edition, _sheet(team))
    context = {"managed": team.edition, "team": team, "act": chosen, "back": back}
    return form_page(request, "teams/act.html", form, **context)


@for_desk
def act_at_desk(request: Request, pk: int, name: str) -> HttpResponse:
    return act(request, pk, name)


@for_desk
@login_required
@require_POST
def presence(request: Request, pk: int) -> HttpResponse:
    team, absent = selectors.get_organized_team(request.user, pk), "absent" in request.POST
    return perform(
        request,
        lambda: organizing.set_presence(
            team.edition, [team], absent=absent, by=request.user, at=clock.now()
        ),
        done=_("L’équipe est absente : aucun jury ne la lit.") if absent else _("Elle est là."),
        to=desk_or(request, team.edition, _sheet(team)),
    )


@login_required
@require_POST
def visit(request: Request, pk: int) -> HttpResponse:
    team, going = selectors.get_organized_team(request.user, pk), "going" in request.POST
    return perform(
        request,
        lambda: organizing.set_visitor(team, going=going, by=request.user, at=clock.now()),
        done="",
        to=_sheet(team),
    )


@login_required
@require_POST
def note(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_organized_team(request.user, pk)
    form = forms.NoteForm(request.POST)
    text = request.POST.get("text", "")
    if accepted(form, lambda: organizing.write_note(team, text, by=request.user, at=clock.now())):
        return redirect(_sheet(team))
    context = {"managed": team.edition, "team": team}
    return form_page(request, "teams/note.html", form, **context)


@login_required
@require_POST
def delete_note(request: Request, pk: int, note_pk: int) -> HttpResponse:
    note = selectors.get_note(selectors.get_organized_team(request.user, pk), note_pk)
    return perform(
        request,
        lambda: organizing.delete_note(note, by=request.user, at=clock.now()),
        done=_("La note est supprimée."),
        to=_sheet(note.team),
    )


def _sheet(team: Team) -> str:
    return reverse("control_room:sheet", args=[team.pk])
