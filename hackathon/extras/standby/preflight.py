from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.formats import duration_text
from hackathon.base.core.preflight import Severity
from hackathon.extras.standby import selectors
from hackathon.run.operations.preflight import server_check
from hackathon.run.operations.remedies import REMEDIES, Remedy
from hackathon.run.operations.running import lines, manage


@server_check("server.standby", Severity.WARNING, _("Le second serveur suit le premier"))
def second_server(at: datetime) -> Iterator[str]:
    found = selectors.state(at=at)
    if not found.configured or not found.problem:
        return
    if not found.connected:
        yield gettext("Le second serveur n’est pas relié : il ne pourrait pas prendre le relais.")
    elif found.seconds_behind is None:
        yield gettext("Aucun fichier n’est encore sur le second serveur.")
    else:
        text = gettext("La copie du second serveur date de {time}.")
        yield text.format(time=duration_text(timedelta(seconds=found.seconds_behind)))


@server_check("server.strict", Severity.BLOCKER, _("Les dépôts sont confirmés"))
def strict(at: datetime) -> Iterator[str]:
    found = selectors.state(at=at)
    if found.strict and not (found.connected and found.waits):
        yield gettext(
            "Chaque dépôt est refusé, parce qu’il doit être sur les deux serveurs et que le second"
            " ne répond pas."
        )


REMEDIES |= {
    "server.standby": Remedy(
        _("Le second serveur"),
        _(
            "S’il ne suit pas, il ne peut pas prendre le relais du premier sans perdre ce qui "
            "manque. Vérifiez qu’il est allumé et relié au même réseau, puis que l’envoi des "
            "fichiers tourne (docs/operations/standby.md)."
        ),
        "CCD_SERVER_NAME\nCCD_PEER\nCCD_STANDBY_FILES\nCCD_STANDBY_PASSWORD_FILE",
        lambda: lines(manage("standby state"), "deploy/standby follow"),
    ),
    "server.strict": Remedy(
        _("La confirmation des dépôts"),
        _(
            "L’organisation a choisi qu’un dépôt ne soit confirmé qu’une fois sur les deux "
            "serveurs. Remettez le second serveur en marche, ou choisissez sur la page "
            "« À préparer » de confirmer sans attendre. La commande fait de même."
        ),
        "",
        lambda: manage("standby strict off"),
    ),
}
