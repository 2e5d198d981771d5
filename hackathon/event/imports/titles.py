"""The titles that schools give to columns, in their normal form: see `headers.normal`."""

import re

from hackathon.event.imports.enums import Field, ImportKind

# Of two columns with one field, the earlier title of this list is read first.
TITLES: dict[Field, tuple[str, ...]] = {
    Field.EMAIL: (
        "mail", "email", "e mail", "courriel", "mel", "adresse de courriel", "adresse courriel",
        "adresse e mail", "adresse email", "adresse mail", "adresse electronique", "adr mail",
        "email address", "courrier electronique", "messagerie", "couriel",
    ),
    Field.NUMBER: (
        "code nip", "nip", "numero etudiant", "n etudiant", "no etudiant", "num etudiant",
        "numetudiant", "numero d etudiant", "code etudiant", "cod etu", "code etu", "num etu",
        "numero etu", "n etu", "codeetudiant", "student number", "student id", "idnumber",
        "id number", "apol a01 code", "code apogee", "numero apogee", "n apogee", "matricule",
        "numero d identification", "numero d inscription", "etudid",
    ),
    Field.FULL_NAME: (
        "nom prenom", "nom et prenom", "nom prenoms", "noms prenoms", "noms et prenoms",
        "nom complet", "nomprenom", "identite", "etudiant", "etudiante", "etudiant e",
        "nom etudiant", "prenom nom", "prenom et nom", "full name", "fullname", "name",
        "display name", "personne", "jure", "juree", "nom du jure", "intervenant", "enseignant",
        "participant", "eleve", "eleves", "nom de l eleve", "apprenant",
    ),
    Field.LAST_NAME: (
        "nom d usage", "nom usage", "nom usuel", "lib nom usu ind", "nom affiche", "nom",
        "nom de famille", "noms",
        "apol a02 nom", "last name", "lastname", "surname", "nom de l etudiant", "nom patronymique",
        "patronyme", "nom de naissance", "nom etu", "lib nom pat ind",
    ),
    Field.FIRST_NAME: (
        "prenom d usage", "prenom usuel", "prenom", "prenoms", "apol a03 prenom", "first name",
        "firstname", "given name", "prenom de l etudiant", "prenom etudiant", "prenom etu",
        "lib pr1 ind",
    ),
    Field.STATE: ("etat", "etat inscription", "etat de l inscription", "statut inscription"),
    Field.DEPARTMENT: (
        "departement", "dept", "dpt", "dep", "departement iut", "code departement",
        "departement d etudes", "department", "departement formation", "specialite",
    ),
    Field.PROGRAMME: (
        "formation", "parcours", "etape", "filiere", "diplome", "semestre", "annee", "promotion",
        "promo", "option", "niveau", "lib etp", "cod etp", "code etape", "annee d etude", "mention",
    ),
    Field.GROUP: (
        "groupe", "groupes", "td", "tp", "grp", "gr", "gpe", "group", "semestre groupe", "classe",
        "section",
    ),
    Field.TEAM: (
        "equipe", "nom de l equipe", "nom equipe", "nom d equipe", "team", "team name", "equipes",
        "libelle equipe", "equipe ccd", "equipe projet",
    ),
    Field.PROJECT: ("projet", "titre du projet", "titre projet", "nom du projet", "project"),
    Field.ROOM: (
        "salle", "salles", "salle equipe", "salle de travail", "bureau", "local", "room", "lieu",
        "nom de la salle", "nom salle", "numero de salle", "n salle", "code salle", "emplacement",
    ),
    Field.FLOOR: ("etage", "niveau etage", "floor", "etages", "etage salle"),
    Field.CAPTAIN: (
        "capitaine", "capitain", "chef", "cheffe", "chef d equipe", "responsable", "captain",
        "capitaine equipe", "referent", "chef de projet", "responsable equipe",
    ),
    Field.MEMBERS: (
        "membres", "membre", "equipiers", "equipier", "coequipiers", "coequipier", "members",
        "participants", "composition", "liste des membres", "etudiants",
    ),
    Field.KIND: (
        "qualite", "type", "role", "fonction", "nature", "kind", "statut", "categorie", "profil",
        "type de jure",
    ),
    Field.PRESIDENT: (
        "president", "presidente", "president e", "presidence", "preside", "preside le jury",
        "president du jury", "president jury", "presidence du jury", "est president",
    ),
}  # fmt: skip
# Titles that mean something else in one kind of import.
BY_KIND: dict[ImportKind, dict[str, Field]] = {
    ImportKind.JURORS: {
        "jury": Field.DEPARTMENT, "jurys": Field.DEPARTMENT, "jury de": Field.DEPARTMENT,
        "departements": Field.DEPARTMENT, "formation": Field.DEPARTMENT,
        "specialite": Field.DEPARTMENT, "participants": Field.FULL_NAME,
    },
    ImportKind.STUDENTS: {"etudiants": Field.FULL_NAME, "participants": Field.FULL_NAME},
    ImportKind.TEAMS: {"role": Field.CAPTAIN, "fonction": Field.CAPTAIN, "sujet": Field.PROJECT},
    ImportKind.ROOMS: {"niveau": Field.FLOOR, "nom": Field.ROOM},
}  # fmt: skip
# If no column is for the team, one with such a title has its name.
TEAM_NAMES = ("nom", "groupe", "name", "libelle", "nom du groupe", "intitule", "groupe projet")
FIELDS_OF: dict[ImportKind, frozenset[Field]] = {
    ImportKind.JURORS: frozenset(
        {
            *(Field.EMAIL, Field.FULL_NAME, Field.LAST_NAME, Field.FIRST_NAME),
            *(Field.DEPARTMENT, Field.KIND, Field.PRESIDENT),
        }
    ),
    ImportKind.ROOMS: frozenset({Field.TEAM, Field.ROOM, Field.FLOOR}),
    ImportKind.STUDENTS: frozenset(Field) - {Field.KIND, Field.PRESIDENT, Field.MEMBERS},
    ImportKind.TEAMS: frozenset(Field) - {Field.KIND, Field.PRESIDENT},
}
MAILS = frozenset({"mail", "email", "courriel", "mel", "mails", "electronique", "messagerie"})
CAPTAINS = frozenset({"capitaine", "captain", "chef", "cheffe", "responsable", "referent"})
# In titles of columns whose address must not be used: private, parents, company.
WORDS_OF_OTHER_ADDRESSES = frozenset(
    {"perso", "personnel", "personnelle", "prive", "parent", "parents", "pere", "mere", "tuteur",
     "maitre", "entreprise", "secours", "emailperso", "mailperso", "legal"}
)  # fmt: skip
# Of one member: « Mail 1 », « Nom du 2e membre », « Membre n° 3 (facultatif) ».
MEMBERS = frozenset(
    {"membre", "equipier", "equipiere", "coequipier", "coequipiere", "etudiant", "etudiante",
     "participant", "participante", "personne", "eleve", "joueur", "joueuse"}
)  # fmt: skip
MEMBER_NOUNS = MAILS | MEMBERS | frozenset({"nom", "prenom", "adresse"})
MEMBER_WORDS = MEMBER_NOUNS | frozenset(
    {"e", "ere", "du", "de", "d", "la", "l", "et", "si", "facultatif", "facultative", "optionnel",
     "optionnelle", "universitaire", "academique", "institutionnel", "iut", "ul"}
)  # fmt: skip
SENSITIVE = re.compile(
    r"\b(naissance|nais|nee?|date nais|nationalites?|nationality|bours\w*|\w*domicile|dom"
    r"|adresse|adr|code postal|cp|ville|commune|pays|rue|bac|baccalaureat|telephone\w*|tel|portable"
    r"|mobile|phone|sexe|genre|gender|civ|civilite|handicap\w*|sante|rqth|amenagement\w*"
    r"|tiers temps|notes?|moyennes?|rang|moy|absences?|paiement|annotations?|ine|code ine|insee"
    r"|emailperso|personnel|perso|religion|situation|csp|age|fichiers|finalisation|photo|fax"
    r"|\w*lycee|type admission|debouche|inscriptionstr|codeparcours)\b"
)
# Cells about the place of a juror in the jury, in their normal form.
PRESIDENT = re.compile(r"(?<!vice )\b(presidente?|presidence|preside|presidt)\b")
MEMBER_OF_JURY = re.compile(
    r"\b(membres?|juree?s?|assesseure?s?|rapporteure?s?|secretaires?|suppleante?s?"
    r"|vice presidente?)\b"
)
KNOWN: dict[str, Field] = {title: field for field, titles in TITLES.items() for title in titles}
PRIORITY: dict[str, int] = {
    title: position for titles in TITLES.values() for position, title in enumerate(titles)
}
