from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class JudgingRefusal(RefusalCode):
    NOT_JUROR = "not_juror", _("Seuls les jurés de ce département notent ses équipes.")
    NOT_PRESIDENT = "not_president", _("Seule la présidence du jury peut faire cela.")
    JUDGING_NOT_OPEN = "judging_not_open", _("La notation ouvre le {opens}.")
    SHEET_FINAL = "sheet_final", _("Cette fiche est terminée. Rouvrez-la pour la modifier.")
    DELIBERATION_LOCKED = (
        "deliberation_locked",
        _("La délibération est verrouillée : plus rien ne change."),
    )
    VALUE_OUT_OF_SCALE = (
        "value_out_of_scale",
        _("La note de « {criterion} » {rule}."),
    )
    MARKS_MISSING = (
        "marks_missing",
        _("Pas encore noté : {criteria}. Notez chaque critère avant de terminer la fiche."),
    )
    SCORING_BEGUN = (
        "scoring_begun",
        _("La notation a commencé : les critères et leurs coefficients ne changent plus."),
    )
    NOMINEE_UNKNOWN = "nominee_unknown", _("Cette équipe n’est pas du département.")
    TEAM_HAS_MARKS = (
        "team_has_marks",
        _("Un jury a déjà ouvert la fiche de « {team} » : elle ne change plus de département."),
    )
    WINNER_NOT_NOMINATED = (
        "winner_not_nominated",
        _("« {team} » n’est pas nommée : nommez-la avant de lui donner un prix."),
    )
    WINNERS_COUNT = (
        "winners_count",
        _("Choisissez de {min} à {max} lauréats : vous en avez {count}."),
    )
    PRIZES_AFTER_HEARING = (
        "prizes_after_hearing",
        _(
            "Le jury décide après avoir entendu les nommés : verrouillez d’abord les nominations,"
            " sans place ni prix spécial."
        ),
    )
    NOMINEES_COUNT = (
        "nominees_count",
        _("Nommez au moins {min} équipes : vous en avez {count}."),
    )
    NOMINEES_LOCKED = (
        "nominees_locked",
        _("Les nominations sont verrouillées : les équipes nommées ne changent plus."),
    )
    NOMINATIONS_FIRST = (
        "nominations_first",
        _("Le jury doit d’abord entendre les nommés : verrouillez les nominations."),
    )
    NO_NOMINATIONS = (
        "no_nominations",
        _("Aucune nomination à verrouiller ici : rechargez la page de délibération."),
    )
    PASSAGES_CLOSED = (
        "passages_closed",
        _(
            "Les passages se notent après le verrouillage des nominations et avant celui de la"
            " décision."
        ),
    )
    PASSAGES_BEGUN = (
        "passages_begun",
        _("Le jury note déjà les passages : leurs critères ne changent plus."),
    )
    JURIES_DELIBERATE = (
        "juries_deliberate",
        _("Les jurys délibèrent encore : {departments}. La cérémonie reprend quand ils ont fini."),
    )
    NO_SHEETS = "no_sheets", _("Aucune fiche terminée : il n’y a rien à délibérer.")
    NO_CRITERIA = (
        "no_criteria",
        _("Ce jury n’a pas encore de critères. Demandez-les à l’organisation."),
    )
    CRITERION_UNKNOWN = ("criterion_unknown", _("Ce critère n’est pas de ce jury."))
    JUROR_IN_TEAM = (
        "juror_in_team",
        _("{name} est membre d’une équipe de ce département et ne peut pas y être juré."),
    )
    JUROR_HAS_MARKS = (
        "juror_has_marks",
        _("{name} a déjà noté des équipes : enregistrez son départ, ses fiches comptent."),
    )
    METHOD_CHOSEN = (
        "method_chosen",
        _(
            "La notation a commencé : la méthode et le seuil ne changent plus. Le nombre de"
            " lectures par équipe peut encore changer."
        ),
    )
    REASON_NEEDED = "reason_needed", _("Écrivez le motif : il est gardé avec votre nom.")
    MARKS_ABOVE_SCALE = (
        "marks_above_scale",
        _("Des notes de « {criterion} » dépassent {scale} : gardez une échelle plus grande."),
    )
    RECUSAL_OF_ORGANIZERS = (
        "recusal_of_organizers",
        _("Ce déport a été saisi par l’organisation : demandez-lui de le retirer."),
    )
    PLAN_BEGUN = (
        "plan_begun",
        _(
            "La notation a commencé : le plan ne se refait plus. Réparez-le : les fiches"
            " commencées restent."
        ),
    )
    PLAN_EMPTY = (
        "plan_empty",
        _("Il faut au moins un juré et une équipe : complétez le jury, puis établissez le plan."),
    )
    NOT_ASSIGNED = (
        "not_assigned",
        _(
            "Cette équipe n’est pas, ou plus, dans votre liste. Ce que vous avez noté reste sur "
            "cet appareil : demandez-la à l’organisation."
        ),
    )
    CHANGED_ELSEWHERE = (
        "changed_elsewhere",
        _(
            "Des notes de cette fiche ont changé sur un autre appareil. Relisez-les, puis terminez "
            "la fiche."
        ),
    )
    CHANGE_UNREADABLE = (
        "change_unreadable",
        _("Ce changement n’est pas lisible par le serveur. Notez à nouveau."),
    )
    FIELD_CONFLICT = (
        "field_conflict",
        _(
            "« {field} » a changé entre-temps sur un autre appareil, en « {value} ». "
            "Choisissez ce qui doit rester."
        ),
    )
    BADGE_UNKNOWN = (
        "badge_unknown",
        _("Ce badge ne s’ouvre pas, ou a été annulé. Demandez-en un autre à l’organisation."),
    )
    BADGE_VOIDED = (
        "badge_voided",
        _("Cette planche a été annulée entre-temps : rechargez la page pour en faire une autre."),
    )
    BADGES_MANY = (
        "badges_many",
        _("{name} a déjà {n} badges valables : cochez pour les annuler, puis imprimez."),
    )
    PIN_WRONG = "pin_wrong", _("Ce n’est pas le code de {name}. Il est écrit sur son badge.")
    PIN_BLOCKED = (
        "pin_blocked",
        _("Trop d’essais pour {name}. Attendez cinq minutes, ou lisez le badge."),
    )
    JUROR_RECUSED = (
        "juror_recused",
        _("{name} s’est déporté de « {team} » : retirez d’abord le déport, s’il n’a plus lieu."),
    )
    DEPARTURE_UNEXPLAINED = (
        "departure_unexplained",
        _("La décision s’écarte du classement. {departure} Écrivez-en le motif."),
    )
    ORDER_NOT_CONFIRMED = (
        "order_not_confirmed",
        _(
            "Par la moyenne simple, l’ordre des équipes serait différent : relisez-le, puis cochez"
            " la case qui le confirme."
        ),
    )
    RANKING_CHANGED = (
        "ranking_changed",
        _(
            "Des fiches ont changé depuis votre décision : relisez le classement, puis enregistrez"
            " la décision à nouveau."
        ),
    )
    NOT_OPEN_TO_SIGN = (
        "not_open_to_sign",
        _("La décision n’est pas ouverte à la signature : attendez que la présidence l’ouvre."),
    )
    DECISION_CHANGED = (
        "decision_changed",
        _("La décision a changé depuis que vous l’avez lue : relisez-la avant de signer."),
    )
    NOT_LOCKED = "not_locked", _("La délibération n’est pas verrouillée : changez-la directement.")
    RESULTS_OUT = (
        "results_out",
        _("Les résultats sont publiés : la délibération ne se rouvre plus."),
    )
    CEREMONY_BEGUN = (
        "ceremony_begun",
        _("La cérémonie a commencé : la délibération ne se rouvre plus."),
    )
    REOPENING_REASON = (
        "reopening_reason",
        _("Écrivez pourquoi le jury se réunit à nouveau : le procès-verbal le dira."),
    )
    LEADER_ALONE = (
        "leader_alone",
        _("Une seule équipe est en tête : aucune seconde lecture n’est nécessaire."),
    )
    NO_NEW_READERS = (
        "no_new_readers",
        _(
            "Plus aucun juré nouveau pour ces équipes : déclarez-les ex æquo, ou motivez votre"
            " choix."
        ),
    )
    READINGS_CHANGED = (
        "readings_changed",
        _("Le jury ou le groupe de tête a changé : relisez la nouvelle proposition."),
    )
    CEREMONY_RUNNING = (
        "ceremony_running",
        _("La vraie cérémonie est en cours. Arrêtez-la d’abord si elle doit recommencer."),
    )
    NO_CEREMONY = "no_ceremony", _("Aucune cérémonie n’est en cours : démarrez-la d’abord.")
    CEREMONY_OUTDATED = (
        "ceremony_outdated",
        _("Une délibération a changé depuis la dernière étape. Arrêtez, puis recommencez."),
    )
    MESSAGE_SHOWN = (
        "message_shown",
        _("Les écrans montrent cette étape de la cérémonie : passez à la suivante."),
    )
    CEREMONY_UNFINISHED = (
        "ceremony_unfinished",
        _("La cérémonie n’est pas finie : allez jusqu’à la dernière image, ou arrêtez-la."),
    )
    DELIBERATIONS_OPEN = (
        "deliberations_open",
        _(
            "Il manque des délibérations : {departments}. "
            "Publiez quand chaque jury a verrouillé la sienne."
        ),
    )
    HELD_BACK_DECIDED = (
        "held_back_decided",
        _("Le jury {department} a décidé : ses résultats paraissent avec les autres."),
    )
    HELD_BACK_ALL = (
        "held_back_all",
        _("Sans {department}, il ne resterait aucun résultat à publier."),
    )
    PUBLICATION_CHANGED = (
        "publication_changed",
        _("Ce que cette page annonçait a changé entre-temps : relisez-la, puis recommencez."),
    )
