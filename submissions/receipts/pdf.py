import re
import unicodedata
from io import BytesIO
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from hackathon.base.core.formats import clock_seconds, date_text, size_text
from hackathon.base.core.typeset import typeset
from hackathon.event.appearance.selectors import printed
from submissions.enums import Punctuality
from submissions.models import Receipt, Submission
from submissions.receipts import display
from submissions.versions.rules import deadline_text
from submissions.versions.selectors import Version, period_of

LINE_CHARS = 34  # longer words get zero-width spaces at which Typst may break the line
BREAK = "\u200b"
VALUE_CHARS = 300
THUMBNAIL_PIXELS = 480


def render(receipt: Receipt, received: Version) -> bytes:
    """One A4 page, in the active language and in the zone of the edition."""
    submission = receipt.submission
    with timezone.override(submission.team.edition.zone):
        data = _data(receipt, received)
    return typeset("submissions/receipts/receipt.typ", data, at=submission.received_at)


def filename(receipt: Receipt) -> str:
    return f"recu-{receipt.spoken_code}.pdf"


def _data(receipt: Receipt, received: Version) -> dict[str, Any]:
    submission = receipt.submission
    edition = submission.team.edition
    return {
        "lang": get_language() or "fr",
        "title": _("Reçu du dépôt"),
        "event": _shown(" · ".join(filter(None, [edition.name, edition.school]))),
        "look": printed(edition),
        "received": _("Reçu à"),
        "time": clock_seconds(submission.received_at),
        "day": date_text(submission.received_at, "l j F Y"),
        "zone": display.zone_text(submission),
        "mark": str(received.punctuality.label),
        "late": received.punctuality == Punctuality.LATE,
        "deliverable": _shown(submission.deliverable.name),
        "version": _("version %(n)s") % {"n": submission.version},
        "facts": [[label, _shown(value)] for label, value in _facts(received) if value],
        "digest_label": _("Empreinte SHA-256 de ce que le serveur a reçu"),
        "digest": [submission.sha256[start : start + 8] for start in range(0, 64, 8)],
        "check": _("Vérifier ce reçu"),
        "how": _(
            "Scannez ce carré, ou ouvrez cette adresse : le site dit si le reçu est"
            " authentique, sans montrer le contenu."
        ),
        "code": receipt.spoken_code,
        "address": display.check_url(receipt),
        "qr": display.qr_svg(receipt),
        "thumbnail": _thumbnail(submission),
        "foot": _(
            "L’heure est celle du serveur, à l’instant où le dernier octet était enregistré."
            " Le même fichier a toujours la même empreinte ; changé d’un seul octet, il en a une"
            " autre."
        ),
    }


def _facts(received: Version) -> list[tuple[str, str]]:
    submission = received.submission
    team, announced_at = submission.team, received.announced_at
    by = submission.submitted_by.display_name
    octets = _("%(n)s octets") % {"n": formats.number_format(submission.size, force_grouping=True)}
    return [
        (_("Équipe"), team.name),
        (_("Département"), team.department.name),
        (_("Fichier"), submission.filename),
        (_("Lien"), submission.url),
        (
            _("Taille"),
            f"{size_text(submission.size)} ({octets})" if submission.size >= 1000 else octets,
        ),
        (_("Commencé à"), clock_seconds(submission.begun_at)),
        (_("Compte à"), clock_seconds(announced_at) if announced_at else ""),
        (_("Heure limite de ce livrable"), _own_deadline(submission)),
        (_("Saisi par l’organisation") if submission.entry_reason else _("Rendu par"), by),
        (_("Raison"), submission.entry_reason),
    ]


def _own_deadline(submission: Submission) -> str:
    """Empty if it is the edition's. With the extension of the team; one query."""
    if submission.deliverable.due_at is None:
        return ""
    period = period_of(submission.team, submission.deliverable)
    return deadline_text(period, submission.team.edition)


def _shown(text: str) -> str:
    """On one line, without control and direction characters; long words may be broken."""
    visible = ("\ufffd" if unicodedata.category(char)[0] == "C" else char for char in text)
    line = "".join(visible)
    if len(line) > VALUE_CHARS:
        line = line[:VALUE_CHARS] + "…"
    return " ".join(_breakable(word) for word in line.split(" "))


def _breakable(word: str) -> str:
    if len(word) <= LINE_CHARS:
        return word
    pieces = re.split(r"(?<=[-_./])", word)
    return BREAK.join(BREAK.join(p) if len(p) > LINE_CHARS else p for p in pieces)


def _thumbnail(submission: Submission) -> list[int] | None:
    """The bytes of a small JPEG; None if the inspection made no picture or it cannot be read."""
    inspection = getattr(submission, "inspection", None)
    if inspection is None or not inspection.thumbnail:
        return None
    try:
        with inspection.thumbnail.open("rb") as file, Image.open(file) as picture:
            small = picture.convert("RGB")
    except OSError:  # also the base class of Pillow's errors
        return None
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    out = BytesIO()
    small.save(out, "JPEG", quality=80)
    return list(out.getvalue())
