"""No sentence has a mark, a comment, a nominee or a reason in it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import Facts, registry
from judging.enums import HEARING, JurorKind, Method


def _ceremony(facts: Facts) -> str:
    texts = {
        "ceremony.started": gettext("{who} a commencé : {what}."),
        "ceremony.moved": gettext("{who} a montré l’écran {step} : {what}."),
        "ceremony.ended": gettext("{who} a terminé : {what}."),
    }
    what = gettext("répétition") if facts.detail["rehearsal"] else gettext("cérémonie")
    step = facts.detail.get("step", 0) + 1
    return texts[facts.act].format(who=facts.who, what=what, step=step)


def _appointed(facts: Facts) -> str:
    text = gettext("{who} a mis {person} au jury ({department}) : {kind}.")
    if facts.detail["is_president"]:
        text = gettext("{who} a nommé {person} à la présidence du jury ({department}) : {kind}.")
    kind = JurorKind(facts.detail["kind"]).label
    return text.format(who=facts.who, person=facts.person, department=facts.department, kind=kind)


registry.add(
    _("Plans de lecture"),
    {
        "plan.made": _("{who} a fait le plan de lecture ({department})."),
        "plan.redrawn": _("{who} a retiré au sort le plan de lecture ({department})."),
        "plan.mended": _(
            "Le plan de lecture s’est ajusté ({department}) ;"
            " lectures ajoutées : {added}, retirées : {removed}."
        ),
        "plan.dropped": _("{who} a supprimé le plan de lecture ({department})."),
        "reading.given": _("{who} a donné l’équipe « {team} » à lire à {person}."),
        "readings.assigned": _(
            "{who} a réparti des secondes lectures ({department}) : {readings}."
        ),
    },
)
registry.add(
    _("Notation"),
    {
        "sheet.begun": _("{who} a commencé la fiche de « {team} »."),
        "sheet.finished": _("{who} a terminé la fiche de « {team} »."),
        "sheet.reopened": _("{who} a rouvert la fiche de « {team} »."),
        "tablet.taken": _("{person} a pris une tablette."),
        "skip.made": _("{who} a passé l’équipe « {team} »."),
        "skip.withdrawn": _("{who} reprend l’équipe « {team} », qui était passée."),
        "flag.raised": _("{who} a signalé quelque chose à l’organisation sur « {team} »."),
        "flag.closed": _("{who} a clos le signalement de {person} sur « {team} »."),
        "juror.reminded": _("{who} a rappelé à {person} de terminer ses fiches."),
        "juror.paused": _("{person} est en pause jusqu’à {until_at}."),
        "juror.resumed": _("{person} n’est plus en pause."),
        "jury.paused": _("{who} a mis le jury en pause ({department}) jusqu’à {until_at}."),
        "jury.resumed": _("{who} a terminé la pause du jury ({department})."),
    },
)
registry.add(
    _("Qui a vu les notes"),
    {
        "ranking.viewed": _(
            "{who} a ouvert la page de délibération, avec les notes ({department})."
        ),
        "decision.viewed": _("{who} a ouvert la décision ({department})."),
        "minutes.viewed": _("{who} a ouvert le procès-verbal ({department})."),
        "marks.exported": _("{who} a téléchargé les notes ({department})."),
        f"{HEARING}.exported": _("{who} a téléchargé les notes des passages ({department})."),
        "pair.viewed": _("{who} a comparé deux équipes, avec les notes ({department})."),
        "sheet.viewed": _("{who} a ouvert la fiche de {person} pour « {team} »."),
    },
)
registry.add(
    _("Délibérations"),
    {
        "deliberation.drafted": _("{who} a enregistré un brouillon de la décision ({department})."),
        "deliberation.opened": _("{who} a donné la décision à signer au jury ({department})."),
        "deliberation.signed": _("{who} a signé la décision ({department})."),
        "deliberation.locked": _(
            "{who} a verrouillé la décision ({department}), empreinte {digest}."
        ),
        "deliberation.reopened": _(
            "{who} a rouvert la décision ({department}) ; signatures retirées : {signatures}."
        ),
        "nominations.locked": _(
            "{who} a verrouillé les nominations ({department}), empreinte {digest}."
        ),
        "nominations.reopened": _(
            "{who} a rouvert les nominations ({department}) ; signatures retirées : {signatures}."
        ),
        "deliberation.split": _(
            "{who} fait décider le jury après avoir entendu les nommés ({department})."
        ),
        "deliberation.joined": _("{who} fait décider le jury en une fois ({department})."),
        "passage.marked": _("{who} a noté un passage ({department})."),
        "deliberation.signatures_removed": _(
            "La décision a changé ({department}) ; signatures retirées : {signatures}."
        ),
    },
)
registry.add(
    _("Jurys"),
    {
        "criterion.saved": _("{who} a enregistré le critère « {name} » ({department})."),
        "criterion.deleted": _("{who} a supprimé le critère « {name} » ({department})."),
        "criterion.moved": _(
            "{who} a mis le critère « {name} » en position {position} ({department})."
        ),
        f"{HEARING}.prepared": _("{who} a changé les critères des passages ({department})."),
        "criterion.amended": _("{who} a changé le critère « {name} » ({department})."),
        "rules.chosen": _(
            "{who} a choisi les règles du jury ({department}) : {method}, {readings} lectures."
        ),
        "juror.dismissed": _("{who} a retiré {person} du jury ({department})."),
        "juror.left": _("{person} ne siège plus au jury ({department})."),
        "juror.returned": _("{person} siège de nouveau au jury ({department})."),
        "jurors.invited": _(
            "{who} a invité par e-mail les jurés jamais connectés ({department}) : {n}."
        ),
        "badge.issued": _("{who} a imprimé un badge de {person}."),
        "badge.voided": _("{who} a annulé un badge de {person}."),
        "recusal.made": _("{who} a enregistré le déport de {person} pour l’équipe « {team} »."),
        "recusal.withdrawn": _("{who} a retiré le déport de {person} pour l’équipe « {team} »."),
    },
    says={"juror.appointed": _appointed},
    method=Method,
)
registry.add(
    _("Comparaison d’équipes"),
    {
        "comparison.agreed": _(
            "{who} a accepté de comparer « {team} » à l’équipe juste avant elle."
        ),
        "comparison.withdrawn": _("{who} ne veut plus que « {team} » soit comparée."),
    },
)
registry.add(
    _("Cérémonie"),
    {
        "results.held_back": _("{who} garde les résultats pour plus tard ({department})."),
        "results.taken_back": _("{who} publiera les résultats avec les autres ({department})."),
        "results.published_later": _(
            "{who} a publié les résultats, après les autres ({department})."
        ),
        "message.saved": _("{who} a enregistré le message « {title} » de la cérémonie."),
        "message.deleted": _("{who} a supprimé le message « {title} » de la cérémonie."),
    },
    says=dict.fromkeys(["ceremony.started", "ceremony.moved", "ceremony.ended"], _ceremony),
)
