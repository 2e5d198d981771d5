from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.formats import minutes_text
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_desk, for_organizers
from submissions.extensions import selectors, services
from submissions.extensions.forms import FIELD_OF, QUICK_REASONS, ExtensionForm
from submissions.versions.selectors import extensions_of

EXTENSIONS: Columns = [
    (gettext_lazy("Pour"), lambda extension: (extension.team or extension.department).name),
    (gettext_lazy("Département"), lambda extension: extension.concerned.code),
    (gettext_lazy("Livrable"), lambda extension: extension.deliverable or ""),
    (gettext_lazy("Minutes"), lambda extension: extension.minutes),
    (gettext_lazy("Raison"), lambda extension: extension.reason),
    (gettext_lazy("Accordé le"), lambda extension: extension.granted_at),
    (gettext_lazy("Accordé par"), lambda extension: extension.granted_by.display_name),
    (gettext_lazy("Retiré le"), lambda extension: extension.revoked_at),
]


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def extensions(request: Request, edition: Edition) -> HttpResponse:
    """`?for=team:12` selects a team in the form."""
    if file := exported(
        request, f"delais-{edition.slug}", EXTENSIONS, lambda: extensions_of(edition)
    ):
        return file
    form = ExtensionForm(edition, posted(request), initial={"target": request.GET.get("for", "")})

    act: dict[str, Any] = {"by": request.user, "at": clock.now()}
    if form.is_valid() and (seen := services.to_confirm(edition, form.granted, **form.seen, **act)):
        context = {"managed": edition, "seen": seen, "back": request.path}
        return render(request, "submissions/extensions/confirm.html", context)

    def grant() -> None:
        services.grant(edition, **form.granted, **act)

    if accepted(form, grant, fields=FIELD_OF):
        granted = form.granted
        done = _("Délai accordé : +%(time)s pour %(target)s.") % {
            "time": minutes_text(granted["minutes"]),
            "target": granted["team"] or granted["department"],
        }
        messages.success(request, done)
        return redirect("submissions:extensions", edition.slug)
    context = {
        "managed": edition,
        "extensions": extensions_of(edition),
        "reasons": QUICK_REASONS,
    }
    return form_page(request, "submissions/extensions/extensions.html", form, **context)


@for_desk
@require_POST
@login_required
def revoke(request: Request, pk: int) -> HttpResponse:
    extension = selectors.get_extension_for(request.user, pk)
    return perform(
        request,
        lambda: services.revoke(extension, by=request.user, at=clock.now()),
        done=_("Le délai est retiré."),
        to=reverse("submissions:extensions", args=[extension.concerned.edition.slug]),
    )
