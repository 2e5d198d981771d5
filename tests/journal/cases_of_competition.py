"""The acts of teams, submissions and judging: what is recorded, and the sentence."""

from typing import Any

from judging.enums import HEARING

LATER = "2020-02-13T22:10:00+00:00"
DIGEST = "a1b2c3d4" * 8

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "badge.issued": ({}, "Eve a imprimé un badge de Dan."),
    "badge.voided": ({}, "Eve a annulé un badge de Dan."),
    "captaincy.passed": ({}, "Eve a fait de Dan le ou la capitaine de « Les Pixels »."),
    "ceremony.ended": ({"rehearsal": False}, "Eve a terminé : cérémonie."),
    "ceremony.moved": ({"step": 4, "rehearsal": False}, "Eve a montré l’écran 5 : cérémonie."),
    "ceremony.started": ({"rehearsal": True}, "Eve a commencé : répétition."),
    "comparison.agreed": (
        {},
        "Eve a accepté de comparer « Les Pixels » à l’équipe juste avant elle.",
    ),
    "comparison.withdrawn": ({}, "Eve ne veut plus que « Les Pixels » soit comparée."),
    "consents.chosen": (
        {"changes": {"shows_name": [False, True]}},
        "Eve a choisi ce que les autres voient : le palmarès montre mon nom non → oui.",
    ),
    "criterion.amended": (
        {"name": "Idée", "changes": {"weight": [1, 2]}},
        "Eve a changé le critère « Idée » (Info-Com) : coefficient 1 → 2.",
    ),
    "criterion.deleted": ({"name": "Idée"}, "Eve a supprimé le critère « Idée » (Info-Com)."),
    "criterion.moved": (
        {"name": "Idée", "position": 1},
        "Eve a mis le critère « Idée » en position 1 (Info-Com).",
    ),
    "criterion.saved": (
        {"name": "Idée", "weight": 2, "changes": {"weight": [1, 2]}},
        "Eve a enregistré le critère « Idée » (Info-Com) : coefficient 1 → 2.",
    ),
    "decision.viewed": ({}, "Eve a ouvert la décision (Info-Com)."),
    "deliberation.drafted": ({}, "Eve a enregistré un brouillon de la décision (Info-Com)."),
    "deliberation.joined": ({}, "Eve fait décider le jury en une fois (Info-Com)."),
    "deliberation.locked": (
        {"digest": DIGEST},
        "Eve a verrouillé la décision (Info-Com), empreinte a1b2c3d4.",
    ),
    "deliberation.opened": ({}, "Eve a donné la décision à signer au jury (Info-Com)."),
    "deliberation.reopened": (
        {"signatures": 3},
        "Eve a rouvert la décision (Info-Com) ; signatures retirées : 3.",
    ),
    "deliberation.signatures_removed": (
        {"signatures": 3},
        "La décision a changé (Info-Com) ; signatures retirées : 3.",
    ),
    "deliberation.split": (
        {},
        "Eve fait décider le jury après avoir entendu les nommés (Info-Com).",
    ),
    "nominations.locked": (
        {"digest": DIGEST},
        "Eve a verrouillé les nominations (Info-Com), empreinte a1b2c3d4.",
    ),
    "nominations.reopened": (
        {"signatures": 3},
        "Eve a rouvert les nominations (Info-Com) ; signatures retirées : 3.",
    ),
    "passage.marked": ({}, "Eve a noté un passage (Info-Com)."),
    f"{HEARING}.exported": ({}, "Eve a téléchargé les notes des passages (Info-Com)."),
    f"{HEARING}.prepared": ({}, "Eve a changé les critères des passages (Info-Com)."),
    "deliberation.signed": ({}, "Eve a signé la décision (Info-Com)."),
    "deliverable.added": (
        {"name": "Dossier", "position": 2},
        "Eve a ajouté le livrable « Dossier ».",
    ),
    "deliverable.changed": (
        {"name": "Dossier", "position": 2, "changes": {"required": [True, False]}},
        "Eve a modifié le livrable « Dossier » : obligatoire oui → non.",
    ),
    "deliverable.deleted": (
        {"name": "Dossier", "position": 2},
        "Eve a supprimé le livrable « Dossier ».",
    ),
    "deliverable.moved": (
        {"name": "Dossier", "position": 2},
        "Eve a mis le livrable « Dossier » en position 2.",
    ),
    "duty.given": ({"kind": "technical"}, "Eve a chargé Dan de répondre aux appels (technique)."),
    "duty.taken_away": ({"kind": "teacher"}, "Eve a déchargé Dan des appels (professeur)."),
    "extension.granted": (
        {"minutes": 288, "to": "Les Pixels"},
        "Eve a accordé 4 h 48 de plus : Les Pixels.",
    ),
    "extension.revoked": (
        {"minutes": 10, "to": "Les Pixels"},
        "Eve a retiré le délai de 10 min : Les Pixels.",
    ),
    "help.claimed": ({}, "Eve a pris l’appel de « Les Pixels »."),
    "help.finished": ({}, "Eve a terminé l’appel de « Les Pixels »."),
    "help.released": ({}, "Eve a rendu l’appel de « Les Pixels »."),
    "help.requested": (
        {"kind": "teacher"},
        "Eve a appelé pour l’équipe « Les Pixels » (professeur).",
    ),
    "help.started": ({}, "Eve est en route vers « Les Pixels »."),
    "help.withdrawn": ({}, "Eve a retiré l’appel de « Les Pixels »."),
    "join_code.renewed": ({}, "Eve a changé le code de l’équipe « Les Pixels »."),
    "juror.appointed": (
        {"kind": "teacher", "is_president": True},
        "Eve a nommé Dan à la présidence du jury (Info-Com) : équipe enseignante.",
    ),
    "juror.dismissed": ({}, "Eve a retiré Dan du jury (Info-Com)."),
    "juror.left": ({}, "Dan ne siège plus au jury (Info-Com)."),
    "juror.returned": ({}, "Dan siège de nouveau au jury (Info-Com)."),
    "jurors.invited": (
        {"n": 3},
        "Eve a invité par e-mail les jurés jamais connectés (Info-Com) : 3.",
    ),
    "mails.chosen": ({}, "Eve a choisi ses e-mails."),
    "marks.exported": ({}, "Eve a téléchargé les notes (Info-Com)."),
    "members.absent": ({}, "Eve a noté absents de l’équipe « Les Pixels » : Dan, Max."),
    "members.present": ({}, "Eve a noté présents dans l’équipe « Les Pixels » : Dan, Max."),
    "membership.added": ({}, "Eve a ajouté Dan, Max à l’équipe « Les Pixels »."),
    "membership.joined": ({}, "Eve a ajouté Dan à l’équipe « Les Pixels »."),
    "membership.left": ({}, "Dan a quitté l’équipe « Les Pixels »."),
    "membership.moved": (
        {"before": ["Les Brefs", "Les Longs"]},
        "Eve a fait passer Dan, Max de Les Brefs, Les Longs à « Les Pixels ».",
    ),
    "membership.removed": ({}, "Eve a retiré Dan de l’équipe « Les Pixels »."),
    "message.deleted": (
        {"title": "Merci"},
        "Eve a supprimé le message « Merci » de la cérémonie.",
    ),
    "message.saved": (
        {"title": "Merci"},
        "Eve a enregistré le message « Merci » de la cérémonie.",
    ),
    "minutes.viewed": ({}, "Eve a ouvert le procès-verbal (Info-Com)."),
    "pair.viewed": ({}, "Eve a comparé deux équipes, avec les notes (Info-Com)."),
    "plan.dropped": ({}, "Eve a supprimé le plan de lecture (Info-Com)."),
    "plan.made": ({}, "Eve a fait le plan de lecture (Info-Com)."),
    "plan.mended": (
        {"added": 2, "removed": 1},
        "Le plan de lecture s’est ajusté (Info-Com) ; lectures ajoutées : 2, retirées : 1.",
    ),
    "plan.redrawn": ({}, "Eve a retiré au sort le plan de lecture (Info-Com)."),
    "ranking.viewed": ({}, "Eve a ouvert la page de délibération, avec les notes (Info-Com)."),
    "reading.given": ({}, "Eve a donné l’équipe « Les Pixels » à lire à Dan."),
    "readings.assigned": ({"readings": 4}, "Eve a réparti des secondes lectures (Info-Com) : 4."),
    "recusal.made": ({}, "Eve a enregistré le déport de Dan pour l’équipe « Les Pixels »."),
    "recusal.withdrawn": ({}, "Eve a retiré le déport de Dan pour l’équipe « Les Pixels »."),
    "rules.chosen": (
        {"method": "mean", "readings": 3},
        "Eve a choisi les règles du jury (Info-Com) : moyenne simple, 3 lectures.",
    ),
    "seal.made": (
        {"moment": "deadline", "digest": DIGEST},
        "Eve a scellé ce qui compte à l’heure limite, empreinte a1b2c3d4.",
    ),
    "sheet.begun": ({}, "Eve a commencé la fiche de « Les Pixels »."),
    "sheet.finished": ({}, "Eve a terminé la fiche de « Les Pixels »."),
    "sheet.reopened": ({}, "Eve a rouvert la fiche de « Les Pixels »."),
    "sheet.viewed": ({}, "Eve a ouvert la fiche de Dan pour « Les Pixels »."),
    "student.taken_off": ({}, "Eve a retiré Dan de la liste des étudiants."),
    "students.called_off": (
        {"n": 12},
        "Eve a arrêté des invitations avant leur départ : 12.",
    ),
    "students.invited": (
        {"n": 12, "which": "never_signed_in"},
        "Eve a invité des étudiants par e-mail : 12 (pas encore connectés).",
    ),
    "submission.received": (
        {"name": "Dossier", "version": 2},
        "Eve a déposé « Dossier » pour l’équipe « Les Pixels », version 2.",
    ),
    "skip.made": ({}, "Eve a passé l’équipe « Les Pixels »."),
    "skip.withdrawn": ({}, "Eve reprend l’équipe « Les Pixels », qui était passée."),
    "flag.raised": ({}, "Eve a signalé quelque chose à l’organisation sur « Les Pixels »."),
    "flag.closed": ({}, "Eve a clos le signalement de Dan sur « Les Pixels »."),
    "juror.paused": ({"until_at": LATER}, "Dan est en pause jusqu’à 23:10."),
    "juror.reminded": ({}, "Eve a rappelé à Dan de terminer ses fiches."),
    "juror.resumed": ({}, "Dan n’est plus en pause."),
    "jury.paused": (
        {"until_at": LATER},
        "Eve a mis le jury en pause (Info-Com) jusqu’à 23:10.",
    ),
    "jury.resumed": ({}, "Eve a terminé la pause du jury (Info-Com)."),
    "tablet.taken": ({}, "Dan a pris une tablette."),
    "team.dissolved": ({"name": "Les Pixels"}, "Eve a supprimé l’équipe « Les Pixels »."),
    "team.edited": (
        {"changes": {"room": ["214", ""], "floor": [2, 3]}},
        "Eve a modifié l’équipe « Les Pixels » : salle 214 → vide ; étage 2 → 3.",
    ),
    "team.merged": (
        {"name": "Les Brefs"},
        "Eve a réuni l’équipe « Les Brefs » (Dan, Max) avec « Les Pixels ».",
    ),
    "team.registered": ({"name": "Les Pixels"}, "Eve a inscrit l’équipe « Les Pixels »."),
    "team.split": (
        {"name": "Les Brefs", "before": "Les Longs"},
        "Eve a séparé l’équipe « Les Brefs » (Dan, Max) de « Les Longs ».",
    ),
    "team.visited": ({"state": "going"}, "Eve va voir l’équipe « Les Pixels »."),
    "works.hidden": ({}, "Eve a caché les travaux de « Les Pixels »."),
    "works.shown": ({}, "Eve montre de nouveau les travaux de « Les Pixels »."),
    "team_note.deleted": ({}, "Eve a supprimé une note sur l’équipe « Les Pixels »."),
    "team_note.written": ({}, "Eve a écrit une note sur l’équipe « Les Pixels »."),
    "teams.absent": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a noté absentes : Les Brefs, Les Longs.",
    ),
    "teams.present": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a noté présentes : Les Brefs, Les Longs.",
    ),
    "teams.placed": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a placé dans les salles : Les Brefs, Les Longs.",
    ),
    "teams.placement_undone": (
        {"names": ["Les Brefs"]},
        "Eve a annulé le placement de : Les Brefs.",
    ),
    "rooms.written": (
        {"n": 3, "places": 90},
        "Eve a enregistré les salles : 3, avec 90 places.",
    ),
    "teams.relocated": (
        {
            "names": ["Les Brefs", "Les Longs"],
            "room": "208",
            "floor": "2",
            "before": {"room": ["101", "102"], "floor": ["1"]},
        },
        "Eve a déplacé Les Brefs, Les Longs : salle 101, 102 → 208 ; étage 1 → 2.",
    ),
}
