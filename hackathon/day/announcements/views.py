from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.formats import day_time
from hackathon.base.core.views import (
    Request,
    accepted,
    dialog,
    dialog_done,
    edition_of,
    form_page,
    perform,
    posted,
)
from hackathon.day.announcements import read_marks, rules, selectors
from hackathon.day.announcements.forms import AnnouncementForm, CorrectionForm
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.services import announcements
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import Move, to_confirm
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.roles import roles_of_request

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
        request.user.granted_as = roles.colleague  # type: ignore[union-attr]
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
    at, fields = clock.now(), "announcements/_announce.html"
    if form.is_bound and form.is_valid() and (move := _to_confirm(request, edition, form, at=at)):
        return dialog(request, _("Vérifiez avant d’envoyer"), fields, form, move=move)
    act: dict[str, Any] = {"edition": edition, "by": request.user, "at": at}
    if saved := accepted(form, lambda: announcements.announce(**act, **form.cleaned_data)):
        done, announced = _confirmation(form.cleaned_data), saved.result
        undo = withdrawal(announced) if announced.mails_at else ""
        # Without scripts the list has the button of `undo`.
        on_list = undo or request.POST.get("back") == "announcements"
        to = "announcements:list" if on_list else "control_room:control"
        return dialog_done(request, done, to=to, undo=undo)
    return dialog(request, _("Annoncer"), fields, form)


def _is_mailed_again(form: BaseForm, announcement: Announcement) -> bool:
    """As in `announcements.correct`: not with the text that it has."""
    data = form.cleaned_data
    return data["by_mail"] and data["body"].strip() != announcement.body


def _to_confirm(
    request: Request, edition: Edition, form: BaseForm, audience: str = "", *, at: datetime
) -> Move | None:
    data = form.cleaned_data
    audience, publish_at = data.get("audience", audience), data.get("publish_at")
    move = selectors.preview(edition, audience, publish_at, by_mail=data["by_mail"], at=at)
    confirmed = request.POST.get("confirmed", "")
    return move if to_confirm(move, edition, confirmed, at=at) else None


def withdrawal(announcement: Announcement) -> str:
    return reverse("announcements:withdraw", args=[announcement.pk])


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
    context = {"announcement": announcement, "pending": pending}
    is_sent = (
        form.is_bound and form.is_valid() and (pending or _is_mailed_again(form, announcement))
    )
    if is_sent and (move := _to_confirm(request, edition, form, announcement.audience, at=at)):
        return render(request, "announcements/form.html", context | {"form": form, "move": move})
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
    return form_page(request, "announcements/form.html", form, **context)


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    announcement = selectors.get_announcement_of(edition, pk)
    return perform(
        request,
        lambda: announcements.withdraw(announcement=announcement, by=request.user, at=clock.now()),
        done=_("L’annonce est retirée de toutes les pages. Ce qui n’est pas parti ne part plus."),
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
    if publish_at is None and announced["by_mail"]:
        text = _("Annonce envoyée : %(label)s. Les e-mails partent dans 20 secondes.")
        return text % {"label": label}
    if publish_at is None:
        return _("Annonce envoyée : %(label)s.") % {"label": label}
    return _("L’annonce paraîtra d’elle-même : %(time)s.") % {"time": day_time(publish_at)}
