from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.accounts.models import User
from hackathon.core.formats import clock_seconds
from hackathon.core.mail import compose, in_french
from submissions.enums import Punctuality
from submissions.models import Receipt
from submissions.receipts import display
from submissions.receipts import pdf as receipt_pdf


def printed_receipt(receipt: Receipt, punctuality: Punctuality) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        return receipt_pdf.render(receipt, punctuality)


def receipt_mail(
    receipt: Receipt, punctuality: Punctuality, pdf: bytes, *, to: User
) -> EmailMessage:
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
            "mark": punctuality,
            "zone": display.zone_text(submission),
            "address": display.check_url(receipt),
        }
        attached = (receipt_pdf.filename(receipt), pdf, "application/pdf")
        return compose(
            subject,
            "submissions/receipts/email/receipt",
            context,
            to=to.email,
            attachments=[attached],
        )


def digest_mail(receipts: Sequence[Receipt], *, to: User) -> EmailMessage:
    team = receipts[0].submission.team
    with in_french(team.edition.zone):
        subject = ngettext(
            "{team} : {n} dépôt reçu", "{team} : {n} dépôts reçus", len(receipts)
        ).format(team=team.name, n=len(receipts))
        context = {
            "reader": to,
            "receipts": receipts,
            "team": team,
            "edition": team.edition,
            "page": settings.SITE_URL + reverse("submissions:deposits"),
            "choice": settings.SITE_URL + reverse("teams:mails"),
        }
        return compose(subject, "submissions/receipts/email/digest", context, to=to.email)
