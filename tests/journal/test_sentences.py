"""Each act in words."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation

from hackathon.core.acts import MISSING, Facts, registry
from hackathon.core.typography import NARROW, NO_BREAK

AT = datetime(2020, 2, 13, 21, 50, tzinfo=UTC)
UNTIL = "2020-02-13T22:00:00+00:00"
LATER = "2020-02-13T22:10:00+00:00"
NEXT_DAY = "2020-02-14T07:00:00+00:00"
DIGEST = "a1b2c3d4" * 8


def facts(act: str, detail: dict[str, Any], **given: Any) -> Facts:
    names = {"who": "Eve", "person": "Dan", "team": "Les Pixels", "department": "Info-Com"}
    return Facts(
        act=act,
        at=AT,
        detail=detail,
        zone=ZoneInfo("Europe/Paris"),
        **{"target": given.pop("target", "x.y:1"), **names, **given},
    )


TARGETS = {
    "consents": "teams.membership:1",
    "edition": "editions.edition:1",
    "move": "editions.edition:1",
    "milestone": "editions.milestone:1",
    "department": "editions.department:1",
    "team": "teams.team:1",
    "deliverable": "submissions.deliverable:1",
    "criterion": "judging.criterion:1",
    "dish": "meals.dish:1",
}
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "administrator.made": ({}, "Dan administre le site."),
    "token.created": (
        {"name": "robot", "scopes": ["read", "announce"], "expires_at": NEXT_DAY},
        (
            "Eve a créé pour Dan le jeton d’API « robot » (Lire tout ce que je peux lire,"
            " Annoncer et répondre aux questions), valable jusqu’au 14 février 2020, 8:00."
        ),
    ),
    "token.revoked": ({"name": "robot"}, "Eve a révoqué le jeton d’API « robot » de Dan."),
    "webhook.created": (
        {"name": "Canal", "topics": ["deposits", "calls"]},
        "Eve a créé le webhook « Canal » (dépôts, appels à l’aide).",
    ),
    "webhook.enabled": ({"name": "Canal"}, "Eve a remis en marche le webhook « Canal »."),
    "webhook.disabled": ({"name": "Canal"}, "Eve a arrêté le webhook « Canal »."),
    "webhook.deleted": ({"name": "Canal"}, "Eve a supprimé le webhook « Canal »."),
    "announcement.cancelled": (
        {"to": "Tout le monde"},
        "Eve a annulé une annonce programmée : Tout le monde.",
    ),
    "announcement.changed": (
        {"to": "Tout le monde"},
        "Eve a modifié une annonce programmée : Tout le monde.",
    ),
    "announcement.corrected": (
        {"to": "Tout le monde"},
        "Eve a corrigé une annonce : Tout le monde.",
    ),
    "announcement.pinned": (
        {"to": "Tout le monde"},
        "Eve a épinglé ou détaché une annonce : Tout le monde.",
    ),
    "announcement.published": ({"to": "Tout le monde"}, "Eve a fait une annonce : Tout le monde."),
    "announcement.scheduled": (
        {"to": "Tout le monde"},
        "Eve a programmé une annonce : Tout le monde.",
    ),
    "announcement.withdrawn": (
        {"to": "Tout le monde"},
        "Eve a retiré une annonce : Tout le monde.",
    ),
    "badge.issued": ({}, "Eve a imprimé un badge de Dan."),
    "badge.voided": ({}, "Eve a annulé un badge de Dan."),
    "brief.attached": ({}, "Eve a joint une pièce au sujet du département Info-Com."),
    "brief.detached": ({}, "Eve a retiré une pièce du sujet du département Info-Com."),
    "brief.unlocked": (
        {},
        "Eve a ouvert le sujet du département Info-Com sur les pages qui l’attendaient.",
    ),
    "brief.written": (
        {"published_at": NEXT_DAY},
        "Eve a écrit le sujet du département Info-Com, publié : 14 février 2020, 8:00.",
    ),
    "calendar.renewed": ({}, "Eve a renouvelé l’adresse de son agenda."),
    "canned_answer.deleted": (
        {"text": "Lisez le sujet."},
        "Eve a supprimé la réponse toute prête « Lisez le sujet. ».",
    ),
    "canned_answer.saved": ({}, "Eve a enregistré une réponse toute prête."),
    "captaincy.passed": ({}, "Eve a fait de Dan le ou la capitaine de « Les Pixels »."),
    "ceremony.ended": ({"rehearsal": False}, "Eve a terminé : cérémonie."),
    "ceremony.moved": ({"step": 4, "rehearsal": False}, "Eve a montré l’écran 5 : cérémonie."),
    "ceremony.started": ({"rehearsal": True}, "Eve a commencé : répétition."),
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
    "department.added": ({"code": "INFO"}, "Eve a ajouté le département INFO."),
    "department.changed": (
        {"code": "INFO", "changes": {"name": ["Info", "Informatique"]}},
        "Eve a modifié le département INFO : nom Info → Informatique.",
    ),
    "department.deleted": ({"code": "INFO"}, "Eve a supprimé le département INFO."),
    "device.subscribed": ({}, "Eve reçoit les notifications sur un appareil."),
    "device.unsubscribed": ({}, "Eve ne reçoit plus les notifications sur un appareil."),
    "dish.deleted": ({"name": "Reine"}, "Eve a retiré le plat « Reine »."),
    "dish.saved": (
        {"name": "Reine", "changes": {"pizzeria": ["", "Stan"]}},
        "Eve a enregistré le plat « Reine » : pizzeria vide → Stan.",
    ),
    "duty.given": ({"kind": "technical"}, "Eve a chargé Dan de répondre aux appels (technique)."),
    "duty.taken_away": ({"kind": "teacher"}, "Eve a déchargé Dan des appels (professeur)."),
    "edition.archived": ({}, "Eve a archivé cette édition."),
    "edition.cloned": ({"source": "ccd-2019"}, "Eve a dupliqué l’édition « ccd-2019 »."),
    "edition.created": ({"slug": "ccd-2020"}, "Eve a créé l’édition « ccd-2020 »."),
    "edition.deleted": ({"name": "CCD 2019"}, "Eve a supprimé l’édition « CCD 2019 »."),
    "edition.deliberated": ({}, "Tous les jurys ont décidé : les délibérations sont closes."),
    "edition.hidden": ({}, "Eve a retiré cette édition du site."),
    "edition.moved": (
        {"changes": {"deadline_at": [UNTIL, LATER]}},
        "Eve a repoussé l’heure limite de 23:00 à 23:10.",
    ),
    "edition.reopened": (
        {},
        "Un jury a rouvert sa décision : les délibérations ne sont plus closes.",
    ),
    "edition.shown": ({}, "Eve a affiché cette édition sur le site."),
    "edition.updated": (
        {"changes": {"client": ["", "GEG"]}},
        "Eve a modifié l’édition : client vide → GEG.",
    ),
    "entry_code.made": ({}, "Eve a fait afficher un code d’entrée pour Dan."),
    "entry_code.used": ({}, "Eve a utilisé un code d’entrée."),
    "extension.granted": (
        {"minutes": 10, "to": "Les Pixels"},
        "Eve a accordé 10 min de plus : Les Pixels.",
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
    "import.applied": (
        {"kind": "students", "created": 3, "updated": 1},
        "Eve a importé une liste (étudiants) ; nouvelles : 3, modifiées : 1.",
    ),
    "import.undone": ({"kind": "rooms"}, "Eve a annulé l’importation d’une liste (salles)."),
    "installation.made": ({}, "Eve a installé le site."),
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
        "Eve a invité par mail les jurés jamais connectés (Info-Com) : 3.",
    ),
    "invitation.declined": ({}, "Eve a refusé l’invitation de l’équipe « Les Pixels »."),
    "invitation.sent": ({}, "Eve a invité Dan dans l’équipe « Les Pixels »."),
    "mails.chosen": ({}, "Eve a choisi ses mails."),
    "marks.exported": ({}, "Eve a téléchargé les notes (Info-Com)."),
    "meal.chosen": ({}, "Eve a choisi le repas de Dan."),
    "meal.served": ({}, "Eve a remis son repas à Dan."),
    "meal.unserved": ({}, "Eve a décoché le repas de Dan."),
    "meals.planned": ({"closes_at": UNTIL}, "Eve a réglé les repas ; choix jusqu’à : 23:00."),
    "membership.added": ({}, "Eve a ajouté des membres à l’équipe « Les Pixels »."),
    "membership.joined": ({}, "Eve a ajouté Dan à l’équipe « Les Pixels »."),
    "membership.left": ({}, "Dan a quitté l’équipe « Les Pixels »."),
    "membership.moved": (
        {"before": ["Les Brefs", "Les Longs"]},
        "Eve a fait passer des membres de Les Brefs, Les Longs à « Les Pixels ».",
    ),
    "membership.removed": ({}, "Eve a retiré Dan de l’équipe « Les Pixels »."),
    "milestone.added": (
        {"label": "Pizzas", "milestone_at": UNTIL},
        "Eve a ajouté l’étape « Pizzas », 23:00.",
    ),
    "milestone.changed": (
        {"label": "Pizzas", "changes": {"at": [UNTIL, NEXT_DAY]}},
        "Eve a modifié l’étape « Pizzas » : heure 23:00 → 14 février 2020, 8:00.",
    ),
    "milestone.deleted": ({"label": "Pizzas"}, "Eve a supprimé l’étape « Pizzas »."),
    "milestone.reached": ({"notice": "one_hour"}, "Eve a rappelé l’heure : plus qu’une heure."),
    "minutes.viewed": ({}, "Eve a ouvert le procès-verbal (Info-Com)."),
    "move.undone": (
        {"changes": {"deadline_at": [LATER, UNTIL]}},
        "Eve a annulé un déplacement d’heure : heure limite 23:10 → 23:00.",
    ),
    "organizer.added": ({}, "Eve a ajouté Dan à l’organisation."),
    "organizer.removed": ({}, "Eve a retiré Dan de l’organisation."),
    "needs.forgotten": (
        {"count": 3},
        "Les besoins alimentaires de l’édition sont effacés (3).",
    ),
    "phone.changed": ({}, "Eve a donné son numéro de téléphone à l’organisation."),
    "phone.removed": ({}, "Eve a effacé son numéro de téléphone."),
    "plan.dropped": ({}, "Eve a supprimé le plan de lecture (Info-Com)."),
    "plan.made": ({}, "Eve a fait le plan de lecture (Info-Com)."),
    "plan.mended": (
        {"added": 2, "removed": 1},
        "Le plan de lecture s’est ajusté (Info-Com) ; lectures ajoutées : 2, retirées : 1.",
    ),
    "plan.redrawn": ({}, "Eve a retiré au sort le plan de lecture (Info-Com)."),
    "question.answered": ({}, "Eve a répondu à une question (Info-Com)."),
    "question.asked": ({}, "Eve a posé une question (Info-Com)."),
    "question.closed": ({}, "Eve a clos une question (Info-Com)."),
    "question.published": ({"to": "everyone"}, "Eve a publié une réponse pour tous (Info-Com)."),
    "question.released": ({}, "Eve a rendu une question (Info-Com)."),
    "question.taken": ({}, "Eve a pris une question (Info-Com)."),
    "question.unpublished": ({}, "Eve a retiré une réponse publiée (Info-Com)."),
    "ranking.viewed": ({}, "Eve a ouvert la page de délibération, avec les notes (Info-Com)."),
    "reading.given": ({}, "Eve a donné l’équipe « Les Pixels » à lire à Dan."),
    "readings.assigned": ({"readings": 4}, "Eve a réparti des secondes lectures (Info-Com) : 4."),
    "recusal.made": ({}, "Eve a enregistré le déport de Dan pour l’équipe « Les Pixels »."),
    "recusal.withdrawn": ({}, "Eve a retiré le déport de Dan pour l’équipe « Les Pixels »."),
    "registration.frozen": ({}, "Eve a gelé les inscriptions."),
    "registration.unfrozen": ({}, "Eve a rouvert les inscriptions."),
    "results.published": ({}, "Eve a publié les résultats."),
    "rules.chosen": (
        {"method": "mean", "readings": 3},
        "Eve a choisi les règles du jury (Info-Com) : moyenne simple, 3 lectures.",
    ),
    "screen.released": ({}, "Eve a remis l’écran du département Info-Com avec les autres."),
    "screen.switched": (
        {"scene": "pause"},
        "Eve a mis à l’écran « Pause, écran noir » (Info-Com).",
    ),
    "seal.made": (
        {"moment": "deadline", "digest": DIGEST},
        "Eve a scellé ce qui compte à l’heure limite, empreinte a1b2c3d4.",
    ),
    "search.removed": ({}, "Eve a retiré la ligne de Dan, qui cherche une équipe."),
    "search.written": ({}, "Eve cherche une équipe."),
    "sheet.begun": ({}, "Eve a commencé la fiche de « Les Pixels »."),
    "sheet.finished": ({}, "Eve a terminé la fiche de « Les Pixels »."),
    "sheet.reopened": ({}, "Eve a rouvert la fiche de « Les Pixels »."),
    "sheet.viewed": ({}, "Eve a ouvert la fiche de Dan pour « Les Pixels »."),
    "students.invited": (
        {"n": 12, "which": "never_signed_in"},
        "Eve a invité des étudiants par mail : 12 (jamais connectés).",
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
        "Eve a réuni l’équipe « Les Brefs » avec « Les Pixels ».",
    ),
    "team.registered": ({"name": "Les Pixels"}, "Eve a inscrit l’équipe « Les Pixels »."),
    "team.split": (
        {"name": "Les Brefs", "before": "Les Longs"},
        "Eve a séparé l’équipe « Les Brefs » de « Les Longs ».",
    ),
    "team.visited": ({}, "Eve est en chemin vers l’équipe « Les Pixels », ou en revient."),
    "team_note.deleted": ({}, "Eve a supprimé une note sur l’équipe « Les Pixels »."),
    "team_note.written": ({}, "Eve a écrit une note sur l’équipe « Les Pixels »."),
    "teams.absent": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a noté absentes : Les Brefs, Les Longs.",
    ),
    "teams.completed": ({"created": 12}, "Eve a complété les équipes : 12 places."),
    "teams.present": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a noté présentes : Les Brefs, Les Longs.",
    ),
    "teams.relocated": (
        {"names": ["Les Brefs", "Les Longs"]},
        "Eve a changé la salle, l’étage ou le département : Les Brefs, Les Longs.",
    ),
    "wanted.removed": ({}, "L’équipe « Les Pixels » ne cherche plus de membres (Eve)."),
    "wanted.written": ({}, "Eve cherche des membres pour l’équipe « Les Pixels »."),
    "user.deactivated": ({}, "Eve a désactivé le compte de Dan."),
    "user.invited": ({}, "Eve a invité Dan."),
    "user.reactivated": ({}, "Eve a réactivé le compte de Dan."),
    "user.renamed": ({}, "Eve a changé le nom de Dan."),
    "rehearsal.begun": ({}, "Eve a lancé une petite répétition sur le site."),
    "session.ended": ({}, "Eve a fermé une de ses sessions."),
    "factor.added": ({}, "Eve a ajouté une seconde preuve à son compte."),
    "factor.removed": ({}, "Eve a retiré une seconde preuve de son compte."),
    "factor.renewed": ({}, "Eve a renouvelé ses codes de secours."),
    "university.linked": ({}, "Eve a relié un compte de l’université."),
    "university.unlinked": ({}, "Eve a retiré un compte de l’université."),
    "user.address_changed": ({}, "Eve a changé d’adresse e-mail."),
    "user.deleted": ({}, "Eve a effacé le compte de Dan, à sa demande."),
    "erasure.asked": ({}, "Eve a demandé l’effacement de ses données."),
    "erasure.withdrawn": ({}, "Eve a retiré sa demande d’effacement."),
    "erasure.refused": ({}, "Eve a refusé une demande d’effacement."),
    "anonymisation.planned": (
        {"due_at": NEXT_DAY},
        "Eve a demandé l’anonymisation de l’édition pour le 14 février 2020, 8:00.",
    ),
    "anonymisation.done": (
        {"accounts": 3, "rows": 120},
        "L’édition a été anonymisée. Comptes effacés : 3. Lignes changées ou supprimées : 120.",
    ),
    "user.signed_out": ({}, "Eve a fermé les sessions de Dan."),
    "user.signed_up": ({}, "Eve a créé son compte."),
}


LIVE_MESSAGES = {"team.updated"}


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")


def codes_in_services() -> Iterator[tuple[str, str]]:
    """What is passed to `journal.record`, directly or through a function of the module."""
    for app in ("hackathon", "teams", "submissions", "judging"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text()
            if "journal.record" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Constant) and re.fullmatch(
                    r"[a-z]+(_[a-z]+)*\.[a-z_]+", str(node.value)
                ):
                    yield str(node.value), path.name


@pytest.mark.parametrize("code", sorted(registry.acts))
def test_the_sentence_of_each_act(code: str) -> None:
    detail, expected = CASES[code]
    found = facts(code, detail, target=TARGETS.get(code.partition(".")[0], "x.y:1"))

    with translation.override("fr"):
        assert plain(registry.text(found)) == expected
        assert str(registry.acts[code].label)
    with translation.override("en"):
        assert MISSING not in registry.text(found)


def test_every_code_of_a_service_has_an_act() -> None:
    known = set(registry.acts)

    missing = {code for code, _path in codes_in_services()} - known

    assert missing <= LIVE_MESSAGES
    assert len(known) > 70
