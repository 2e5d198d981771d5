from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Notes des étudiants"),
    {"grades.exported": _("{who} a téléchargé les notes des étudiants.")},
)
