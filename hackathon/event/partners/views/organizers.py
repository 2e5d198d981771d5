import uuid

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform, posted_with_files
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers
from hackathon.event.partners import forms, selectors, services


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def client(request: Request, edition: Edition) -> HttpResponse:
    now = clock.now()
    page = selectors.client_page_of(edition)
    form = forms.ClientForm(*posted_with_files(request), instance=page)
    return answer(
        request,
        form,
        lambda: services.write_client(
            edition=edition, by=request.user, at=now, **form.cleaned_data
        ),
        page="partners/client_form.html",
        context={
            "managed": edition,
            "page": page,
            "is_public": selectors.client_is_public(edition, page, at=now),
        },
        done=_("La page du client est enregistrée."),
        to=lambda _saved: reverse("partners:client-edit", args=[edition.slug]),
    )


@require_POST
@for_organizers
def remove_document(request: Request, edition: Edition, pk: uuid.UUID) -> HttpResponse:
    document = selectors.get_document_of(edition, pk)
    return perform(
        request,
        lambda: services.remove_document(document=document, by=request.user, at=clock.now()),
        done=_("« %(name)s » est retiré.") % {"name": document.filename},
        to=reverse("partners:client-edit", args=[edition.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def partners(request: Request, edition: Edition, pk: uuid.UUID | None = None) -> HttpResponse:
    partner = selectors.get_partner_of(edition, pk) if pk else None
    form = forms.PartnerForm(*posted_with_files(request), instance=partner)
    return answer(
        request,
        form,
        lambda: services.save_partner(
            edition=edition,
            partner=partner,
            by=request.user,
            at=clock.now(),
            **form.cleaned_data,
        ),
        page="partners/partners_form.html",
        context={
            "managed": edition,
            "partner": partner,
            "partners": selectors.partners_of(edition),
        },
        done=_("Les partenaires sont enregistrés."),
        to=lambda _saved: reverse("partners:list", args=[edition.slug]),
    )


@require_POST
@for_organizers
def remove_partner(request: Request, edition: Edition, pk: uuid.UUID) -> HttpResponse:
    partner = selectors.get_partner_of(edition, pk)
    return perform(
        request,
        lambda: services.remove_partner(partner=partner, by=request.user, at=clock.now()),
        done=_("« %(name)s » est retiré.") % {"name": partner.name},
        to=reverse("partners:list", args=[edition.slug]),
    )
