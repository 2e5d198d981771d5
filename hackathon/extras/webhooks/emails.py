"""In French: call them `in_french`."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import compose
from hackathon.extras.webhooks.models import Webhook


def disabled(webhook: Webhook, user: User) -> EmailMultiAlternatives:
    path = reverse("webhooks:detail", args=[webhook.edition.slug, webhook.pk])
    subject = _("Le webhook « {name} » est arrêté").format(name=webhook.name)
    context = {"webhook": webhook, "url": f"{settings.SITE_URL}{path}"}
    return compose(subject, "webhooks/email/disabled", context, to=user.email)
