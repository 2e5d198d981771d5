from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import DELETE, STAFF, TEAM, Reader, registry
from hackathon.extras.gallery.models import Guest, ProjectSentence, ShownDeliverable

registry.declare(
    ProjectSentence,
    "text",
    TEAM,
    _("La phrase de votre équipe sur son projet"),
    owner="team__memberships__user",
    anonymise=DELETE,
    because=_("Cette phrase appartient à toute l’équipe."),
    readers=(Reader.EVERYONE,),
)
registry.declare(
    Guest,
    "name",
    STAFF,
    _("Pour qui l’organisation a fait un lien vers la galerie : un nom ou un organisme"),
    edition="edition",
    anonymise=DELETE,
    exported=None,
)
registry.actor(Guest, "invited_by", _("Les liens vers la galerie que vous faites"))
registry.not_personal("a secret without a person", Guest, only="key")
registry.not_personal("what organizers choose to show", ShownDeliverable)
