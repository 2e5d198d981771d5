from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.db.models.functions import Now
from django.http.request import validate_host
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.core.mail import ConsoleBackend
from hackathon.core.preflight import Check, Problem, Severity, Topic, registry
from hackathon.editions.models import Edition
from hackathon.operations import heartbeats, readiness
from hackathon.operations.backup.services import last_backup_at
from hackathon.operations.models import Heartbeat

BACKUP_AGE = timedelta(days=1)
KEY_LENGTH = 50  # as `manage.py check --deploy`


@registry.check(
    "server.debug", Topic.SERVER, Severity.BLOCKER, _("Le mode de mise au point est coupé")
)
def debug(edition: Edition, at: datetime) -> Iterator[Problem]:
    if settings.DEBUG:
        yield Problem(gettext("Une erreur montrerait le programme : retirez CCD_DEBUG."))


@registry.check("server.key", Topic.SERVER, Severity.BLOCKER, _("La clé secrète est bonne"))
def secret_key(edition: Edition, at: datetime) -> Iterator[Problem]:
    if len(settings.SECRET_KEY) < KEY_LENGTH or settings.SECRET_KEY.startswith("django-insecure-"):
        text = gettext(
            "La clé secrète est trop courte : donnez-en une de {n} signes dans CCD_SECRET_KEY."
        )
        yield Problem(text.format(n=KEY_LENGTH))


@registry.check("server.https", Topic.SERVER, Severity.BLOCKER, _("Le site est servi en HTTPS"))
def https(edition: Edition, at: datetime) -> Iterator[Problem]:
    if not settings.HTTPS or urlsplit(settings.SITE_URL).scheme != "https":
        text = gettext(
            "L’adresse du site est {url} : réglez CCD_HTTPS et CCD_SITE_URL,"
            " derrière un serveur TLS."
        )
        yield Problem(text.format(url=settings.SITE_URL))


@registry.check("server.hosts", Topic.SERVER, Severity.BLOCKER, _("Le nom du site est admis"))
def hosts(edition: Edition, at: datetime) -> Iterator[Problem]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield Problem(
            gettext("Le site répond à tous les noms : donnez ceux du site dans CCD_ALLOWED_HOSTS.")
        )
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        text = gettext("« {host} » manque dans CCD_ALLOWED_HOSTS.")
        yield Problem(text.format(host=host))


@registry.check(
    "server.parts", Topic.SERVER, Severity.BLOCKER, _("Tout ce dont le site a besoin répond")
)
def parts(edition: Edition, at: datetime) -> Iterator[Problem]:
    names = {
        "migrations": gettext("La base de données n’est pas à jour : lancez manage.py migrate."),
        "redis": gettext("Redis ne répond pas."),
        "storage": gettext("Le stockage des dépôts ne répond pas, ou le disque est plein."),
        "processes": gettext("Un processus ne donne plus signe de vie."),
        "clock": gettext("Les horloges des machines diffèrent : synchronisez-les."),
    }
    for name, found in readiness.report()["checks"].items():
        if not found["ok"]:
            yield Problem(f"{names.get(name, name)} ({found['error']})")


@registry.check(
    "server.workers",
    Topic.SERVER,
    Severity.BLOCKER,
    _("Les tâches de fond et leur horloge tournent"),
)
def workers(edition: Edition, at: datetime) -> Iterator[Problem]:
    """Without Redis they are threads of the process that answers."""
    if not settings.REDIS_URL:
        return
    alive = Heartbeat.objects.filter(at__gt=Now() - heartbeats.SILENT_AFTER)
    kinds = set(alive.order_by().values_list("kind", flat=True))
    names = {"worker": gettext("tâches de fond"), "beat": gettext("tâches périodiques")}
    for kind, name in names.items():
        if not any(found.startswith(kind) for found in kinds):
            text = gettext("Aucun processus « {kind} » ({name}) : démarrez-le.")
            yield Problem(text.format(kind=kind, name=name))


@registry.check(
    "backup.recent", Topic.SERVER, Severity.WARNING, _("La sauvegarde a moins d’un jour")
)
def backup(edition: Edition, at: datetime) -> Iterator[Problem]:
    made_at = last_backup_at()
    if made_at is None:
        yield Problem(gettext("Aucune sauvegarde : lancez manage.py backup."))
    elif at - made_at > BACKUP_AGE:
        text = gettext("La dernière sauvegarde date de {hours} heures : lancez manage.py backup.")
        yield Problem(text.format(hours=(at - made_at) // timedelta(hours=1)))


@registry.check("mail.server", Topic.SERVER, Severity.BLOCKER, _("Les mails partent"))
def mail_server(edition: Edition, at: datetime) -> Iterator[Problem]:
    """Without a connection: `mail_connection` tries it."""
    if isinstance(mail.mailers["default"], ConsoleBackend):
        yield Problem(gettext("Aucun serveur de mail : donnez CCD_SMTP_HOST et CCD_MAIL_FROM."))
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        yield Problem(gettext("Les mails partent de « localhost » : donnez CCD_MAIL_FROM."))


def _connection(edition: Edition, at: datetime) -> Iterator[Problem]:
    connection = mail.mailers["default"]
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        text = gettext("Le serveur de mail ne répond pas : {error}.")
        yield Problem(text.format(error=type(error).__name__))
    else:
        connection.close()


# For the command only: it waits for the network.
mail_connection = Check(
    "mail.connection", Topic.SERVER, Severity.BLOCKER, _("Le serveur de mail répond"), _connection
)
