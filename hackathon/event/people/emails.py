"""In French: call them `in_french`."""

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import compose
from hackathon.event.editions.models import Edition
from hackathon.event.people.enums import GivenRole


def invitation(edition: Edition, user: User, role: str, url: str) -> EmailMultiAlternatives:
    subject = _("Invitation : {edition}").format(edition=edition.name)
    context = {"edition": edition, "role": GivenRole(role).label, "url": url}
    return compose(subject, "people/email/invitation", context, to=user.email)


def entry_code(edition: Edition, user: User, code: str, url: str) -> EmailMultiAlternatives:
    """The code stands in the fragment of the address, which browsers send to no server."""
    subject = _("Pour entrer : {edition}").format(edition=edition.name)
    context = {"edition": edition, "code": code, "url": url}
    return compose(subject, "people/email/entry_code", context, to=user.email)
