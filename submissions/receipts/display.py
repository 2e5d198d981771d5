from django.conf import settings
from django.urls import reverse

from hackathon.base.core import qr
from submissions.models import Receipt, Submission


def zone_text(submission: Submission) -> str:
    """« Europe/Paris, UTC+1 », with the offset at that instant."""
    edition = submission.team.edition
    offset = submission.received_at.astimezone(edition.zone).strftime("%z")
    hours, minutes = int(offset[:3]), offset[3:5]
    return f"{edition.timezone}, UTC{hours:+d}" + ("" if minutes == "00" else f":{minutes}")


def check_url(receipt: Receipt) -> str:
    return settings.SITE_URL + reverse("submissions:receipt-check", args=[receipt.code])


def qr_svg(receipt: Receipt) -> str:
    return qr.svg(check_url(receipt))
