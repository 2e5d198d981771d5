"""What the operator of the server does about each problem of the topic Server."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Text
from hackathon.run.operations.running import containers, lines, logs, manage, restart, state

BACKGROUND = ("mail", "worker", "beat")


@dataclass(frozen=True)
class Remedy:
    """`settings` and `commands`: one a line, as they are typed here."""

    title: Text
    text: Text
    settings: str = ""
    commands: Callable[[], str] = str


# By the code of the check. Extras add theirs.
REMEDIES: dict[str, Remedy] = {
    "disk.space": Remedy(
        _("La place sur le disque"),
        _(
            "Si chaque équipe rend des fichiers de la taille permise, le disque sera plein et les "
            "derniers dépôts seront refusés. Libérez de la place, agrandissez le disque, ou "
            "baissez la taille permise des livrables. Le réglage dit combien d’octets restent "
            "toujours libres."
        ),
        "CCD_DISK_RESERVE=1000000000",
        lambda: lines("df -h", manage("check-deposits")),
    ),
    "server.debug": Remedy(
        _("Le mode de mise au point"),
        _(
            "Il est fait pour écrire le programme : à la moindre erreur, il en montre l’intérieur "
            "à tout le monde. Retirez le réglage, puis redémarrez le site."
        ),
        "CCD_DEBUG",
        restart,
    ),
    "server.key": Remedy(
        _("La clé secrète"),
        _(
            "Elle protège les connexions, les reçus et les notes gardées sur les tablettes. "
            "Fabriquez-en une avec la commande, et gardez-en une copie ailleurs. Mettez l’ancienne "
            "dans le second réglage, sinon les anciens reçus sembleront faux."
        ),
        "CCD_SECRET_KEY\nCCD_FORMER_SECRET_KEYS",
        lambda: lines("openssl rand -base64 60 | tr -d '\\n'", restart()),
    ),
    "server.https": Remedy(
        _("Le site en HTTPS"),
        _(
            "Sans HTTPS, les mots de passe passent en clair sur le Wi-Fi, et les tablettes du jury "
            "ne peuvent pas travailler hors connexion. Il faut un serveur TLS devant le site, "
            "celui de deploy/nginx.conf par exemple, puis ces deux réglages."
        ),
        "CCD_HTTPS=1\nCCD_SITE_URL=https://ccd.example.org",
        restart,
    ),
    "server.hosts": Remedy(
        _("Le nom du site"),
        _(
            "Le site ne doit répondre qu’à son nom : sinon quelqu’un peut faire envoyer des "
            "e-mails dont les liens mènent ailleurs. Donnez le nom du site, ou plusieurs séparés "
            "par des virgules."
        ),
        "CCD_ALLOWED_HOSTS=ccd.example.org",
        restart,
    ),
    "server.parts": Remedy(
        _("Ce dont le site a besoin"),
        _(
            "La base de données, Redis, le stockage et les processus du site doivent répondre, et "
            "les horloges des machines être à la même heure. Les commandes montrent ce qui ne "
            "tourne pas et pourquoi, mettent la base à jour, et disent si l’horloge est réglée."
        ),
        "CCD_DATABASE_URL\nCCD_REDIS_URL\nCCD_DATA_DIR\nCCD_DISK_RESERVE",
        lambda: lines(state(), logs(), manage("migrate"), "timedatectl"),
    ),
    "server.workers": Remedy(
        _("Les tâches de fond"),
        _(
            "Sans elles, les e-mails, les contrôles des dépôts et les scellés attendent. Aucun "
            "dépôt n’est perdu : tout reprend quand elles redémarrent."
        ),
        "",
        lambda: lines(restart(*BACKGROUND), logs(*BACKGROUND)),
    ),
    "server.confinement": Remedy(
        _("Les fichiers reçus"),
        _(
            "Chaque fichier d’un étudiant est ouvert par un processus à part, que Linux empêche de "
            "lire le reste (Landlock) et d’aller sur le réseau (seccomp). Il faut un noyau 5.13 ou "
            "plus récent, qui nomme « landlock » dans la réponse de la deuxième commande, et "
            "Docker 23 ou plus récent. Sans cela le site marche, mais un fichier piégé atteindrait "
            "ce que lit le site : faites-le avant le jour même, ou changez de machine."
        ),
        "",
        lambda: lines("uname -r", "cat /sys/kernel/security/lsm", containers()),
    ),
    "backup.recent": Remedy(
        _("La sauvegarde"),
        _(
            "Si le disque casse, tout ce qui est plus récent que la sauvegarde est perdu. Avec les "
            "deux réglages, le site en fait une toutes les heures. La commande en fait une tout de "
            "suite. Copiez-la sur une autre machine."
        ),
        "CCD_BACKUP_DIR=/backups\nCCD_BACKUP_PASSPHRASE_FILE",
        lambda: manage("backup /backups --passphrase-file /backups/.passphrase"),
    ),
    "backup.elsewhere": Remedy(
        _("La copie sur une autre machine"),
        _(
            "Si cette machine est perdue, tout ce qui est plus récent que la copie est perdu avec "
            "elle. Avec la commande, la copie a moins d’une minute. Une autre machine peut alors "
            "reprendre le site (docs/operations/runbook.md, « The machine is lost »)."
        ),
        "",
        lambda: "deploy/pitr start\ndeploy/copy-away user@host:. 30",
    ),
    "mail.server": Remedy(
        _("Les e-mails"),
        _(
            "Sans serveur de mail, personne ne reçoit son code de connexion, son invitation ni son "
            "reçu. L’école ou l’hébergeur donne ces réglages. L’adresse d’envoi doit être permise "
            "par ce serveur. Ensuite, envoyez-vous un e-mail d’essai depuis la page « À préparer »."
        ),
        "CCD_SMTP_HOST\nCCD_SMTP_PORT=587\nCCD_SMTP_USER\nCCD_SMTP_PASSWORD\n"
        "CCD_MAIL_FROM=Hackathon <hackathon@example.org>",
        restart,
    ),
}
