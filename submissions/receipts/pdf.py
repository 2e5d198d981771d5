"""The receipt on paper: one A4 page."""

import re
import unicodedata
from io import BytesIO
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from hackathon.core.formats import clock_seconds, date_text, filesize_fr
from hackathon.core.typeset import typeset
from submissions.enums import Punctuality
from submissions.models import Receipt, Submission
from submissions.receipts import receipt as receipts

LINE_CHARS = 34  # a word longer than a line gets places to break at
BREAK = "\u200b"
VALUE_CHARS = 300
THUMBNAIL_PIXELS = 480


def render(receipt: Receipt, mark: Punctuality) -> bytes:
    """The PDF, in the active language and in the zone of its edition."""
    submission = receipt.submission
    with timezone.override(submission.team.edition.zone):
        data = _data(receipt, mark)
    return typeset("submissions/receipts/receipt.typ", data, at=submission.received_at)


def filename(receipt: Receipt) -> str:
    """Under what name it is saved."""
    return f"recu-{receipt.spoken_code}.pdf"


def _data(receipt: Receipt, mark: Punctuality) -> dict[str, Any]:
    submission = receipt.submission
    edition = submission.team.edition
    return {
        "lang": get_language() or "fr",
        "title": _("Accusé de réception"),
        "event": _shown(" · ".join(filter(None, [edition.name, edition.school]))),
        "received": _("Reçu à"),
        "time": clock_seconds(submission.received_at),
        "day": date_text(submission.received_at, "l j F Y"),
        "zone": receipts.zone_text(submission),
        "mark": str(mark.label),
        "late": mark == Punctuality.LATE,
        "deliverable": _shown(submission.deliverable.name),
        "version": _("version %(n)s") % {"n": submission.version},
        "facts": [[label, _shown(value)] for label, value in _facts(submission) if value],
        "digest_label": _("Empreinte SHA-256 de ce que le serveur a reçu"),
        "digest": [submission.sha256[start : start + 8] for start in range(0, 64, 8)],
        "check": _("Vérifier ce reçu"),
        "how": _(
            "Scannez ce carré, ou ouvrez cette adresse : le site dit si le reçu est"
            " authentique, sans montrer le contenu."
        ),
        "code": receipt.spoken_code,
        "address": receipts.address_of(receipt),
        "qr": receipts.qr_svg(receipt),
        "thumbnail": _thumbnail(submission),
        "foot": _(
            "L’heure est celle du serveur, à l’instant où le dernier octet était enregistré."
            " Le même fichier a toujours la même empreinte ; changé d’un seul octet, il en a une"
            " autre."
        ),
    }


def _facts(submission: Submission) -> list[tuple[str, str]]:
    """Label and value, in order; those without a value are left out."""
    team = submission.team
    by = submission.submitted_by.display_name
    octets = _("%(n)s octets") % {"n": formats.number_format(submission.size, force_grouping=True)}
    return [
        (_("Équipe"), team.name),
        (_("Département"), team.department.name),
        (_("Fichier"), submission.filename),
        (_("Lien"), submission.url),
        (_("Taille"), f"{filesize_fr(submission.size)} ({octets})"),
        (_("Commencé à"), clock_seconds(submission.begun_at)),
        (_("Saisi par l’organisation") if submission.entry_reason else _("Rendu par"), by),
        (_("Raison"), submission.entry_reason),
    ]


def _shown(text: str) -> str:
    """On one line, nothing invisible (direction marks, NUL), with places to break long words."""
    seen = ("\ufffd" if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    line = " ".join("".join(seen).split(" "))
    if len(line) > VALUE_CHARS:
        line = line[:VALUE_CHARS] + "…"
    return " ".join(_breakable(word) for word in line.split(" "))


def _breakable(word: str) -> str:
    """After a dash, a dot or a slash; where there is none, anywhere."""
    if len(word) <= LINE_CHARS:
        return word
    pieces = re.split(r"(?<=[-_./])", word)
    return BREAK.join(BREAK.join(p) if len(p) > LINE_CHARS else p for p in pieces)


def _thumbnail(submission: Submission) -> list[int] | None:
    """The bytes of a small JPEG, if a look inside made a picture; without one the page goes on."""
    inspection = getattr(submission, "inspection", None)
    if inspection is None or not inspection.thumbnail:
        return None
    try:
        with inspection.thumbnail.open("rb") as file, Image.open(file) as picture:
            small = picture.convert("RGB")
    except OSError:  # Pillow's own errors are of this kind too
        return None
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    out = BytesIO()
    small.save(out, "JPEG", quality=80)
    return list(out.getvalue())
