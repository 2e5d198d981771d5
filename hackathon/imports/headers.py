"""What the columns of a table mean, from their titles. Titles are compared in lower case, without
accents and punctuation.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hackathon.imports.enums import ColumnReason, Field, ImportKind

APOGEE_VALUES = "XX-APO_VALEURS-XX"
TITLE_ROWS = 30  # a header is searched in this many rows

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
        "apol a01 code", "code apogee", "numero apogee", "n apogee", "matricule",
        "numero d identification", "numero d inscription", "etudid",
    ),
    Field.FULL_NAME: (
        "nom prenom", "nom et prenom", "nom prenoms", "noms prenoms", "noms et prenoms",
        "nom complet", "nomprenom", "identite", "etudiant", "etudiante", "etudiant e",
        "nom etudiant", "prenom nom", "prenom et nom", "full name", "fullname", "name",
        "display name", "personne", "jure", "juree", "nom du jure", "intervenant", "enseignant",
        "participant",
    ),
    Field.LAST_NAME: (
        "nom d usage", "nom usage", "nom usuel", "nom affiche", "nom", "nom de famille", "noms",
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
        "departement", "dept", "dep", "departement iut", "code departement", "departement d etudes",
        "department", "departement formation", "specialite",
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
    ImportKind.TEAMS: {"role": Field.CAPTAIN, "fonction": Field.CAPTAIN, "sujet": Field.PROJECT},
    ImportKind.ROOMS: {"niveau": Field.FLOOR},
}  # fmt: skip
# Without a column for the team these are its name.
TEAM_NAMES = ("nom", "groupe", "name", "libelle", "nom du groupe", "intitule", "groupe projet")
USED: dict[ImportKind, frozenset[Field]] = {
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
OTHERS = frozenset(  # whose addresses are not the student's own for this
    {"perso", "personnel", "personnelle", "prive", "parent", "parents", "pere", "mere", "tuteur",
     "maitre", "entreprise", "secours", "emailperso", "mailperso", "legal"}
)  # fmt: skip
SENSITIVE = re.compile(
    r"\b(naissance|nais|nee?|date nais|nationalites?|nationality|bours\w*|bourse|domicile|dom"
    r"|adresse|adr|code postal|cp|ville|commune|pays|rue|bac|baccalaureat|telephone|tel|portable"
    r"|mobile|phone|sexe|genre|gender|civ|civilite|handicap\w*|sante|rqth|amenagement\w*"
    r"|tiers temps|notes?|moyennes?|rang|moy|absences?|paiement|annotations?|ine|code ine|insee"
    r"|emailperso|personnel|perso|religion|situation|csp|age|fichiers|finalisation|photo)\b"
)
# Titles that say what they are only with the cells below.
NUMBERS = frozenset({"n", "no", "num", "numero", "code", "id", "identifiant"})
ADDRESSES = frozenset({"adresse", "adr", "contact", "identifiant", "login"})


@lru_cache(maxsize=8192)
def normal(title: str) -> str:
    """« N° étudiant » is "n etudiant"."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\((?:s|e|es)\)", "", title))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


KNOWN: dict[str, Field] = {title: field for field, titles in TITLES.items() for title in titles}
PRIORITY: dict[str, int] = {
    title: position for titles in TITLES.values() for position, title in enumerate(titles)
}


@dataclass(frozen=True)
class Column:
    index: int
    title: str  # as in the file; the letter of the column if that is empty
    field: Field | None
    reason: ColumnReason

    @property
    def is_left_out(self) -> bool:
        return self.field in (None, Field.IGNORED) and self.reason is not ColumnReason.EMPTY


@dataclass(frozen=True)
class Columns:
    header: int  # index of the row of the titles; -1 if the table has none
    all: tuple[Column, ...]

    def of(self, field: Field) -> list[Column]:
        """In the order in which they are read."""
        found = [column for column in self.all if column.field is field]
        mapped = ColumnReason.MAPPED
        return sorted(
            found, key=lambda c: (c.reason is not mapped, PRIORITY.get(normal(c.title), 99))
        )

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.all)

    def title(self, *fields: Field) -> str:
        """The title of the first column with one of these fields; empty if there is none."""
        return next((c.title for field in fields for c in self.of(field)), "")


