from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, perform
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import to_confirm
from hackathon.event.editions.views.setup import for_organizers
from teams.exports import STUDENTS
from teams.forms.organizers import StudentFilterForm
from teams.selectors.students import (
    get_student,
    preview_invitation,
    students_of,
    waiting_until,
)
from teams.services import invitations
from teams.services import students as services

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """POST mails those whom the filter shows, once that was confirmed."""
    posted, at = request.method == "POST", clock.now()
    form = StudentFilterForm(request.POST if posted else request.GET, edition=edition)
    which, department = form.chosen
    context: dict[str, Any] = {"managed": edition, "form": form}
    if posted and form.is_valid():
        chosen: Any = {"edition": edition, "which": which, "department": department, "at": at}
        address = f"{reverse('teams:students', args=[edition.slug])}?{form.query}"
        if "call_off" in request.POST:
            return perform(
                request,
                lambda: invitations.call_off(edition=edition, by=request.user, at=at),
                done=_("C’est annulé : aucun de ces e-mails ne part."),
                to=address,
            )
        context["move"] = preview_invitation(**chosen)
        if not to_confirm(context["move"], edition, request.POST.get("confirmed", ""), at=at):
            count = invitations.invite(**chosen, by=request.user)
            text = ngettext(
                "{n} personne reçoit un e-mail.", "{n} personnes reçoivent un e-mail.", count
            )
            messages.success(request, text.format(n=count) if count else _("Personne à inviter."))
            return redirect(address)
    students = students_of(edition, department=department, which=which)
    if file := exported(request, f"etudiants-{edition.slug}", STUDENTS, lambda: students):
        return file
    page = Paginator(students, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "waiting_until": waiting_until(edition, at=at)}
    status = 422 if posted and not form.is_valid() else 200
    return render(request, "teams/students.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def take_off(request: Request, edition: Edition, pk: int) -> HttpResponse:
    """First what goes and what stays."""
    student = get_student(edition, pk)
    if request.method != "POST":
        context = {"managed": edition, "student": student}
        return render(request, "teams/take_off.html", context)
    return perform(
        request,
        lambda: services.take_off(student, by=request.user, at=clock.now()),
        done=_("{name} n’est plus sur la liste.").format(name=student.user.display_name),
        to=reverse("teams:students", args=[edition.slug]),
    )
