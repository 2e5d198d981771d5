from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class ImportRefusal(RefusalCode):
    # Of the file
    UNREADABLE = (
        "unreadable",
        _("Ce fichier n’est pas un tableau lisible. Enregistrez-le en XLSX, ODS ou CSV (UTF-8)."),
    )
    FILE_MISSING = "file_missing", _("Le fichier « {file} » ne s’ouvre pas.")
    EDITION_UNKNOWN = "edition_unknown", _("Cette édition n’existe pas.")
    LOCKED = "locked", _("Ce classeur a un mot de passe. Enregistrez-le sans, puis recommencez.")
    TOO_LARGE = "too_large", _("Ce fichier est trop grand : {max} au plus.")
    TOO_HEAVY = (
        "too_heavy",
        _(
            "Ce fichier n’a pas pu être lu : il est abîmé, ou trop lourd. "
            "Copiez ses cellules dans un nouveau classeur, enregistrez-le, puis recommencez."
        ),
    )
    BUSY = "busy", _("D’autres fichiers sont en cours de lecture. Recommencez dans une minute.")
    TOO_MANY_ROWS = "too_many_rows", _("{rows} lignes, c’est trop pour une fois : {max} au plus.")
    TOO_MANY_PEOPLE = (
        "too_many_people",
        _("Jusqu’à cette ligne, il y a plus de {max} membres : c’est trop pour une fois."),
    )
    QUOTE_OPEN = (
        "quote_open",
        _("Un guillemet ouvert n’est jamais fermé, ou est mal placé. Corrigez cette ligne."),
    )
    SHEET_UNKNOWN = "sheet_unknown", _("Il n’y a pas de feuille « {sheet} » dans ce classeur.")
    NO_ROWS = "no_rows", _("Il n’y a aucune ligne sous les titres.")
    # Of the columns
    COLUMN_MISSING = (
        "column_missing",
        _("Aucune colonne ne donne : {wanted}. Ajoutez-la, ou dites quelle colonne c’est."),
    )
    COLUMN_UNKNOWN = "column_unknown", _("Il n’y a pas de colonne « {column} » dans ce tableau.")
    FIELD_UNKNOWN = (
        "field_unknown",
        _("« {field} » n’est rien que l’on sache importer. Choisissez parmi : {fields}."),
    )
    # Of one row
    VALUE_MISSING = "value_missing", _("Cette case est vide. Elle doit donner : {wanted}.")
    EMAIL_INVALID = "email_invalid", _("« {value} » n’est pas une adresse e-mail. Corrigez-la.")
    EMAIL_SEVERAL = "email_several", _("« {value} » : il y a deux adresses. Gardez-en une.")
    DAMAGED = (
        "damaged",
        _("« {value} » a des lettres abîmées. Corrigez-les, ou exportez de nouveau, en UTF-8."),
    )
    NUMBER_ROUNDED = (
        "number_rounded",
        _("« {value} » a été arrondi par un tableur. Exportez de nouveau, avec du texte ici."),
    )
    FLOOR_INVALID = (
        "floor_invalid",
        _("« {value} » n’est pas un étage. Écrivez un nombre, 0 pour le rez-de-chaussée."),
    )
    YES_NO_INVALID = "yes_no_invalid", _("« {value} » n’est ni oui ni non.")
    KIND_INVALID = (
        "kind_invalid",
        _("« {value} » n’est pas une qualité de juré. Écrivez « enseignant » ou « client »."),
    )
    TOO_LONG = "too_long", _("« {value} » est trop long : {max} caractères au plus.")
    DEPARTMENT_UNKNOWN = (
        "department_unknown",
        _("« {value} » n’est pas un département de l’édition. Écrivez l’un de ceux-ci : {known}."),
    )
    DEPARTMENT_MISSING = (
        "department_missing",
        _(
            "De quel département ? Écrivez-le dans une colonne « département » ({known}), "
            "ou choisissez-en un pour tout le fichier."
        ),
    )
    # Between rows, and with what is known
    CONFLICT = (
        "conflict",
        _("« {value} », mais la ligne {row} dit « {other} ». Gardez une seule des deux valeurs."),
    )
    EMAIL_TWICE = (
        "email_twice",
        _("Cette adresse est déjà à la ligne {row}, pour {person}. Chacun doit avoir la sienne."),
    )
    EMAIL_TAKEN = (
        "email_taken",
        _("{email} est l’adresse de {person}, qui n’a pas ce numéro. Corrigez l’un ou l’autre."),
    )
    ACCOUNT_INACTIVE = "account_inactive", _("Le compte {email} est désactivé.")
    PERSON_UNKNOWN = (
        "person_unknown",
        _(
            "Personne n’est connu ici comme « {value} ». "
            "Ajoutez son adresse e-mail, ou importez d’abord les étudiants ; "
            "si cette personne a quitté la formation, retirez la ligne."
        ),
    )
    NAME_AMBIGUOUS = (
        "name_ambiguous",
        _(
            "On ne sait pas qui est {value} : quelqu’un d’autre porte peut-être ce nom. "
            "Répondez sous « Une ou deux personnes ? », ou ajoutez l’adresse e-mail."
        ),
    )
    DEPARTMENT_CHANGES = (
        "department_changes",
        _("{person} est du département {before}, et passerait à {after}."),
    )
    TEAM_UNKNOWN = (
        "team_unknown",
        _("Aucune équipe ne s’appelle « {value} ». Corrigez son nom, ou importez-la d’abord."),
    )
    TEAM_ELSEWHERE = (
        "team_elsewhere",
        _("L’équipe « {team} » est du département {department}. Corrigez l’un ou l’autre."),
    )
    TEAM_FULL = "team_full", _("L’équipe « {team} » aurait trop de membres : {max} au plus.")
    TWO_CAPTAINS = (
        "two_captains",
        _("L’équipe « {team} » aurait deux capitaines : voyez la ligne {row}. Gardez-en un."),
    )
    ROWS_OF_ONE = (
        "rows_of_one",
        _("Cette personne est déjà sur {max} lignes, depuis la ligne {row} : gardez-en une."),
    )
    # Of the whole
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        _("Ce qui sera fait a changé. Relisez l’aperçu, puis importez."),
    )
    ACTED_ON = (
        "acted_on",
        _("On ne peut plus annuler : depuis, quelqu’un s’en est servi ({what})."),
    )
    ALREADY_UNDONE = "already_undone", _("C’est déjà annulé.")
