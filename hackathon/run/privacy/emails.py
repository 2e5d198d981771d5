"""In French: call them `in_french`."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.formats import date_text
from hackathon.base.core.mail import compose
from hackathon.event.editions.models import Edition


def erased(edition: Edition, user: User) -> EmailMultiAlternatives:
    subject = _("Vos données sont effacées : {edition}").format(edition=edition.name)
    return compose(subject, "privacy/email/erased", {"edition": edition}, to=user.email)


def refused(edition: Edition, user: User, answer: str) -> EmailMultiAlternatives:
    subject = _("Votre demande d’effacement : {edition}").format(edition=edition.name)
    context = {"edition": edition, "answer": answer}
    return compose(subject, "privacy/email/refused", context, to=user.email)


def closing(user: User, closing_at: datetime) -> EmailMultiAlternatives:
    """In the zone of the site: the account is of no edition."""
    day = date_text(closing_at, "j F Y", timezone.get_current_timezone())
    subject = _("Votre compte sera effacé le {day}").format(day=day)
    context = {"day": day, "url": settings.SITE_URL + reverse("account_login")}
    return compose(subject, "privacy/email/closing", context, to=user.email)
