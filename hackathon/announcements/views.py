from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.announcements import read_marks, rules, selectors
from hackathon.announcements.forms import AnnouncementForm, CorrectionForm
from hackathon.announcements.services import announcements
from hackathon.core import clock
from hackathon.core.exports import Columns, exported
from hackathon.core.formats import day_time
from hackathon.core.views import (
    Request,
    accepted,
    dialog,
    dialog_done,
    edition_of,
    form_page,
    perform,
    posted,
)
from hackathon.editions.selectors import organized_edition
from hackathon.roles import roles_of_request

ANNOUNCEMENTS: Columns = [
    (gettext_lazy("Instant"), lambda row: row.published_at),
    (gettext_lazy("Pour"), lambda row: row.label),
    (gettext_lazy("Texte"), lambda row: row.body),
    (gettext_lazy("Par"), lambda row: row.published_by and row.published_by.display_name),
    (gettext_lazy("Aussi par e-mail"), lambda row: _("oui") if row.by_mail else ""),
    (gettext_lazy("Corrigée"), lambda row: row.corrected_at),
]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    edition, at = edition_of(request), clock.now()
    if edition is None:
        return render(request, "announcements/list.html")
    roles = roles_of_request(request)
    listed = selectors.pinned_first(selectors.announcements_for(roles, edition, at=at))
    if roles.organizer:
        name = f"annonces-{edition.slug}"
        if file := exported(
            request, name, ANNOUNCEMENTS, lambda: selectors.all_published(roles, edition, at=at)
        ):
            return file
        reach = selectors.reach_of(listed, at=at)
        context = {
            "published": [(announcement, reach[announcement.pk]) for announcement in listed],
            "pending": selectors.pending_announcements(edition, at=at),
            "form": AnnouncementForm(edition=edition),
        }
        return render(request, "announcements/list_organizers.html", context)
    unread = read_marks.unread_stamps(request, [announcement.stamp for announcement in listed])
    context = {"announcements": listed, "unread": unread}
    return render(request, "announcements/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    form = AnnouncementForm(posted(request), edition=edition, audience=request.GET.get("for", ""))
    if accepted(
        form,
        lambda: announcements.announce(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        on_list = request.POST.get("back") == "announcements"
        to = "announcements:list" if on_list else "control_room:control"
        return dialog_done(request, _confirmation(form.cleaned_data), to=to)
    return dialog(request, _("Annoncer"), "announcements/_announce.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    announcement, at = selectors.get_announcement_of(edition, pk), clock.now()
    pending = rules.announcement_is_pending(announcement, at=at)
    form: AnnouncementForm | CorrectionForm
    if pending:
        form = AnnouncementForm(posted(request), edition=edition, announcement=announcement)
    else:
        form = CorrectionForm(posted(request), instance=announcement)
    service = announcements.change if pending else announcements.correct
    if accepted(
        form,
        lambda: service(announcement=announcement, by=request.user, at=at, **form.cleaned_data),
    ):
        done = (
            _confirmation(form.cleaned_data)
            if pending
            else _("C’est corrigé sur toutes les pages.")
        )
        messages.success(request, done)
        return redirect("announcements:list")
    return form_page(
        request, "announcements/form.html", form, announcement=announcement, pending=pending
    )


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    announcement = selectors.get_announcement_of(edition, pk)
    return perform(
        request,
        lambda: announcements.withdraw(announcement=announcement, by=request.user, at=clock.now()),
        done=_("L’annonce est retirée de toutes les pages."),
        to="announcements:list",
    )


@login_required
@require_safe
def reach(request: Request, pk: int) -> HttpResponse:
    """The fragment refreshes every two seconds while the figures may grow."""
    edition = organized_edition(request.user, edition_of(request))
    announcement = selectors.get_announcement_of(edition, pk)
    figures = selectors.reach_of([announcement], at=clock.now())[pk]
    return render(request, "announcements/_reach.html", {"pk": pk, "reach": figures})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = redirect("announcements:list")
    if request.headers.get("Accept") == "application/json":
        response = HttpResponse(status=204)
    read_marks.mark_read(request, response)
    return response


def _confirmation(announced: dict[str, Any]) -> str:
    label, publish_at = announced["audience_label"], announced["publish_at"]
    if publish_at is None:
        return _("Annonce envoyée : %(label)s.") % {"label": label}
    return _("L’annonce paraîtra d’elle-même : %(time)s.") % {"time": day_time(publish_at)}
