from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import TEAM, Kept, Reader, registry
from hackathon.event.imports.models import ColumnMapping, Import

registry.declare(
    Import,
    "content options filename",
    TEAM,
    _("Un fichier de l’école, avant qu’il soit appliqué : noms, adresses, groupes"),
    kept=Kept(_("1 jour"), "drafts"),
    exported=None,
    readers=(Reader.ORGANIZERS,),
)
registry.declare(
    Import,
    "record",
    TEAM,
    _("Ce qu’un fichier de l’école a changé, pour pouvoir l’annuler"),
    exported=None,
    readers=(Reader.ORGANIZERS,),
)
registry.actor(Import, "by", _("Les fichiers que vous importez"))
registry.not_personal("numbers of rows", Import, only="counts")
registry.not_personal("titles of columns", ColumnMapping)