def field_of(title: str, kind: ImportKind) -> tuple[Field | None, ColumnReason]:
    name = normal(title)
    words = frozenset(name.split())
    if field := BY_KIND.get(kind, {}).get(name) or KNOWN.get(name):
        if field in USED[kind]:
            return field, ColumnReason.KNOWN
        return Field.IGNORED, ColumnReason.IGNORED
    if words & MAILS:
        if words & OTHERS:
            return Field.IGNORED, ColumnReason.SENSITIVE
        field = Field.CAPTAIN if words & CAPTAINS and kind is ImportKind.TEAMS else Field.EMAIL
        return field, ColumnReason.KNOWN
    if SENSITIVE.search(name):
        return Field.IGNORED, ColumnReason.SENSITIVE
    field = _likely(name, words)
    if field in USED[kind]:
        return field, ColumnReason.KNOWN
    return None, ColumnReason.UNKNOWN


def _likely(name: str, words: frozenset[str]) -> Field | None:
    if re.fullmatch(r"(membre|equipier|etudiant|participant|coequipier) ?\d+", name):
        return Field.MEMBERS
    if re.fullmatch(r"(groupe?s?|grp|gr|td|tp|g) ?\w{1,4}", name) or words & {"groupe", "td", "tp"}:
        return Field.GROUP
    if words & {"capitaine", "captain"}:
        return Field.CAPTAIN
    if words & {"equipe", "team"} and not words & CAPTAINS:
        return Field.TEAM
    if words & {"parcours", "formation", "etape"}:
        return Field.PROGRAMME
    return None


def field_named(name: str) -> Field | None:
    """A field by its value (`email`), its label or a title that is known (`Mail`)."""
    wanted = normal(name)
    if wanted in NUMBERS:
        return Field.NUMBER
    if wanted in ADDRESSES:
        return Field.EMAIL
    if wanted in ("", "ignore", "ignorer", "rien", "aucun"):
        return Field.IGNORED if wanted else None
    for field in Field:
        if wanted in (normal(field.value), normal(str(field.label))):
            return field
    return KNOWN.get(wanted)


def header_row(
    rows: Sequence[Sequence[str]], kind: ImportKind, mapping: Mapping[str, Field] | None = None
) -> int:
    """The first row with the most known titles, or else the first one. -1 if that has addresses:
    the table has no titles.
    """
    for index, row in enumerate(rows[:-1]):
        if row and row[0].strip() == APOGEE_VALUES:
            return index + 1
    best, most = -1, 0
    for index, row in enumerate(rows[:TITLE_ROWS]):
        count = known_titles(row, kind, mapping or {})
        if count > most:
            best, most = index, count
    if best < 0:
        best = next((index for index, row in enumerate(rows) if any(row)), -1)
        return -1 if best >= 0 and any("@" in cell for cell in rows[best]) else best
    return best


def known_titles(row: Sequence[str], kind: ImportKind, mapping: Mapping[str, Field]) -> int:
    return sum(_is_title(cell, kind) or normal(cell) in mapping for cell in row if cell)


def _is_title(cell: str, kind: ImportKind) -> bool:
    if not cell.strip() or len(cell) > 60 or "@" in cell:
        return False
    return field_of(cell, kind)[1] is not ColumnReason.UNKNOWN


def columns_of(
    rows: Sequence[Sequence[str]], kind: ImportKind, mapping: Mapping[str, Field] | None = None
) -> Columns:
    """`mapping`: fields by normal title, given by hand."""
    width = max((len(row) for row in rows), default=0)
    header = header_row(rows, kind, mapping)
    titles = list(rows[header]) if header >= 0 else []
    titles += [""] * (width - len(titles))
    cells = [
        [row[index].strip() for row in rows[header + 1 :] if index < len(row)]
        for index in range(width)
    ]
    found = [
        _column(index, titles[index], cells[index], kind, mapping or {}) for index in range(width)
    ]
    found = _with_team_name(found, kind)
    found = _with_partitions(found, kind)
    found = _with_contents(found, cells, kind)
    if header < 0:
        found = _without_titles(found, cells, kind)
    return Columns(header, tuple(found))


