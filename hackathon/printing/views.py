from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.errors import NotFound
from hackathon.core.file_responses import pdf_response
from hackathon.core.views import Request
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from hackathon.editions.selectors import find_department
from hackathon.editions.views.setup import for_organizers
from hackathon.printing import selectors, sheets
from hackathon.roles import roles_of_request
from submissions.receipts.rules import canonical_code
from teams.forms.organizers import FilterForm
from teams.selectors import listing

CERTIFICATES = {
    "attestations": selectors.certificates,
    "laureats": selectors.prize_certificates,
}
NAME_LENGTH = User._meta.get_field("name").max_length
LOOPBACK = ("localhost", "127.0.0.1", "::1", None)


@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    now = clock.now()
    teams, without_room = selectors.counts(edition)
    context = {
        "managed": edition,
        "departments": edition.departments.all(),
        "teams": teams,
        "without_room": without_room,
        "has_begun": edition.starts_at <= now,
        "published": results_are_public(edition, at=now),
        "site_url": settings.SITE_URL,
        "opens_here_only": urlsplit(settings.SITE_URL).hostname in LOOPBACK,
    }
    return render(request, "printing/index.html", context)


@require_safe
@for_organizers
def sheet(request: Request, edition: Edition, name: str) -> HttpResponseBase:
    """`?department=INFO` prints only that one; the list of teams takes the filters of its page."""
    department = find_department(edition, request.GET.get("department", ""))
    if certificates_of := CERTIFICATES.get(name):
        certificates = certificates_of(edition, department, at=clock.now())
        pdf = sheets.certificates(edition, certificates)
    elif name == "equipes":
        form = FilterForm(request.GET, edition=edition)
        pks = listing.found_pks(edition, form.wanted)
        pdf = sheets.team_list(edition, listing.teams_with_members(edition, pks))
    elif make := sheets.SHEETS.get(name):
        pdf = make(edition, selectors.teams_to_print(edition, department))
    else:
        raise NotFound
    if not pdf:
        messages.info(request, _("Il n’y a rien à imprimer pour l’instant."))
        return redirect("printing:index", edition.slug)
    code = department.code.lower() if department else ""
    filename = "-".join(filter(None, [name, edition.slug, code]))
    return pdf_response(pdf, filename=f"{filename}.pdf", request=request)


@require_safe
@never_cache
@login_required
def where(request: Request, pk: int) -> HttpResponse:
    """The square of a badge. Rooms are shown to who has a role, as elsewhere."""
    team, roles = selectors.get_team(request.edition, pk), roles_of_request(request)
    if roles.organizer:
        return redirect("control_room:team", team.pk)
    if roles.membership is not None and roles.membership.team_id == team.pk:
        return redirect("teams:mine")
    if not (roles.juries or roles.duties):
        raise NotFound
    return render(request, "printing/where.html", {"team": team})


@require_safe
@never_cache
def own_certificate(request: Request) -> HttpResponseBase:
    """Without `login_required`: 404 for everybody who has none, signed in or not."""
    own = selectors.get_own_certificates(roles_of_request(request).membership, at=clock.now())
    edition = own[0].membership.team.edition
    pdf = sheets.certificates(edition, own)
    return pdf_response(pdf, filename=f"attestation-{edition.slug}.pdf", request=request)


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    if code := canonical_code(request.GET.get("code", "")):
        return redirect("printing:certificate", code)
    return render(request, "printing/certificate.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Public: shows what the certificate says. The name on it is posted, so that no log has it."""
    typed = canonical_code(code)
    read_name = " ".join(request.POST.get("name", "")[:NAME_LENGTH].split())
    shown = selectors.find_certificate(typed, at=clock.now(), read_name=read_name)
    if shown is None:
        context = {"typed": typed, "unknown": True, "read_name": read_name}
        return render(request, "printing/certificate.html", context, status=404)
    team = shown.membership.team
    context = {
        "certificate": shown,
        "team": team,
        "prizes": [sheets.prize_text(prize) for prize in shown.prizes],
    }
    with timezone.override(team.edition.zone):
        return render(request, "printing/certificate.html", context)
