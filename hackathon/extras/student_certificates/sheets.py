from collections.abc import Iterable
from pathlib import Path

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from hackathon.base.core.formats import date_text, ordinal
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.appearance.selectors import drawing_of
from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import pdf, qr_of, shown, url
from hackathon.extras.student_certificates.rules import Certificate, Prize

CERTIFICATE = Path(__file__).parent / "templates/student_certificates/certificate.typ"
CHECK = "student_certificates:certificate"


def certificates(edition: Edition, to_print: Iterable[Certificate]) -> bytes:
    """An A4 page for each."""
    return pdf(
        edition,
        CERTIFICATE,
        title=_("Attestation"),
        school=shown(edition.school),
        day=date_text(edition.starts_at, "j F Y", edition.zone),
        signed=_("Pour l’organisation"),
        signature=drawing_of(edition, PictureKind.SIGNATURE),
        signatory=shown(edition.signatory),
        how=_("Pour vérifier cette attestation, scannez ce carré ou ouvrez cette adresse."),
        items=[
            {
                "heading": _("Attestation de prix") if one.prizes else _("Attestation"),
                "name": shown(one.name),
                "text": _certified(one),
                "code": one.spoken_code,
                "address": url(CHECK, one.code),
                "qr": qr_of(CHECK, one.code),
            }
            for one in to_print
        ],
    )


def prize_text(prize: Prize) -> str:
    if prize.rank is None:
        return _("prix spécial « {title} »").format(title=prize.title)
    text = _("{rank} prix ex æquo") if prize.is_tied else _("{rank} prix")
    return text.format(rank=strip_tags(str(ordinal(prize.rank))))


def _certified(one: Certificate) -> str:
    team = one.membership.team
    facts = {
        "event": shown(team.edition.name),
        "day": date_text(team.edition.starts_at, "j F Y", team.edition.zone),
        "team": shown(team.name),
        "department": shown(team.department.name),
        "prizes": ", ".join(prize_text(prize) for prize in one.prizes),
    }
    if not all(prize.by_jury for prize in one.prizes):
        text = _("a reçu : {prizes}, avec l’équipe « {team} » ({department}). {event}, {day}.")
    elif one.prizes:
        text = _(
            "a reçu : {prizes}, avec l’équipe « {team} », décerné par le jury {department}."
            " {event}, {day}."
        )
    else:
        text = _(
            "a participé à l’événement « {event} », le {day}, dans l’équipe « {team} »"
            " (département {department})."
        )
    return text.format(**facts)
