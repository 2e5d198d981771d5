"""The organizers' pages: what each department asks for, and who was given more time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.selectors import organized_edition
from submissions.deliverables.views import PAGE, _person
from submissions.deposits import periods
from submissions.extensions import selectors as extensions_selectors
from submissions.extensions import services as extension_services
from submissions.extensions.forms import ExtensionForm


@require_http_methods(PAGE)
@login_required
def extensions(request: HttpRequest) -> HttpResponse:
    """Every delay of the edition, and a form to grant one (`?for=team:12` chooses for whom)."""
    edition = organized_edition(request.user, request.edition)  # type: ignore[attr-defined]
    form = ExtensionForm(
        edition,
        request.POST if request.method == "POST" else None,
        initial={"target": request.GET.get("for", "")},
    )
    if form.is_valid():
        try:
            extension = extension_services.grant(
                edition, **form.granted, by=_person(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            done = _("Délai accordé : +%(minutes)s min pour %(target)s.")
            target = extension.team or extension.department
            messages.success(request, done % {"minutes": extension.minutes, "target": target})
            return redirect("submissions:extensions")
    context = {"form": form, "extensions": periods.extensions_of(edition)}
    code = 422 if form.errors else 200
    return render(request, "submissions/extensions.html", context, status=code)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delay back."""
    extension = extensions_selectors.get_extension_for(request.user, pk)
    try:
        extension_services.revoke(extension, by=_person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("Le délai est retiré : l’heure limite est la même pour tous."))
    return redirect("submissions:extensions")
