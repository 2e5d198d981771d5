from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock, journal
from hackathon.base.core.exports import exported
from hackathon.base.core.tables import rows_formset
from hackathon.base.core.views import Request, accepted, form_page, posted, refusal_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from hackathon.event.printing.answers import sheet_answer
from hackathon.extras.presence import exports, rules, selectors, services, sheets
from hackathon.extras.presence.enums import PersonFilter
from hackathon.extras.presence.forms import (
    SPARE_ROWS,
    AbsencesForm,
    MomentRow,
    PersonFilterForm,
    SettingsForm,
)

PER_PAGE = 100
MomentTable = rows_formset(MomentRow, spare=SPARE_ROWS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    form = SettingsForm(posted(request), instance=selectors.settings_of(edition))
    if accepted(
        form,
        lambda: services.set_up(edition, by=request.user, at=clock.now(), **form.cleaned_data),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("presence:index", edition.slug)
    roll, now = selectors.roll_of(edition), clock.now()
    context = _context(edition, "index") | {
        "roll": roll,
        "counts": {
            which.name.lower(): len(selectors.found_people(roll.people, which=which))
            for which in PersonFilter
        },
        "current": rules.current_moment(roll.moments, at=now),
        "moments": [(moment, len(roll.here_at(moment))) for moment in roll.moments],
        "is_over": now >= roll.moments[-1].at,
    }
    return form_page(request, "presence/index.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def moments(request: Request, edition: Edition) -> HttpResponse:
    offered = [moment for moment in selectors.moments_of(edition) if moment.pk]
    stored = {moment.pk: {"name": moment.name, "at": moment.at.isoformat()} for moment in offered}
    formset = MomentTable(posted(request), prefix="moments", stored=stored, new={})
    if formset.is_bound and formset.is_valid():
        rows, refused = formset.rows(), {}
        refusal = refusal_of(
            lambda: refused.update(
                services.save_moments(edition, rows, by=request.user, at=clock.now())
            )
        )
        for index, why in refused.items():
            rows[index].form.add_error("DELETE" if rows[index].values is None else "name", str(why))
        if refusal:
            messages.error(request, refusal)
        elif not refused:
            messages.success(request, _("Les moments sont enregistrés."))
            return redirect("presence:moments", edition.slug)
    context = _context(edition, "moments") | {"formset": formset, "is_default": not offered}
    status = 422 if formset.is_bound else 200
    return render(request, "presence/moments.html", context, status=status)


@never_cache
@require_safe
@for_organizers
def people(request: Request, edition: Edition) -> HttpResponse:
    wanted, roll = PersonFilterForm(request.GET), selectors.roll_of(edition)
    matching = selectors.found_people(roll.people, text=wanted.text, which=wanted.wanted)
    name = f"presence-{edition.slug}"
    if file := exported(request, name, exports.columns(roll), lambda: matching):
        journal.record_view("presence.exported", edition, by=request.user, at=clock.now())
        return file
    page = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(one, [(m, one.at(m)) for m in roll.moments]) for one in page.object_list]
    context = _context(edition, "people") | {
        "filter": wanted,
        "page": page,
        "people": lines,
        "moments": roll.moments,
        "names": roll.names,
    }
    return render(request, "presence/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def absences(request: Request, edition: Edition) -> HttpResponse:
    """Who was never seen, and who was noted absent and was seen: nothing follows by itself."""
    roll, now = selectors.roll_of(edition), clock.now()
    members = [one.membership for one in roll.people if one.membership]
    form = AbsencesForm(posted(request), members=members)
    if accepted(form, lambda: _note(request, edition, form.cleaned_data)):
        return redirect("presence:absences", edition.slug)
    seen = any(one.was_seen for one in roll.people)
    context = _context(edition, "absences") | {
        "roll": roll,
        "refusal": rules.absences_refusal(roll.moments, anybody_seen=seen, at=now),
    }
    return form_page(request, "presence/absences.html", form, **context)


def _note(request: Request, edition: Edition, data: dict[str, Any]) -> None:
    count = services.note_absences(
        edition, data["members"], absent=data["absent"], by=request.user, at=clock.now()
    )
    done = ngettext("C’est noté pour %(n)s personne.", "C’est noté pour %(n)s personnes.", count)
    messages.success(request, done % {"n": count})


@not_for_readers
@require_safe
@for_organizers
def codes(request: Request, edition: Edition) -> HttpResponseBase:
    pdf = sheets.codes(edition, selectors.roll_of(edition))
    return sheet_answer(request, edition, "codes-des-salles", pdf, back="presence:index")


def _context(edition: Edition, page: str) -> dict[str, Any]:
    return {"managed": edition, "presence_page": page}
