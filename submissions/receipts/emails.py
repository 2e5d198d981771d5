from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.accounts.models import User
from hackathon.base.core.formats import clock_seconds, duration_text
from hackathon.base.core.mail import compose, in_french
from submissions.enums import Health, Punctuality
from submissions.inspection.sentences import sentences
from submissions.models import Receipt, Submission
from submissions.receipts import display
from submissions.receipts import pdf as receipt_pdf
from submissions.versions.rules import deadline_text
from submissions.versions.selectors import Version, period_of


def printed_receipt(receipt: Receipt, received: Version) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        return receipt_pdf.render(receipt, received)


def receipt_mail(
    receipt: Receipt, received: Version, pdf: bytes, *, to: User, at: datetime
) -> EmailMessage:
    submission = receipt.submission
    edition = submission.team.edition
    with in_french(edition.zone):
        is_late = received.punctuality == Punctuality.LATE
        if is_late and not received.counts:
            subject = _("En retard, ne compte pas : %(name)s, version %(version)s")
        else:
            subject = _("Reçu à %(time)s : %(name)s, version %(version)s")
        subject %= {
            "time": clock_seconds(submission.received_at),
            "name": submission.deliverable.name,
            "version": submission.version,
        }
        context = {
            "reader": to,
            "receipt": receipt,
            "submission": submission,
            "edition": edition,
            "mark": received.punctuality,
            "is_useless": is_late and not received.counts,
            "announced_at": received.announced_at,
            "zone": display.zone_text(submission),
            "address": display.check_url(receipt),
            "health": submission.inspection.health,
            "findings": findings_of(submission, at=at),
            "time_left": time_left(submission, at=at),
        }
        attached = (receipt_pdf.filename(receipt), pdf, "application/pdf")
        return compose(
            subject,
            "submissions/receipts/email/receipt",
            context,
            to=to.email,
            attachments=[attached],
        )


def warning_mail(submission: Submission, *, to: User, at: datetime) -> EmailMessage:
    edition = submission.team.edition
    with in_french(edition.zone):
        subject = _("Ne s’ouvre pas : {name}").format(name=submission.deliverable.name)
        context = {
            "reader": to,
            "submission": submission,
            "edition": edition,
            "findings": findings_of(submission, at=at),
            "time_left": time_left(submission, at=at),
            "page": settings.SITE_URL + reverse("submissions:deposits"),
        }
        return compose(subject, "submissions/receipts/email/warning", context, to=to.email)


def findings_of(submission: Submission, *, at: datetime) -> list[str]:
    """What the inspection says, with what to do. Empty while it is awaited, and for a text. One
    query.
    """
    inspection = submission.inspection
    if inspection.health == Health.PENDING or submission.text:
        return []
    is_over = at > period_of(submission.team, submission.deliverable).deadline_at
    return sentences(inspection.facts, inspection.findings, to_team=True, is_settled=is_over)


def time_left(submission: Submission, *, at: datetime) -> str:
    """Until when a new version would be on time, in the active time zone. One query."""
    period = period_of(submission.team, submission.deliverable)
    if at >= period.deadline_at:
        return _("L’heure limite est passée : prévenez l’organisation.")
    return _("Il vous reste {time} : l’heure limite est {clock}.").format(
        time=duration_text(period.deadline_at - at, precise=False),
        clock=deadline_text(period, submission.team.edition),
    )


def digest_mail(receipts: Sequence[Receipt], *, to: User, at: datetime) -> EmailMessage:
    team = receipts[0].submission.team
    with in_french(team.edition.zone):
        subject = ngettext(
            "{team} : {n} dépôt reçu", "{team} : {n} dépôts reçus", len(receipts)
        ).format(team=team.name, n=len(receipts))
        context = {
            "reader": to,
            "receipts": [(receipt, _warnings(receipt.submission, at=at)) for receipt in receipts],
            "team": team,
            "edition": team.edition,
            "page": settings.SITE_URL + reverse("submissions:deposits"),
            "choice": settings.SITE_URL + reverse("teams:mails"),
        }
        message = compose(subject, "submissions/receipts/email/digest", context, to=to.email)
    # A page that asks who it is, so no button of the mail program that unsubscribes (RFC 8058).
    message.extra_headers["List-Unsubscribe"] = f"<{context['choice']}>"
    return message


def _warnings(submission: Submission, *, at: datetime) -> list[str]:
    broken = submission.inspection.health == Health.BROKEN
    return findings_of(submission, at=at) if broken else []
