from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Notes des étudiants"),
    {
        "grades.exported": _("{who} a téléchargé les notes des étudiants."),
        "own_grade.given": _("{who} a donné une note à part à {person}."),
        "own_grade.withdrawn": _("{who} a retiré la note à part de {person}."),
    },
)
