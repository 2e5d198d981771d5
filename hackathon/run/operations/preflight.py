from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.http.request import validate_host
from django.shortcuts import resolve_url
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import confinement
from hackathon.base.core.mail import ConsoleBackend
from hackathon.base.core.preflight import Check, Problem, Run, Severity, Text, Topic, registry
from hackathon.event.editions.models import Edition
from hackathon.run.operations import readiness
from hackathon.run.operations.backup.selectors import last_backup_at, last_copy_at
from hackathon.run.operations.enums import ProcessKind
from hackathon.run.operations.failed_mails import failed_mails
from hackathon.run.operations.selectors import missing_workers, processes

BACKUP_AGE = timedelta(days=1)
KEY_LENGTH = 50  # as `manage.py check --deploy`
# The others have checks of their own, or without them no page would be shown.
PARTS = {
    "database": _("La base de données ne répond pas."),
    "migrations": _("La base de données n’est pas à jour : lancez manage.py migrate."),
    "redis": _("Redis ne répond pas."),
    "storage": _("Le stockage des dépôts ne répond pas, ou le disque est plein."),
    "processes": _("Un processus ne donne plus signe de vie : {names}."),
    "clock": _("Les horloges des machines diffèrent : synchronisez-les."),
}
# What a file that attacks the program which opens it could do without each of them.
UNCONFINED = {
    "landlock": _("Sans Landlock, un fichier piégé pourrait lire la base, les clés, les dépôts."),
    "seccomp": _("Sans seccomp, un fichier piégé pourrait envoyer ce qu’il lit sur le réseau."),
}

type Texts = Callable[[datetime], Iterator[str]]


def _problems(code: str, texts: Texts) -> Run:
    """Each with the section of the page that tells the operator what to do."""

    def run(edition: Edition, at: datetime) -> list[Problem]:
        url = f"{resolve_url('operations:server', edition.slug)}#{code}"
        return [Problem(text, url, gettext("Voir que faire")) for text in texts(at)]

    return run


def server_check(code: str, severity: Severity, title: Text) -> Callable[[Texts], Texts]:
    def add(texts: Texts) -> Texts:
        registry.check(code, Topic.SERVER, severity, title)(_problems(code, texts))
        return texts

    return add


@server_check("server.debug", Severity.BLOCKER, _("Le mode de mise au point est coupé"))
def debug(at: datetime) -> Iterator[str]:
    if settings.DEBUG:
        yield gettext("Une erreur montrerait le programme : retirez CCD_DEBUG.")


@server_check("server.key", Severity.BLOCKER, _("La clé secrète est bonne"))
def secret_key(at: datetime) -> Iterator[str]:
    if len(settings.SECRET_KEY) < KEY_LENGTH or settings.SECRET_KEY.startswith("django-insecure-"):
        text = gettext(
            "La clé secrète est trop courte : donnez-en une de {n} signes dans CCD_SECRET_KEY."
        )
        yield text.format(n=KEY_LENGTH)


@server_check("server.https", Severity.BLOCKER, _("Le site est servi en HTTPS"))
def https(at: datetime) -> Iterator[str]:
    if not settings.HTTPS or urlsplit(settings.SITE_URL).scheme != "https":
        text = gettext(
            "L’adresse du site est {url} : réglez CCD_HTTPS et CCD_SITE_URL,"
            " derrière un serveur TLS."
        )
        yield text.format(url=settings.SITE_URL)


@server_check("server.hosts", Severity.BLOCKER, _("Le nom du site est admis"))
def hosts(at: datetime) -> Iterator[str]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield gettext(
            "Le site répond à tous les noms : donnez ceux du site dans CCD_ALLOWED_HOSTS."
        )
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        yield gettext("« {host} » manque dans CCD_ALLOWED_HOSTS.").format(host=host)


@server_check("server.parts", Severity.BLOCKER, _("Tout ce dont le site a besoin répond"))
def failing_services(at: datetime) -> Iterator[str]:
    for name, result in readiness.report()["checks"].items():
        if not result["ok"] and name in PARTS:
            yield str(PARTS[name]).format(names=_silent() if name == "processes" else "")


def _silent() -> str:
    return ", ".join(process.name for process in processes() if process.is_silent)


@server_check("server.workers", Severity.BLOCKER, _("Les tâches de fond et leur horloge tournent"))
def workers(at: datetime) -> Iterator[str]:
    for kind in missing_workers(ProcessKind.WORKER, ProcessKind.MAIL, ProcessKind.BEAT):
        text = gettext("Aucun processus « {kind} » ({name}) : démarrez-le.")
        yield text.format(kind=kind.value, name=kind.label)


@server_check("server.confinement", Severity.WARNING, _("Les fichiers reçus sont ouverts à part"))
def confined(at: datetime) -> Iterator[str]:
    for name in UNCONFINED.keys() - set(confinement.available()):
        yield str(UNCONFINED[name])


@server_check("backup.recent", Severity.BLOCKER, _("La sauvegarde a moins d’un jour"))
def backup(at: datetime) -> Iterator[str]:
    made_at = last_backup_at()
    if made_at is None:
        yield gettext("Aucune sauvegarde : lancez manage.py backup.")
    elif at - made_at > BACKUP_AGE:
        text = gettext("La dernière sauvegarde date de {hours} heures : lancez manage.py backup.")
        yield text.format(hours=(at - made_at) // timedelta(hours=1))


@server_check("backup.elsewhere", Severity.WARNING, _("Une autre machine a une copie de tout"))
def copy_elsewhere(at: datetime) -> Iterator[str]:
    made_at = last_copy_at()
    if made_at is None:
        yield gettext("Aucune copie sur une autre machine : lancez deploy/copy-away.")
    elif at - made_at > readiness.COPY_OLD:
        text = gettext("La dernière copie date de {minutes} minutes : relancez deploy/copy-away.")
        yield text.format(minutes=(at - made_at) // timedelta(minutes=1))


@server_check("mail.server", Severity.BLOCKER, _("Les e-mails partent"))
def mail_server(at: datetime) -> Iterator[str]:
    """Without a connection: `mail_connection` tries it."""
    if isinstance(mail.mailers["default"], ConsoleBackend):
        yield gettext("Aucun serveur de mail : donnez CCD_SMTP_HOST et CCD_MAIL_FROM.")
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        yield gettext("Les e-mails partent de « localhost » : donnez CCD_MAIL_FROM.")


@registry.check(
    "mail.failed", Topic.PEOPLE, Severity.WARNING, _("Chaque e-mail est parti, à une adresse juste")
)
def mails(edition: Edition, at: datetime) -> Iterator[Problem]:
    if n := len(failed_mails(edition, at=at)):
        text = ngettext("{n} e-mail n’est pas parti.", "{n} e-mails ne sont pas partis.", n)
        url = resolve_url("operations:mails", edition.slug)
        yield Problem(text.format(n=n), url, gettext("Voir lesquels"))


def _connection(at: datetime) -> Iterator[str]:
    connection = mail.mailers["default"]
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        text = gettext("Le serveur de mail ne répond pas : {error}.")
        yield text.format(error=type(error).__name__)
    else:
        connection.close()


# For the command only: it waits for the network.
mail_connection = Check(
    "mail.connection",
    Topic.SERVER,
    Severity.BLOCKER,
    _("Le serveur de mail répond"),
    _problems("mail.server", _connection),
)
