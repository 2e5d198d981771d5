from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, edition_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.run.operations.failed_mails import COLUMNS, failed_mails
from hackathon.run.operations.preflight import failing_services
from hackathon.run.operations.remedies import REMEDIES
from hackathon.run.operations.selectors import health as health_of
from hackathon.run.operations.services import send_again, send_test_mail

PER_PAGE = 100


@login_required
@require_safe
def health(request: Request) -> HttpResponse:
    """A part of the control room, in a request of its own: Redis may take a second to answer."""
    edition, at = organized_edition(request.user, edition_of(request)), clock.now()
    broken = list(failing_services(at))
    context = {"managed": edition, "health": health_of(edition, at=at), "broken": broken}
    return render(request, "operations/_health.html", context)


@require_safe
@for_organizers
def preflight(request: Request, edition: Edition) -> HttpResponse:
    """Its former address."""
    return redirect("setup:edition", edition.slug)


@require_safe
@for_organizers
def server(request: Request, edition: Edition) -> HttpResponse:
    context = {"managed": edition, "remedies": REMEDIES}
    return render(request, "operations/server.html", context)


@require_POST
@for_organizers
def test_mail(request: Request, edition: Edition) -> HttpResponse:
    if error := send_test_mail(request.user):
        text = _("L’e-mail n’est pas parti ({error}). Vérifiez le serveur de mail.")
        messages.error(request, text.format(error=error))
    else:
        text = _("Le serveur a pris un e-mail pour {email} : vérifiez qu’il arrive.")
        messages.success(request, text.format(email=request.user.email))
    return redirect("setup:edition", edition.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def mails(request: Request, edition: Edition) -> HttpResponse:
    """POST sends the mail `pk` again, or all of them."""
    if request.method == "POST":
        pk = request.POST.get("pk", "")
        only = int(pk) if pk.isdecimal() else None
        count = send_again(edition, only=only, by=request.user, at=clock.now())
        text = ngettext("{n} e-mail repart.", "{n} e-mails repartent.", count).format(n=count)
        messages.success(request, text if count else _("Il n’y avait plus rien à renvoyer."))
        return redirect("operations:mails", edition.slug)
    lines = failed_mails(edition, at=clock.now())
    if file := exported(request, f"mails-{edition.slug}", COLUMNS, lambda: lines):
        return file
    context = {
        "managed": edition,
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "can_go_again": sum(line.can_go_again for line in lines),
    }
    return render(request, "operations/mails.html", context)
