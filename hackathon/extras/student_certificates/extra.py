from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, registry
from hackathon.extras.student_certificates import parts
from hackathon.extras.student_certificates.fragments import OWN_CERTIFICATE

registry.add(
    Extra(
        "student_certificates",
        _("Attestations"),
        _("De participation et de prix, à imprimer et à télécharger, avec un code à vérifier."),
        (Concerns.STUDENTS, Concerns.ORGANIZERS),
        overviews=(
            Page("student_certificates:search", _("Vérifier une attestation"), "shield-check"),
        ),
        parts=(
            Part(Place.PRINT, parts.sheets),
            Part(Place.RESULTS, parts.link_to_sheets),
            Part(Place.TEAM_FIRST, parts.own),
            Part(Place.OWN_RESULTS, parts.link_to_own),
        ),
        fragments=(OWN_CERTIFICATE,),
    )
)
