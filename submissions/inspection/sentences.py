from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hackathon.base.core.formats import duration_text
from submissions.inspection.result import BROKEN, FindingCode

SEND_AGAIN = gettext_lazy("Exportez-le de nouveau et renvoyez-le.")
SHOW_IT = gettext_lazy(
    "Montrez-le à l’organisation : seul un délai accordé ferait compter une nouvelle version."
)
IN_PRIVATE = gettext_lazy("Ouvrez-le dans une fenêtre privée : le jury n’aura pas votre compte.")

# (what was found, shown to all readers; what to do, shown to the team)
FINDINGS = {
    FindingCode.UNREADABLE: (gettext_lazy("Ce fichier ne s’ouvre pas."), SEND_AGAIN),
    FindingCode.DAMAGED: (
        gettext_lazy("Ce fichier est abîmé : il ne s’ouvre pas jusqu’au bout."),
        SEND_AGAIN,
    ),
    FindingCode.TRUNCATED: (
        gettext_lazy("La fin de ce fichier manque."),
        gettext_lazy("Attendez que l’export soit terminé, puis renvoyez-le."),
    ),
    FindingCode.ENCRYPTED: (
        gettext_lazy("Ce fichier demande un mot de passe : le jury ne pourra pas l’ouvrir."),
        gettext_lazy("Enregistrez-le sans mot de passe et renvoyez-le."),
    ),
    FindingCode.TYPE_MISMATCH: (
        gettext_lazy("Le nom dit {named}, le contenu dit {content}."),
        SEND_AGAIN,
    ),
    FindingCode.TWO_TYPES: (
        gettext_lazy("Ce fichier s’ouvre en {named}, mais commence comme du {content}."),
        SEND_AGAIN,
    ),
    FindingCode.PAGE_UNREADABLE: (gettext_lazy("La page {page} ne s’affiche pas."), SEND_AGAIN),
    FindingCode.IMAGE_HUGE: (
        gettext_lazy("{width} × {height} pixels : peu de programmes l’ouvriront."),
        gettext_lazy("Réduisez les dimensions et renvoyez-le."),
    ),
    FindingCode.RARE_FORMAT: (
        gettext_lazy("Le format {format} ne s’ouvre pas partout."),
        gettext_lazy("Si le sujet le permet, donnez un PDF, un JPEG, un MP4 (H.264) ou un ZIP."),
    ),
    FindingCode.PHONE_PHOTO: (
        gettext_lazy("Cette photo d’iPhone (HEIC) ne s’ouvre pas sur tous les appareils."),
        gettext_lazy(
            "Renvoyez-la en JPEG : enregistrez-en une copie en JPEG, ou photographiez de nouveau"
            " après Réglages, Appareil photo, Formats, « Le plus compatible »."
        ),
    ),
    FindingCode.HARD_TO_SHOW: (
        gettext_lazy("Ce fichier s’ouvre, mais n’a pas pu être dessiné."),
        gettext_lazy("Regardez s’il s’affiche sans attendre sur une autre machine."),
    ),
    FindingCode.ARCHIVE_EMPTY: (
        gettext_lazy("Cette archive est vide."),
        gettext_lazy("Refaites-la et renvoyez-la."),
    ),
    FindingCode.ARCHIVE_BOMB: (
        gettext_lazy("Décompressée, cette archive remplirait un disque : personne ne l’ouvrira."),
        gettext_lazy("Refaites-la, sans archives à l’intérieur."),
    ),
    FindingCode.ARCHIVE_ODD_NAMES: (
        gettext_lazy("L’archive contient un nom qui gêne pour la décompresser : « {entry} »."),
        gettext_lazy("Renommez-le, refaites l’archive et renvoyez-la."),
    ),
    FindingCode.LINK_NO_ANSWER: (
        gettext_lazy("{host} ne répond pas."),
        gettext_lazy("Vérifiez l’adresse, puis donnez-la de nouveau."),
    ),
    FindingCode.LINK_STATUS: (
        gettext_lazy("Le site répond que la page n’existe pas ou ne marche pas ({status})."),
        gettext_lazy("Vérifiez l’adresse, puis donnez-la de nouveau."),
    ),
    FindingCode.LINK_CLOSED: (
        gettext_lazy("Le site n’a pas laissé voir la page ({status})."),
        IN_PRIVATE,
    ),
    FindingCode.LINK_SIGN_IN: (
        gettext_lazy("Le lien mène à une page de connexion ({host})."),
        gettext_lazy("Partagez-le avec tout le monde : le jury n’aura pas votre compte."),
    ),
    FindingCode.LINK_NOT_HTTPS: (
        gettext_lazy("Le lien répond, mais sans https : le navigateur avertira."),
        gettext_lazy("Essayez avec https://."),
    ),
    FindingCode.LINK_CERTIFICATE: (
        gettext_lazy(
            "Le certificat de {host} n’est pas valable : le navigateur refusera de l’ouvrir."
        ),
        gettext_lazy("Faites-le renouveler, ou publiez ailleurs."),
    ),
    FindingCode.LINK_PRIVATE: (
        gettext_lazy("{host} ne s’ouvre que sur votre réseau."),
        gettext_lazy("Mettez votre travail en ligne, puis donnez son adresse."),
    ),
    FindingCode.LINK_PORT: (
        gettext_lazy("Le port {port} est souvent fermé : le lien n’a pas été vérifié."),
        gettext_lazy("Donnez une adresse sans numéro de port."),
    ),
    FindingCode.LINK_LOOP: (
        gettext_lazy("Le lien renvoie sans fin d’une adresse à l’autre."),
        gettext_lazy("Donnez l’adresse finale."),
    ),
    FindingCode.INFECTED: (
        gettext_lazy("L’antivirus a reconnu « {virus} »."),
        gettext_lazy("Ne l’ouvrez pas, et renvoyez un fichier sain."),
    ),
    FindingCode.MISSING: (
        gettext_lazy("Le serveur ne retrouve pas ce fichier."),
        gettext_lazy("Prévenez l’organisation."),
    ),
    FindingCode.NOT_CHECKED: (
        gettext_lazy("La vérification n’a pas pu aboutir."),
        gettext_lazy("Ouvrez-le vous-même pour être sûrs."),
    ),
}

