"""No sentence says who has voted, or for whom."""

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Coup de cœur"),
    {
        "favourite.prepared": _("{who} a préparé le vote du coup de cœur : « {title} »."),
        "favourite.dropped": _("{who} a supprimé le vote du coup de cœur."),
        "favourite.opened": _(
            "{who} a ouvert le vote du coup de cœur ; équipes pour lesquelles on vote : {teams}."
        ),
        "favourite.closed": _("{who} a fermé le vote du coup de cœur ; personnes : {voters}."),
        "favourite.badges_printed": _("{who} a imprimé des badges de la salle : {n}."),
        "favourite.badges_revoked": _(
            "{who} a annulé les badges de la salle {first} à {last} ; encore valables : {n}."
        ),
    },
)
