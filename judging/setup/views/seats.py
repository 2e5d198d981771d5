from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.file_responses import file_response
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Department, Edition
from judging.enums import JurorKind
from judging.jury.readings import sheet_counts_of
from judging.jury.selectors import (
    get_badge_of,
    get_department_for,
    get_juror_of,
    jurors_of,
    jurors_with_badge,
    own_recusals,
    valid_badges,
)
from judging.models import Juror
from judging.setup import badges_pdf
from judging.setup.forms import BadgesForm, JurorForm, SeatForm
from judging.setup.services import badges as badge_services
from judging.setup.services import seats
from judging.setup.services.badges import PrintedBadge
from judging.setup.views.overview import setup_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    form = JurorForm(posted(request))
    if accepted(
        form,
        lambda: seats.appoint(
            department=department,
            **form.cleaned_data,
            sign_in_url=sign_in_url(request),
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(
            request, _("{email} est du jury et reçoit une invitation.").format(**form.cleaned_data)
        )
        return redirect(setup_of(department))
    return form_page(request, "judging/setup/juror.html", form, department=department)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_juror(request: Request, pk: int, juror_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    juror = get_juror_of(department, juror_pk)
    initial = {"kind": juror.kind, "is_president": juror.is_president}
    form = SeatForm(posted(request), initial=initial)
    if accepted(
        form,
        lambda: seats.appoint(
            department=department,
            email=juror.user.email,
            kind=JurorKind(form.cleaned_data["kind"]),
            is_president=form.cleaned_data["is_president"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Enregistré."))
        return redirect(setup_of(department))
    context = {
        "department": department,
        "juror": juror,
        "counts": sheet_counts_of(juror),
        "recusals": own_recusals(juror),
        "badges": valid_badges(juror),
    }
    return form_page(request, "judging/setup/juror.html", form, **context)


@login_required
@require_POST
def dismiss(request: Request, pk: int, juror_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    juror = get_juror_of(department, juror_pk)
    return perform(
        request,
        lambda: seats.dismiss(juror=juror, by=request.user, at=clock.now()),
        done=_("{name} n’est plus du jury.").format(name=juror.user.display_name),
        to=setup_of(department),
    )


@login_required
@require_POST
def invite(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    count = seats.invite(
        department=department,
        sign_in_url=sign_in_url(request),
        by=request.user,
        at=clock.now(),
    )
    text = ngettext("{n} juré reçoit un e-mail.", "{n} jurés reçoivent un e-mail.", count)
    messages.success(request, text.format(n=count) if count else _("Personne à inviter."))
    return redirect(setup_of(department))


@login_required
@require_POST
def leave(request: Request, pk: int, juror_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    juror = get_juror_of(department, juror_pk)
    return perform(
        request,
        lambda: seats.leave(juror=juror, by=request.user, at=clock.now()),
        done=_("{name} a quitté le jury : ses fiches terminées comptent.").format(
            name=juror.user.display_name
        ),
        to=setup_of(department),
    )


@login_required
@require_POST
def come_back(request: Request, pk: int, juror_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    juror = get_juror_of(department, juror_pk)
    return perform(
        request,
        lambda: seats.come_back(juror=juror, by=request.user, at=clock.now()),
        done=_("{name} est de retour dans le jury.").format(name=juror.user.display_name),
        to=setup_of(department),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def badges(request: Request, pk: int) -> HttpResponseBase:
    """A form that is sent twice prints the same badges."""
    department = get_department_for(request.user, pk)
    jurors = [juror for juror in jurors_of(department) if juror.left_at is None]
    form = BadgesForm(jurors, jurors_with_badge(department), posted(request))
    _preselect(form, request.GET.get("juror", ""))
    if made := accepted(
        form,
        lambda: badge_services.issue_all(
            department=department,
            jurors=form.chosen,
            key=form.cleaned_data["key"],
            replace=form.cleaned_data["replace"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        if form.cleaned_data["replace"]:
            _stay_signed_in(request, form.chosen)
        return badges_response(request, department.edition, made.result, of=department)
    return form_page(
        request, "judging/setup/badges.html", form, department=department, jurors=jurors
    )


@login_required
@require_POST
def void_badge(request: Request, pk: int, juror_pk: int, badge_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    juror = get_juror_of(department, juror_pk)
    badge = get_badge_of(juror, badge_pk)
    response = perform(
        request,
        lambda: badge_services.void(badge=badge, by=request.user, at=clock.now()),
        done=_("Badge annulé : il ne s’ouvre plus."),
        to=reverse("judging:juror", args=[department.pk, juror.pk]),
    )
    _stay_signed_in(request, [juror])
    return response


def _stay_signed_in(request: Request, jurors: Iterable[Juror]) -> None:
    """Voiding a badge ended all sessions of its juror; if that is the user, except this one."""
    if any(juror.user_id == request.user.pk for juror in jurors):
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)


def _preselect(form: BadgesForm, pk: str) -> None:
    if pk.isdecimal() and int(pk) in form.by_pk:
        form.initial["jurors"] = [int(pk)]


def badges_response(
    request: Request, edition: Edition, made: list[PrintedBadge], *, of: Department | None = None
) -> HttpResponseBase:
    response = file_response(
        ContentFile(badges_pdf.render(edition, made, of=of)),
        filename=badges_pdf.filename(of),
        content_type="application/pdf",
        inline=True,
        request=request,
    )
    response["Cache-Control"] = "private, no-store"  # PINs are on it
    return response


def sign_in_url(request: Request) -> str:
    return request.build_absolute_uri(reverse("account_login"))
