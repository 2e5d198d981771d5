"""In French: call them `in_french`."""

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.mail import compose
from hackathon.editions.models import Edition


def erased(edition: Edition, user: User) -> EmailMultiAlternatives:
    subject = _("Vos données sont effacées : {edition}").format(edition=edition.name)
    return compose(subject, "privacy/email/erased", {"edition": edition}, to=user.email)


def refused(edition: Edition, user: User, answer: str) -> EmailMultiAlternatives:
    subject = _("Votre demande d’effacement : {edition}").format(edition=edition.name)
    context = {"edition": edition, "answer": answer}
    return compose(subject, "privacy/email/refused", context, to=user.email)