def _column(
    index: int, title: str, cells: Sequence[str], kind: ImportKind, mapping: Mapping[str, Field]
) -> Column:
    title = " ".join(title.split())
    if not title and not any(cells):
        return Column(index, "", None, ColumnReason.EMPTY)
    title = title or letter(index)
    if (chosen := mapping.get(normal(title))) is not None:
        return Column(index, title, chosen, ColumnReason.MAPPED)
    return Column(index, title, *field_of(title, kind))


def _with_team_name(columns: list[Column], kind: ImportKind) -> list[Column]:
    """In a list of teams « nom » is the team if no other column is; in one of rooms, the room."""
    fields = {column.field for column in columns}
    if kind not in (ImportKind.TEAMS, ImportKind.ROOMS) or Field.TEAM in fields:
        return columns
    missing = Field.ROOM if kind is ImportKind.ROOMS and Field.ROOM not in fields else Field.TEAM
    for name in TEAM_NAMES:
        if name == "nom" and Field.FIRST_NAME in fields:
            continue
        for column in columns:
            if normal(column.title) == name and column.reason is not ColumnReason.MAPPED:
                named = replace(column, field=missing, reason=ColumnReason.KNOWN)
                return [named if c is column else c for c in columns]
    return columns


def _with_partitions(columns: list[Column], kind: ImportKind) -> list[Column]:
    """In a group file of ScoDoc each partition of the students is a column with its name."""
    titles = {normal(column.title) for column in columns}
    if kind is not ImportKind.STUDENTS or not titles & {"etat", "etudid"}:
        return columns
    return [
        replace(c, field=Field.GROUP, reason=ColumnReason.KNOWN)
        if c.reason is ColumnReason.UNKNOWN
        else c
        for c in columns
    ]


def _with_contents(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """Columns that are known by their cells: numbers of students, and addresses."""
    found = list(columns)
    for field, titles, matches in (
        (Field.NUMBER, NUMBERS, _are_numbers),
        (Field.EMAIL, ADDRESSES, _are_addresses),
    ):
        if field not in USED[kind] or any(column.field is field for column in found):
            continue
        for column in found:
            unknown = column.reason is ColumnReason.UNKNOWN and field is Field.EMAIL
            likely = unknown or normal(column.title) in titles
            mapped = column.reason is ColumnReason.MAPPED
            if likely and not mapped and matches(cells[column.index]):
                found[column.index] = replace(column, field=field, reason=ColumnReason.KNOWN)
                break
    return found


def _without_titles(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """Beside the addresses: names, in one column or two, or the groups of a file for Moodle."""
    if not any(column.field is Field.EMAIL for column in columns):
        return columns
    unknown = [c for c in columns if c.reason is ColumnReason.UNKNOWN]
    named = [c for c in unknown if _are_names(cells[c.index])][:2]
    fields = [Field.FULL_NAME]
    if len(named) == 2:
        fields = [Field.LAST_NAME, Field.FIRST_NAME]
        if _are_capitals(cells[named[1].index]) and not _are_capitals(cells[named[0].index]):
            fields.reverse()
    elif not named and len(unknown) == 1 and kind is ImportKind.STUDENTS:
        named, fields = unknown, [Field.GROUP]
    found = {column.index: field for column, field in zip(named, fields, strict=False)}
    return [
        replace(c, field=found[c.index], reason=ColumnReason.KNOWN) if c.index in found else c
        for c in columns
    ]


def _are_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    names = [cell for cell in filled if re.fullmatch(r"[^\W\d_]{2,}(?:[ '’.-]+[^\W\d_]+)*", cell)]
    return 2 * len(names) > len(filled)


def _are_capitals(cells: Sequence[str]) -> bool:
    return sum(cell.isupper() for cell in cells) > len([cell for cell in cells if cell]) / 2


def _are_numbers(cells: Sequence[str]) -> bool:
    """A column that counts the rows is none."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"[A-Za-z]?\d{5,}(?:\.0+)?", cell) for cell in filled)


def _are_addresses(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum("@" in cell for cell in filled) > len(filled)


def letter(index: int) -> str:
    """The letter of a spreadsheet's column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
