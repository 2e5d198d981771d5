from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, KEEP, STAFF, Reader, registry
from hackathon.event.editions.models import (
    Brief,
    BriefAttachment,
    BriefVersion,
    Colleague,
    Department,
    Edition,
    Milestone,
)

registry.declare(
    Edition,
    "organizers",
    STAFF,
    _("Les éditions que vous organisez"),
    beside="name starts_at",
    owner="organizers",
    edition="pk",
    erase=BLANK,
    anonymise=KEEP,
    because=_("Il faut que quelqu’un réponde encore de l’édition."),
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Colleague,
    "user",
    STAFF,
    _("Votre rôle dans l’organisation d’une édition : tenir l’accueil, ou tout lire"),
    beside="edition role",
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Edition,
    "contact",
    STAFF,
    _("Le nom ou l’adresse que l’organisation affiche pour la joindre"),
    edition="pk",
    anonymise=BLANK,
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.declare(
    Edition,
    "signatory",
    STAFF,
    _("Qui signe les attestations, avec sa fonction"),
    edition="pk",
    anonymise=BLANK,
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.not_personal(
    "written by the organizers about the event",
    Edition,
    only="slug name school client story place timezone registration_frozen_reason extras"
    " short_name color accent logo sender own_rules",
)
registry.not_personal(
    "written by the organizers about the event",
    Department,
    Milestone,
    Brief,
    BriefAttachment,
    BriefVersion,
)
