from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from hackathon.extras.webhooks import selectors, services
from hackathon.extras.webhooks.enums import Topic
from hackathon.extras.webhooks.forms import WebhookForm
from hackathon.extras.webhooks.models import Webhook

# Without the URL: that of a chat webhook is a secret.
WEBHOOKS: Columns = [
    (gettext_lazy("Nom"), lambda webhook: webhook.name),
    (gettext_lazy("Forme"), lambda webhook: webhook.get_form_display()),
    (gettext_lazy("Quoi"), lambda webhook: ", ".join(_topics(webhook))),
    (gettext_lazy("Créé"), lambda webhook: webhook.created_at),
    (gettext_lazy("Rien n’arrive depuis"), lambda webhook: webhook.failing_since),
    (gettext_lazy("Arrêté"), lambda webhook: webhook.disabled_at),
]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponseBase:
    webhooks = selectors.webhooks_of(edition)
    if file := exported(request, f"webhooks-{edition.slug}", WEBHOOKS, lambda: webhooks):
        return file
    form = WebhookForm(posted(request))
    made = accepted(
        form,
        lambda: services.create(edition, **form.cleaned_data, by=request.user, at=clock.now()),
    )
    if made:
        return redirect("webhooks:detail", edition.slug, made.result.pk)
    return form_page(request, "webhooks/list.html", form, **_context(edition), webhooks=webhooks)


@not_for_readers  # the secret
@never_cache
@require_safe
@for_organizers
def detail(request: Request, edition: Edition, pk: int) -> HttpResponseBase:
    webhook = selectors.get_webhook(edition, pk)
    context = {"webhook": webhook, "log": selectors.log_of(webhook)}
    context = {**_context(edition), **context, "topics": _topics(webhook)}
    return render(request, "webhooks/webhook.html", context)


@require_POST
@for_organizers
def test(request: Request, edition: Edition, pk: int) -> HttpResponse:
    webhook = selectors.get_webhook(edition, pk)
    return perform(
        request,
        lambda: services.test(webhook, by=request.user, at=clock.now()),
        done=_("L’essai est parti : rechargez la page pour voir la réponse."),
        to=_detail(edition, pk),
    )


@require_POST
@for_organizers
def enable(request: Request, edition: Edition, pk: int) -> HttpResponse:
    webhook = selectors.get_webhook(edition, pk)
    return perform(
        request,
        lambda: services.enable(webhook, by=request.user, at=clock.now()),
        done=_("Le webhook est remis en marche."),
        to=_detail(edition, pk),
    )


@require_POST
@for_organizers
def delete(request: Request, edition: Edition, pk: int) -> HttpResponse:
    webhook = selectors.get_webhook(edition, pk)
    return perform(
        request,
        lambda: services.delete(webhook, by=request.user, at=clock.now()),
        done=_("Le webhook est supprimé."),
        to=reverse("webhooks:index", args=[edition.slug]),
    )


@require_POST
@for_organizers
def send_again(request: Request, edition: Edition, pk: int, delivery_pk: UUID) -> HttpResponse:
    delivery = selectors.get_delivery(selectors.get_webhook(edition, pk), delivery_pk)
    return perform(
        request,
        lambda: services.send_again(delivery, by=request.user, at=clock.now()),
        done=_("L’envoi repart."),
        to=_detail(edition, pk),
    )


def _context(edition: Edition) -> dict[str, Any]:
    return {"managed": edition}


def _detail(edition: Edition, pk: int) -> str:
    return reverse("webhooks:detail", args=[edition.slug, pk])


def _topics(webhook: Webhook) -> list[str]:
    return [str(Topic(topic).label) for topic in webhook.topics]
