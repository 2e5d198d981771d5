from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import KEEP, STAFF, Kept, Reader, registry
from hackathon.day.site.models import NAMES_OF_PEOPLE, LegalNotice

registry.declare(
    LegalNotice,
    " ".join(NAMES_OF_PEOPLE),
    STAFF,
    _("Le nom et le contact de qui répond du site, de ses données et de son accessibilité"),
    kept=Kept(_("tant que le site est ouvert")),
    anonymise=KEEP,
    because=_("La loi demande que le site les montre."),
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.not_personal(
    "of the school and its host, and about the site",
    LegalNotice,
    only="publisher publisher_address publisher_phone host host_address host_phone"
    " scheme action_plan audit_sample audit_failures derogations",
)
