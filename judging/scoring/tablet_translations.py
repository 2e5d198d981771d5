"""Texts of the tablet's scripts, which fill in `{name}`."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.enums import SkipReason


def tablet_translations() -> dict[str, str]:
    return {
        **_list_texts(),
        "clear": _("Tout est enregistré"),
        "pending_one": _("1 changement à envoyer"),
        "pending": _("{n} changements à envoyer"),
        "stuck_one": _("1 changement attend votre choix"),
        "stuck": _("{n} changements attendent votre choix"),
        "saving": _("Gardé ici, envoi…"),
        "waits": _("Gardé ici, à envoyer"),
        "saved": _("Enregistré à {time}"),
        "offline": _("Gardé sur cet appareil, pas encore envoyé : pas de réseau."),
        "offline_ahead": _(
            "Pas de réseau. Notez comme d’habitude : tout est gardé sur cet appareil "
            "et partira dès qu’il revient."
        ),
        "expired": _(
            "Gardé sur cet appareil, pas encore envoyé : votre session est terminée. "
            "Reconnectez-vous, ici ou dans un autre onglet."
        ),
        "somebody_else": _("Quelqu’un d’autre s’est connecté ici. Rechargez la page."),
        "conflict": _("1 note à choisir"),
        "conflicts": _("{n} notes à choisir"),
        "refused": _("refusé, à revoir"),
        "finished": _("Fiche de {team} terminée."),
        "reminded": _(
            "Rappel : il vous reste des fiches à terminer. « Mes équipes » dit lesquelles."
        ),
        "asked": _("La présidence vous demande de compléter des fiches. L’e-mail dit lesquelles."),
        "finished_many": _("{n} fiches terminées."),
        "final": _("terminée"),
        "finish": _("fiche terminée"),
        "reopen": _("fiche rouverte"),
        "finish_waits": _("Terminée ici, pas encore envoyée"),
        "reopen_waits": _("Rouverte ici, pas encore envoyée"),
        **{f"skip_{reason}": str(reason.label) for reason in SkipReason},
        "skipped": _("Vous avez passé cette équipe : {reason}."),
        "resumed": _("équipe reprise"),
        "flagged": _("Signalé à l’organisation."),
        "pause": _("pause jusqu’à {time}"),
        "pause_over": _("fin de la pause"),
        "paused": _("En pause jusqu’à {time}"),
        "until": _("jusqu’à {time} ({minutes} min)"),
        "order": _("mon ordre des équipes"),
        "moved": _("{team} : place {rank}"),
        "up": _("Monter {team}"),
        "down": _("Descendre {team}"),
        "contradicts": _("vos notes mettent {team} devant : {total}"),
        "cleared": _("Note effacée à {time}"),
        "wrong_one": _("1 note à corriger"),
        "wrong": _("{n} notes à corriger"),
        "to_mend": _("Note à corriger : {criteria}."),
        "missing_one": _("Il manque une note : {criteria}."),
        "missing": _("Il manque {n} notes : {criteria}."),
        "empty": _("pas de note"),
        "blank": _("rien d’écrit"),
        "pair": _("{what} : {value}"),
        "count_one": _("{marked} sur {total} noté"),
        "count": _("{marked} sur {total} notés"),
        "held": _("{held} sur {total}"),
        "ready_alone_one": _("1 fiche est sur cet appareil depuis {time}."),
        "ready_alone": _("{sheets} fiches sont sur cet appareil depuis {time}."),
        "ready_one": _("1 fiche et {size} de travaux sont sur cet appareil depuis {time}."),
        "ready": _("{sheets} fiches et {size} de travaux sont sur cet appareil depuis {time}."),
    }


def _list_texts() -> dict[str, str]:
    names = {"left": "{left}", "done": "{done}", "total": "{total}", "team": "{team}"}
    texts = {
        "left_none": _("toutes vos fiches sont terminées"),
        "next": _("Noter %(team)s") % names,
    }
    for suffix, number in (("_one", 1), ("", 2)):
        texts[f"left{suffix}"] = (
            ngettext("reste %(left)s équipe à noter", "restent %(left)s équipes à noter", number)
            % names
        )
        texts[f"finish_ready{suffix}"] = ngettext(
            "Terminer la fiche complète (%(n)s)", "Terminer les fiches complètes (%(n)s)", number
        ) % {"n": "{n}"}
        texts[f"done{suffix}"] = (
            ngettext(
                "%(done)s fiche terminée sur %(total)s",
                "%(done)s fiches terminées sur %(total)s",
                number,
            )
            % names
        )
    return texts
