from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import Facts, registry
from hackathon.base.core.typography import NARROW
from teams.enums import HelpKind, StudentFilter

PLACES = {"department": _("département"), "room": _("salle"), "floor": _("étage")}


def relocated(facts: Facts) -> str:
    """What changed, with the values of before in the order of the teams."""
    detail = facts.detail
    before = detail.get("before", {})
    changes = [
        f"{label} {', '.join(before.get(name, ['?']))} → {detail[name]}"
        for name, label in PLACES.items()
        if name in detail
    ]
    text = gettext("{who} a déplacé {names} : {changes}.")
    names = ", ".join(map(str, detail.get("names", [])))
    return text.format(who=facts.who, names=names, changes=f"{NARROW}; ".join(changes))


def visited(facts: Facts) -> str:
    text = (
        gettext("{who} va voir l’équipe « {team} ».")
        if facts.detail.get("state") == "going"
        else gettext("{who} ne va plus voir l’équipe « {team} ».")
    )
    return text.format(who=facts.who, team=facts.team)


registry.add(
    _("Équipes"),
    {
        "team.registered": _("{who} a inscrit l’équipe « {name} »."),
        "team.edited": _("{who} a modifié l’équipe « {team} »."),
        "team.merged": _("{who} a réuni l’équipe « {name} » ({people}) avec « {team} »."),
        "team.split": _("{who} a séparé l’équipe « {name} » ({people}) de « {before} »."),
        "teams.absent": _("{who} a noté absentes : {names}."),
        "teams.present": _("{who} a noté présentes : {names}."),
        "teams.placed": _("{who} a placé dans les salles : {names}."),
        "teams.placement_undone": _("{who} a annulé le placement de : {names}."),
        "rooms.written": _("{who} a enregistré les salles : {n}, avec {places} places."),
        "works.hidden": _("{who} a caché les travaux de « {team} »."),
        "works.shown": _("{who} montre de nouveau les travaux de « {team} »."),
        "join_code.renewed": _("{who} a changé le code de l’équipe « {team} »."),
        "team_note.written": _("{who} a écrit une note sur l’équipe « {team} »."),
        "team_note.deleted": _("{who} a supprimé une note sur l’équipe « {team} »."),
        "team.dissolved": _("{who} a supprimé l’équipe « {name} »."),
        "membership.joined": _("{who} a ajouté {person} à l’équipe « {team} »."),
        "membership.joined/own": _("{who} a rejoint l’équipe « {team} »."),
        "membership.added": _("{who} a ajouté {people} à l’équipe « {team} »."),
        "membership.moved": _("{who} a fait passer {people} de {before} à « {team} »."),
        "consents.chosen": _("{who} a choisi ce que les autres voient."),
        "mails.chosen": _("{who} a choisi ses e-mails."),
        "membership.left": _("{person} a quitté l’équipe « {team} »."),
        "membership.removed": _("{who} a retiré {person} de l’équipe « {team} »."),
        "members.absent": _("{who} a noté absents de l’équipe « {team} » : {people}."),
        "members.present": _("{who} a noté présents dans l’équipe « {team} » : {people}."),
        "captaincy.passed": _("{who} a fait de {person} le ou la capitaine de « {team} »."),
        "student.taken_off": _("{who} a retiré {person} de la liste des étudiants."),
        "students.invited": _("{who} a invité des étudiants par e-mail : {n} ({which})."),
        "students.called_off": _("{who} a arrêté des invitations avant leur départ : {n}."),
    },
    says={"team.visited": visited, "teams.relocated": relocated},
    which=StudentFilter,
)
registry.add(
    _("Appels"),
    {
        "duty.given": _("{who} a chargé {person} de répondre aux appels ({kind})."),
        "duty.taken_away": _("{who} a déchargé {person} des appels ({kind})."),
        "help.requested": _("{who} a appelé pour l’équipe « {team} » ({kind})."),
        "help.withdrawn": _("{who} a retiré l’appel de « {team} »."),
        "help.claimed": _("{who} a pris l’appel de « {team} »."),
        "help.started": _("{who} est en route vers « {team} »."),
        "help.finished": _("{who} a terminé l’appel de « {team} »."),
        "help.released": _("{who} a rendu l’appel de « {team} »."),
    },
    kind=HelpKind,
)
