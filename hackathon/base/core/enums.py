from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailFailure(TextChoices):
    """Why a mail has not gone, as an organizer reads it."""

    ADDRESS = "address", _("le serveur de mail refuse cette adresse")
    WAIT = "wait", _("le serveur de mail demande d’attendre, ou la boîte est pleine")
    SIGN_IN = "sign_in", _("le serveur de mail refuse le mot de passe du site")
    MESSAGE = "message", _("le serveur de mail refuse ce message")
    SILENT = "silent", _("le serveur de mail ne répond pas")
    EXPIRED = "expired", _("aucun processus ne l’a pris à temps : le code n’était plus valable")
