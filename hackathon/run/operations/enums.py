from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProcessKind(TextChoices):
    """The usual values of `CCD_PROCESS`."""

    SITE = "site", _("site")
    WEB = "web", _("pages")
    LIVE = "live", _("affichage en direct")
    UPLOADS = "uploads", _("réception des dépôts")
    MAIL = "mail", _("codes de connexion et autres e-mails")
    WORKER = "worker", _("tâches de fond")
    BEAT = "beat", _("tâches périodiques")


def process_name(kind: str) -> str:
    return str(ProcessKind(kind).label) if kind in ProcessKind.values else kind