# What to do about these needs no new version.
MENDED_IN_PLACE = {
    *(FindingCode.LINK_CLOSED, FindingCode.LINK_SIGN_IN, FindingCode.LINK_CERTIFICATE),
    *(FindingCode.NOT_CHECKED, FindingCode.MISSING),
}


def sentences(
    facts: Mapping[str, Any],
    findings: list[dict[str, Any]],
    *,
    to_team: bool,
    is_settled: bool = False,
) -> list[str]:
    """The most serious finding first; without findings, one sentence on the `facts`. `is_settled`:
    a new version would not count.
    """
    by_severity = sorted(findings, key=lambda finding: finding["code"] not in BROKEN)
    said = [_sentence(one, to_team=to_team, is_settled=is_settled) for one in by_severity]
    return said or [_opens(facts)]


def _sentence(finding: Mapping[str, Any], *, to_team: bool, is_settled: bool) -> str:
    code = FindingCode(finding["code"])
    what, advice = FINDINGS[code]
    if is_settled and code not in MENDED_IN_PLACE:
        advice, to_team = SHOW_IT, to_team and code in BROKEN
    params = {key: value for key, value in finding.items() if key != "code"}
    sentence = str(what).format(**params)
    return f"{sentence} {advice}" if to_team else sentence


def _opens(facts: Mapping[str, Any]) -> str:
    match facts:
        case {"type": "pdf", "pages": pages}:
            return ngettext("Le PDF s’ouvre, %(n)s page", "Le PDF s’ouvre, %(n)s pages", pages) % {
                "n": pages
            }
        case {"type": "image", "width": width, "height": height}:
            size = {"width": width, "height": height}
            return _("L’image s’ouvre, %(width)s × %(height)s pixels") % size
        case {"type": "video", "seconds": seconds}:
            return _("La vidéo s’ouvre, %(time)s") % {"time": duration_text(seconds)}
        case {"type": "archive", "entries": n}:
            return ngettext(
                "L’archive s’ouvre, %(n)s fichier", "L’archive s’ouvre, %(n)s fichiers", n
            ) % {"n": n}
    plain = {
        "video": _("La vidéo s’ouvre"),
        "audio": _("Le son s’ouvre"),
        "document": _("Le document s’ouvre"),
        "text": _("Le texte se lit"),
        "link": _("Le lien répond"),
    }
    return plain.get(str(facts.get("type")), _("Bien reçu"))
