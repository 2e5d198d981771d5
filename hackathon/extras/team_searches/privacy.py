from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, TEAM, Reader, registry
from hackathon.extras.team_searches.models import Invitation, Search, Wanted

registry.declare(
    Wanted,
    "text",
    TEAM,
    _("Qui votre équipe cherche"),
    owner="team__memberships__user",
    beside="team written_at",
    anonymise=BLANK,
    because=_("Cette ligne appartient à toute l’équipe."),
    readers=(Reader.STUDENTS, Reader.ORGANIZERS),
)
registry.declare(
    Search,
    "user text skills",
    TEAM,
    _("Ce que vous avez écrit pour trouver une équipe"),
    beside="edition department written_at",
    readers=(Reader.STUDENTS, Reader.ORGANIZERS),
)
registry.declare(
    Invitation,
    "user",
    TEAM,
    _("Les invitations des équipes, et si vous les avez refusées"),
    beside="team invited_at declined_at",
)
