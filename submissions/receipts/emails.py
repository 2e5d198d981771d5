from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.formats import clock_seconds
from hackathon.core.mail import compose, in_french
from submissions.enums import Punctuality
from submissions.models import Receipt
from submissions.receipts import pdf as receipt_pdf
from submissions.receipts import receipt as receipts


def printed_receipt(receipt: Receipt, mark: Punctuality) -> bytes:
    """The PDF to attach, the same for each person of the team."""
    with translation.override(settings.LANGUAGE_CODE):
        return receipt_pdf.render(receipt, mark)


def receipt_mail(receipt: Receipt, mark: Punctuality, pdf: bytes, *, to: User) -> EmailMessage:
    submission = receipt.submission
    edition = submission.team.edition
    with in_french(edition.zone):
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
            "zone": receipts.zone_text(submission),
            "address": receipts.address_of(receipt),
        }
        attached = (receipt_pdf.filename(receipt), pdf, "application/pdf")
        return compose(
            subject, "submissions/receipts/email/receipt", context, to=to.email, attachments=[attached]
        )
