from smtplib import SMTPException

from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.mail import plain_message


def send_test_mail(to: User) -> str:
    """Waits for the mail server. Returns what went wrong; empty if it took the mail."""
    text = _("Si vous lisez ceci, les mails du site arrivent.")
    try:
        plain_message(_("Essai des mails"), text, to=to.email).send()
    except (OSError, SMTPException) as error:
        return type(error).__name__
    return ""
