"""The acts of all other apps: what is recorded, and the sentence."""

from typing import Any

UNTIL = "2020-02-13T22:00:00+00:00"
LATER = "2020-02-13T22:10:00+00:00"
NEXT_DAY = "2020-02-14T07:00:00+00:00"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "administrator.made": ({}, "Dan administre le site."),
    "token.created": (
        {"name": "robot", "scopes": ["read", "announce"], "expires_at": NEXT_DAY},
        (
            "Eve a créé pour Dan le jeton d’API « robot » (Lire tout ce que je peux lire,"
            " Annoncer), valable jusqu’au 14 février 2020, 8:00."
        ),
    ),
    "token.revoked": ({"name": "robot"}, "Eve a révoqué le jeton d’API « robot » de Dan."),
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
    "brief.attached": ({}, "Eve a joint une pièce au sujet du département Info-Com."),
    "brief.detached": ({}, "Eve a retiré une pièce du sujet du département Info-Com."),
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
    "day.moved": (
        {"n": 12, "changes": {"starts_at": [UNTIL, LATER]}},
        "Eve a décalé toute la journée : 12 heures, lancement de 23:00 à 23:10.",
    ),
    "edition.options_chosen": (
        {"on": ["gone"], "off": []},
        "Eve a choisi les options (activé : gone).",
    ),
    "edition.picture": (
        {"kind": "logo", "digest": "1b4f9c"},
        "Eve a changé le logo ou la signature de l’édition.",
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
    "entry_code.mailed": (
        {},
        "Un code d’entrée a été envoyé à Dan, après trop d’essais de connexion.",
    ),
    "entry_code.used": ({}, "Eve a utilisé un code d’entrée."),
    "import.applied": (
        {"kind": "students", "created": 3, "updated": 1},
        "Eve a importé une liste (étudiants) ; nouvelles : 3, modifiées : 1.",
    ),
    "import.undone": ({"kind": "rooms"}, "Eve a annulé l’importation d’une liste (salles)."),
    "installation.made": ({}, "Eve a installé le site."),
    "mails.sent_again": ({"n": 3}, "Eve a renvoyé des e-mails qui n’étaient pas partis : 3."),
    "milestone.added": (
        {"label": "Pizzas", "milestone_at": UNTIL},
        "Eve a ajouté l’étape « Pizzas », 23:00.",
    ),
    "milestone.changed": (
        {"label": "Pizzas", "changes": {"at": [UNTIL, NEXT_DAY]}},
        "Eve a modifié l’étape « Pizzas » : heure 23:00 → 14 février 2020, 8:00.",
    ),
    "legal_notice.updated": (
        {"changes": {"host": ["", "Hébergeur"]}},
        "Eve a modifié les mentions légales du site : hébergeur vide → Hébergeur.",
    ),
    "client.document_added": ({}, "Eve a ajouté un document du client."),
    "client.document_removed": ({}, "Eve a retiré un document du client."),
    "client.written": ({}, "Eve a modifié la page du client."),
    "partner.added": ({"name": "Ville"}, "Eve a ajouté le partenaire « Ville »."),
    "partner.changed": ({"name": "Ville"}, "Eve a modifié le partenaire « Ville »."),
    "partner.removed": ({"name": "Ville"}, "Eve a retiré le partenaire « Ville »."),
    "milestone.deleted": ({"label": "Pizzas"}, "Eve a supprimé l’étape « Pizzas »."),
    "milestone.reached": ({"notice": "one_hour"}, "Eve a rappelé l’heure : plus qu’une heure."),
    "move.undone": (
        {"changes": {"deadline_at": [LATER, UNTIL]}},
        "Eve a annulé un déplacement d’heure : heure limite 23:10 → 23:00.",
    ),
    "organizer.added": ({}, "Eve a ajouté Dan à l’organisation."),
    "organizer.removed": ({}, "Eve a retiré Dan de l’organisation."),
    "colleague.added": (
        {"role": "reader"},
        "Eve a donné ce rôle à Dan : lit tout, ne change rien.",
    ),
    "needs.forgotten": (
        {"count": 3},
        "Les besoins alimentaires de l’édition sont effacés (3).",
    ),
    "phone.changed": ({}, "Eve a donné son numéro de téléphone à l’organisation."),
    "phone.removed": ({}, "Eve a effacé son numéro de téléphone."),
    "question.answered": ({}, "Eve a répondu à une question (Info-Com)."),
    "question.asked": ({}, "Eve a posé une question (Info-Com)."),
    "question.closed": ({}, "Eve a clos une question (Info-Com)."),
    "question.published": ({"to": "everyone"}, "Eve a publié une réponse pour tous (Info-Com)."),
    "question.released": ({}, "Eve a rendu une question (Info-Com)."),
    "question.taken": ({}, "Eve a pris une question (Info-Com)."),
    "question.unpublished": ({}, "Eve a retiré une réponse publiée (Info-Com)."),
    "registration.frozen": ({}, "Eve a gelé les inscriptions."),
    "registration.unfrozen": ({}, "Eve a rouvert les inscriptions."),
    "results.published": ({}, "Eve a publié les résultats."),
    "results.held_back": ({}, "Eve garde les résultats pour plus tard (Info-Com)."),
    "results.taken_back": ({}, "Eve publiera les résultats avec les autres (Info-Com)."),
    "results.published_later": ({}, "Eve a publié les résultats, après les autres (Info-Com)."),
    "projector.added": ({"name": "Amphi Est"}, "Eve a ajouté le projecteur « Amphi Est »."),
    "projector.changed": (
        {"name": "Amphi Est", "changes": {"room": ["", "Amphi 1"]}},
        "Eve a modifié le projecteur « Amphi Est » : salle vide → Amphi 1.",
    ),
    "projector.renewed": (
        {"name": "Amphi Est"},
        "Eve a donné de nouvelles adresses au projecteur « Amphi Est ».",
    ),
    "projector.removed": ({"name": "Amphi Est"}, "Eve a retiré le projecteur « Amphi Est »."),
    "screen.released": ({}, "Eve a remis l’écran du département Info-Com avec les autres."),
    "screen.switched": (
        {"scene": "pause"},
        "Eve a mis à l’écran « Pause, écran noir » (Info-Com).",
    ),
    "teams.completed": ({"created": 12}, "Eve a complété les équipes : 12 places."),
    "user.deactivated": ({}, "Eve a désactivé le compte de Dan."),
    "user.invited": ({}, "Eve a invité Dan."),
    "user.reactivated": ({}, "Eve a réactivé le compte de Dan."),
    "user.renamed": ({}, "Eve a changé le nom de Dan."),
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
    "account.expired": ({}, "Un compte d’aucune édition, inutilisé depuis un an, a été effacé."),
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
