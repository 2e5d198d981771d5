"""Announcements: everybody's list, the organizers' forms, and what was read."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon import roles as navigation
from hackathon.accounts.selectors import person
from hackathon.announcements import read_marks, rules, selectors
from hackathon.announcements import services as announcements
from hackathon.announcements.forms import AnnouncementForm, CorrectionForm
from hackathon.announcements.models import Announcement
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.formats import day_time
from hackathon.core.views import dialog, dialog_done, edition_of
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was announced to this person, pinned ones first; organizers can add to it."""
    edition, at = edition_of(request), clock.now()
    roles = navigation.roles_on(request)
    lines = selectors.pinned_first(selectors.announcements_to(roles, edition, at=at))
    if edition is not None and roles.organizer:
        reached = selectors.with_reach(lines, at=at)
        context = {
            "announced": [(line, reached[line.pk]) for line in lines],
            "pending": selectors.pending_announcements(edition, at=at),
            "form": AnnouncementForm(edition=edition),
        }
        return render(request, "announcements/list_organizers.html", context)
    not_read = read_marks.unread_on(request, [line.stamp for line in lines])
    context = {"announcements": lines, "unread": not_read}
    return render(request, "announcements/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of an announcement, as a page or in a dialog; organizers only."""
    edition = _organized(request)
    posted = request.POST if request.method == "POST" else None
    form = AnnouncementForm(posted, edition=edition, audience=request.GET.get("for", ""))
    if posted is not None and form.is_valid():
        said = form.said()
        try:
            announcements.announce(edition=edition, by=person(request), at=clock.now(), **said)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return dialog_done(request, _sent(said), to=_back(request))
    return dialog(request, _("Annoncer"), "announcements/_announce.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """An announcement to write anew before its instant, or to correct after it."""
    edition = _organized(request)
    announcement = selectors.get_announcement_of(edition, pk)
    posted = request.POST if request.method == "POST" else None
    pending = rules.announcement_is_pending(announcement, at=clock.now())
    form: AnnouncementForm | CorrectionForm
    if pending:
        form = AnnouncementForm(posted, edition=edition, announcement=announcement)
    else:
        form = CorrectionForm(posted, announcement=announcement)
    if posted is not None and form.is_valid():
        try:
            said = _write(announcement, form, request)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(request, said)
            return redirect("announcements:list")
    context = {"announcement": announcement, "pending": pending, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "announcements/form.html", context, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an announcement back, before its instant or after."""
    edition = _organized(request)
    announcement = selectors.get_announcement_of(edition, pk)
    try:
        announcements.withdraw(announcement=announcement, by=person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("L’annonce est retirée de toutes les pages."))
    return redirect("announcements:list")


@login_required
@require_safe
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """On how many open pages it arrived, fetched again during the minute in which that grows."""
    edition = _organized(request)
    announcement = selectors.get_announcement_of(edition, pk)
    (reached,) = selectors.with_reach([announcement], at=clock.now()).values()
    return render(request, "announcements/_reach.html", {"pk": pk, "reached": reached})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Whoever looks has read these texts; a device without an account remembers it itself."""
    response = redirect("announcements:list")
    if request.headers.get("Accept") == "application/json":
        response = HttpResponse(status=204)  # type: ignore[assignment]
    read_marks.mark_read(request, response)
    return response


def _back(request: HttpRequest) -> str:
    """The URL name of the page that the form was on."""
    on_list = request.POST.get("back") == "announcements"
    return "announcements:list" if on_list else "control_room:control"


def _organized(request: HttpRequest) -> Edition:
    return organized_edition(request.user, edition_of(request))


def _write(
    announcement: Announcement, form: AnnouncementForm | CorrectionForm, request: HttpRequest
) -> str:
    """Call the service that the form is for; what to say then."""
    by, at = person(request), clock.now()
    if isinstance(form, CorrectionForm):
        announcements.correct(announcement=announcement, by=by, at=at, **form.cleaned_data)
        return _("C’est corrigé sur toutes les pages.")
    said = form.said()
    announcements.change(announcement=announcement, by=by, at=at, **said)
    return _sent(said)


def _sent(said: dict[str, Any]) -> str:
    label, instant = said["audience_label"], said["publish_at"]
    if instant is None:
        return _("Annonce envoyée : %(label)s.") % {"label": label}
    return _("L’annonce paraîtra d’elle-même : %(time)s.") % {"time": day_time(instant)}
