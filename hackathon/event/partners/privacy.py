from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, STAFF, Reader, registry
from hackathon.event.partners.models import ClientDocument, ClientPage, Partner

registry.declare(
    ClientPage,
    "representatives",
    STAFF,
    _("Qui représente le client, tel que l’organisation l’écrit sur sa page"),
    edition="edition",
    anonymise=BLANK,
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.not_personal(
    "written by the organizers about the client", ClientPage, only="text link logo"
)
registry.not_personal("of organisations, not of people", ClientDocument, Partner)
