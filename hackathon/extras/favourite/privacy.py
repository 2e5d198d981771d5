from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import TEAM, Kept, Reader, registry
from hackathon.extras.favourite.models import Favourite, HallBadge, HasVoted, Tally

registry.declare(
    HasVoted,
    "voter",
    TEAM,
    _("Que vous avez voté pour le coup de cœur, jamais pour quelle équipe"),
    kept=Kept(_("jusqu’à la fermeture du vote, le jour même")),
    edition="favourite__edition",
    readers=(Reader.OPERATOR,),
    exported=None,
)
registry.not_personal("teams, and a title of organizers", Favourite)
registry.not_personal("numbers of votes", Tally)
registry.not_personal("a digest; nothing says who has the badge", HallBadge)
