"""What was found, in words: what it means for the jury, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from hackathon.core.templatetags.components import duration_fr
from submissions.inspection.found import BROKEN, Code

SEND_AGAIN = _lazy("Exportez-le de nouveau et renvoyez-le.")
IN_PRIVATE = _lazy("Ouvrez-le dans une fenêtre privée : le jury n’aura pas votre compte.")

# What it is, for everybody who sees the deposit; what to do, for the team.
FINDINGS = {
    Code.UNREADABLE: (_lazy("Ce fichier ne s’ouvre pas."), SEND_AGAIN),
    Code.DAMAGED: (_lazy("Ce fichier est abîmé : il ne s’ouvre pas jusqu’au bout."), SEND_AGAIN),
    Code.TRUNCATED: (
        _lazy("La fin de ce fichier manque."),
        _lazy("Attendez que l’export soit terminé, puis renvoyez-le."),
    ),
    Code.ENCRYPTED: (
        _lazy("Ce fichier demande un mot de passe : le jury ne pourra pas l’ouvrir."),
        _lazy("Enregistrez-le sans mot de passe et renvoyez-le."),
    ),
    Code.TYPE_MISMATCH: (_lazy("Le nom dit {named}, le contenu dit {content}."), SEND_AGAIN),
    Code.TWO_TYPES: (
        _lazy("Ce fichier s’ouvre en {named}, mais commence comme du {content}."),
        SEND_AGAIN,
    ),
    Code.PAGE_UNREADABLE: (_lazy("La page {page} ne s’affiche pas."), SEND_AGAIN),
    Code.IMAGE_HUGE: (
        _lazy("{width} × {height} pixels : peu de programmes l’ouvriront."),
        _lazy("Réduisez les dimensions et renvoyez-le."),
    ),
    Code.RARE_FORMAT: (
        _lazy("Le format {format} ne s’ouvre pas partout."),
        _lazy("Si le sujet le permet, donnez un PDF, un JPEG, un MP4 (H.264) ou un ZIP."),
    ),
    Code.HARD_TO_SHOW: (
        _lazy("Ce fichier s’ouvre, mais n’a pas pu être dessiné."),
        _lazy("Regardez s’il s’affiche sans attendre sur une autre machine."),
    ),
    Code.ARCHIVE_EMPTY: (_lazy("Cette archive est vide."), _lazy("Refaites-la et renvoyez-la.")),
    Code.ARCHIVE_BOMB: (
        _lazy("Décompressée, cette archive remplirait un disque : personne ne l’ouvrira."),
        _lazy("Refaites-la, sans archives à l’intérieur."),
    ),
    Code.ARCHIVE_ODD_NAMES: (
        _lazy("L’archive contient un nom qui gêne pour la décompresser : « {entry} »."),
        _lazy("Renommez-le, refaites l’archive et renvoyez-la."),
    ),
    Code.LINK_NO_ANSWER: (
        _lazy("{host} ne répond pas."),
        _lazy("Vérifiez l’adresse, puis donnez-la de nouveau."),
    ),
    Code.LINK_STATUS: (
        _lazy("Le site répond que la page n’existe pas ou ne marche pas ({status})."),
        _lazy("Vérifiez l’adresse, puis donnez-la de nouveau."),
    ),
    Code.LINK_CLOSED: (_lazy("Le site n’a pas laissé voir la page ({status})."), IN_PRIVATE),
    Code.LINK_SIGN_IN: (
        _lazy("Le lien mène à une page de connexion ({host})."),
        _lazy("Partagez-le avec tout le monde : le jury n’aura pas votre compte."),
    ),
    Code.LINK_NOT_HTTPS: (
        _lazy("Le lien répond, mais sans https : le navigateur avertira."),
        _lazy("Essayez avec https://."),
    ),
    Code.LINK_CERTIFICATE: (
        _lazy("Le certificat de {host} n’est pas valable : le navigateur refusera de l’ouvrir."),
        _lazy("Faites-le renouveler, ou publiez ailleurs."),
    ),
    Code.LINK_PRIVATE: (
        _lazy("{host} ne s’ouvre que sur votre réseau."),
        _lazy("Mettez votre travail en ligne, puis donnez son adresse."),
    ),
    Code.LINK_PORT: (
        _lazy("Le port {port} est souvent fermé : le lien n’a pas été vérifié."),
        _lazy("Donnez une adresse sans numéro de port."),
    ),
    Code.LINK_LOOP: (
        _lazy("Le lien renvoie sans fin d’une adresse à l’autre."),
        _lazy("Donnez l’adresse finale."),
    ),
    Code.INFECTED: (
        _lazy("L’antivirus a reconnu « {virus} »."),
        _lazy("Ne l’ouvrez pas, et renvoyez un fichier sain."),
    ),
    Code.MISSING: (
        _lazy("Le serveur ne retrouve pas ce fichier."),
        _lazy("Prévenez l’organisation."),
    ),
    Code.NOT_CHECKED: (
        _lazy("La vérification n’a pas pu aboutir."),
        _lazy("Ouvrez-le vous-même pour être sûrs."),
    ),
}


def sentences(
    facts: Mapping[str, Any], findings: list[dict[str, Any]], *, to_team: bool
) -> list[str]:
    """The gravest first, and what to do about it (`to_team`); if nothing is wrong, what opens."""
    found = sorted(findings, key=lambda one: one["code"] not in BROKEN)
    return [_sentence(one, to_team=to_team) for one in found] or [_opens(facts)]


def _sentence(finding: Mapping[str, Any], *, to_team: bool) -> str:
    what, advice = FINDINGS[Code(finding["code"])]
    words = {key: word for key, word in finding.items() if key != "code"}
    said = str(what).format(**words)
    return f"{said} {advice}" if to_team else said


def _opens(facts: Mapping[str, Any]) -> str:
    match facts:
        case {"type": "pdf", "pages": pages}:
            one, many = "Le PDF s’ouvre, %(n)s page", "Le PDF s’ouvre, %(n)s pages"
            return ngettext(one, many, pages) % {"n": pages}
        case {"type": "image", "width": width, "height": height}:
            size = {"width": width, "height": height}
            return _("L’image s’ouvre, %(width)s × %(height)s pixels") % size
        case {"type": "video", "seconds": seconds}:
            return _("La vidéo s’ouvre, %(time)s") % {"time": duration_fr(seconds)}
        case {"type": "archive", "entries": n}:
            one, many = "L’archive s’ouvre, %(n)s fichier", "L’archive s’ouvre, %(n)s fichiers"
            return ngettext(one, many, n) % {"n": n}
    plain = {
        "video": _("La vidéo s’ouvre"),
        "audio": _("Le son s’ouvre"),
        "document": _("Le document s’ouvre"),
        "text": _("Le texte se lit"),
        "link": _("Le lien répond"),
    }
    return plain.get(str(facts.get("type")), _("Bien reçu"))
