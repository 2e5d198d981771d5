"""Mail about deposits. Always in French: it leaves before its reader chose a language."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.templatetags.components import clock_seconds
from submissions.enums import Punctuality
from submissions.models import Receipt
from submissions.receipts import display
from submissions.receipts import pdf as receipt_pdf


def printed_receipt(receipt: Receipt, mark: Punctuality) -> bytes:
    """The PDF that is attached: the same one for the whole team."""
    with translation.override(settings.LANGUAGE_CODE):
        return receipt_pdf.render(receipt, mark)


def receipt_mail(receipt: Receipt, mark: Punctuality, pdf: bytes, *, to: User) -> EmailMessage:
    """The receipt to one person of the team, its PDF attached."""
    submission = receipt.submission
    edition = submission.team.edition
    with translation.override(settings.LANGUAGE_CODE), timezone.override(edition.zone):
        subject = _("Reçu à %(time)s : %(name)s, version %(version)s") % {
            "time": clock_seconds(submission.received_at),
            "name": submission.deliverable.name,
            "version": submission.version,
        }
        context = {
            "reader": to,
            "receipt": receipt,
            "submission": submission,
            "edition": edition,
            "mark": mark,
            "zone": display.zone_text(submission),
            "address": display.check_url(receipt),
        }
        body = render_to_string("submissions/email/receipt.txt", context)
    # One line: a header ends where its line does.
    mail = EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to.email])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"  # no out-of-office in return
    mail.attach(receipt_pdf.filename(receipt), pdf, "application/pdf")
    return mail
