"""The receipt of a submission: a code to read out, and a signature over all it says."""

import json
import secrets
import unicodedata
from datetime import UTC, datetime

import segno
from django.conf import settings
from django.core import signing
from django.urls import reverse

from submissions.models import Receipt, Submission

# Without vowels (no words), and without what is mistaken for something else: 0 and O, 1 and I.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 10  # 28 ** 10 codes: nobody finds one by trying


def note_mailed(receipt: Receipt, *, at: datetime) -> None:
    """Everybody was written to; the first time counts."""
    Receipt.objects.filter(pk=receipt.pk, mailed_at=None).update(mailed_at=at)


def issue(submission: Submission) -> Receipt:
    """Write the receipt, in the transaction of its submission."""
    code = new_code()
    return Receipt.objects.create(
        submission=submission, code=code, signature=signature_of(submission, code)
    )


def new_code() -> str:
    """A code that nobody has seen."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def is_genuine(receipt: Receipt) -> bool:
    """Whether the submission is still what the receipt was signed for."""
    said = _said(receipt.submission, receipt.code)
    try:
        # The site's former keys count too: a key may have to be changed after the day.
        _signer().unsign(f"{said}:{receipt.signature}")
    except signing.BadSignature:
        return False
    return True


def signature_of(submission: Submission, code: str) -> str:
    """HMAC-SHA256 (Django's signer, the site's secret key) over all that a receipt says."""
    return _signer().signature(_said(submission, code))


def _signer() -> signing.Signer:
    return signing.Signer(salt="submissions.receipt")


def _said(submission: Submission, code: str) -> str:
    """Whose, of what, when, by whom and why, and the content: words themselves, a file's digest.

    Not where the file lies: it may be moved to another storage.
    """
    said = [
        code,
        submission.team_id,
        submission.deliverable_id,
        submission.version,
        submission.begun_at.astimezone(UTC).isoformat(),
        submission.received_at.astimezone(UTC).isoformat(),
        submission.submitted_by_id,
        submission.entry_reason,
        submission.size,
        submission.sha256,
        submission.filename,
        submission.url,
        submission.text,
    ]
    return json.dumps(said)


def canonical(typed: str) -> str:
    """A code as it is stored, however it was typed: in lower case, with spaces, with any dash.

    What can be no code comes out as it is, and is found nowhere; never longer than an address.
    """
    plain = unicodedata.normalize("NFKC", typed[:100]).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def zone_text(submission: Submission) -> str:
    """« Europe/Paris, UTC+1 »: what the hour on the receipt is an hour of."""
    edition = submission.team.edition
    offset = submission.received_at.astimezone(edition.zone).strftime("%z")
    hours, minutes = int(offset[:3]), offset[3:5]
    return f"{edition.timezone}, UTC{hours:+d}" + ("" if minutes == "00" else f":{minutes}")


def address_of(receipt: Receipt) -> str:
    """Where anybody can check it, in full: for paper, mails and QR."""
    return settings.SITE_URL + reverse("submissions:receipt-check", args=[receipt.code])


def qr_svg(receipt: Receipt) -> str:
    """Its address to scan, as an SVG element that takes the size of where it is put."""
    code = segno.make_qr(address_of(receipt), error="m")
    return code.svg_inline(border=2, dark="#15122e", light="#fff", omitsize=True)
