"""Invented decisions and teams: a rehearsal must not depend on what the juries decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from judging.ceremony.steps import DepartmentDecision, Key

# Realistic lengths and characters, to test the layout.
TEAMS = (
    ("Les Veilleuses", "Un phare pour les circuits courts"),
    ("Turbine à rêves", "Le marché qui vient à vous"),
    ("Nuit blanche", "Une épicerie sans murs"),
    ("Les 7 paresseux & Cie", "Livrer sans courir"),
    ("404 pas trouvé", "Chercher son producteur"),
    ("L’Équipe dont le nom est vraiment très long", "Des paniers, des gens et des kilomètres"),
    ("Court-circuit", "De la ferme au campus"),
    ("Grain de folie", "Le vrac, en vrai"),
    ("Les Lampions", "Une fête par saison"),
    ("Point-virgule", "Le catalogue raisonné du bon goût"),
    ("Zéro pointé", "Le jeu des étiquettes"),
    ("Bis repetita", "La deuxième vie des bocaux"),
    ("Les Cartographes", "Qui produit quoi, et où"),
    ("Sel et poivre", "Une recette, un producteur"),
    ("Rond-point", "Le camion qui tourne"),
    ("Demi-tour", "Consigné, rapporté, rempli"),
    ("Les Insomniaques", "La supérette de minuit"),
    ("Pomme Z", "Revenir en arrière, manger mieux"),
    ("Feu vert", "L’application qui dit non"),
    ("Alinéa", "Le journal du marché"),
)
MEMBERS = (
    "Alix Essai",
    "Bao Exemple",
    "Camille Répétition",
    "Dominique Maquette",
    "Eden Brouillon",
    "Farah Modèle",
    "Gwen Esquisse",
    "Hippolyte Échantillon",
)
# Numbers of winners by place. Departments use the patterns in turn.
PATTERNS: tuple[Mapping[int, int], ...] = ({1: 1, 2: 1}, {1: 2}, {1: 1, 2: 1, 3: 1}, {1: 1, 2: 2})
NOMINEES = 4  # in each department
SPECIAL_DEPARTMENT = 1  # index of the department that has a special prize
SPECIAL_TITLE = "Coup de cœur du public"


@dataclass(frozen=True)
class PlaceholderTeam:
    name: str
    project: str
    members: tuple[str, ...]


def rehearsal_decisions(
    departments: Sequence[Key], real_names: Iterable[str], hearing: Collection[Key] = ()
) -> tuple[list[DepartmentDecision], dict[Key, PlaceholderTeam]]:
    """The same departments get the same decisions. No placeholder has one of the `real_names`.
    `hearing`: departments in two acts.
    """
    taken = {name.casefold() for name in real_names}
    decisions: list[DepartmentDecision] = []
    teams: dict[Key, PlaceholderTeam] = {}
    for index, department in enumerate(departments):
        numbers = range(index * NOMINEES, (index + 1) * NOMINEES)
        own: dict[Key, PlaceholderTeam] = {f"invented-{n}": _placeholder(n, taken) for n in numbers}
        teams |= own
        keys = iter(own)
        pattern = PATTERNS[index % len(PATTERNS)]
        places = {rank: [next(keys) for _ in range(count)] for rank, count in pattern.items()}
        special = [(SPECIAL_TITLE, list(own)[-1])] if index == SPECIAL_DEPARTMENT else []
        hears = department in hearing
        decisions.append(DepartmentDecision(department, list(own), places, special, hears=hears))
    return decisions, teams


def _placeholder(number: int, taken: set[str]) -> PlaceholderTeam:
    name, project = TEAMS[number % len(TEAMS)]
    if turn := number // len(TEAMS):
        name = f"{name} {turn + 1}"
    while name.casefold() in taken:
        name += " bis"
    members = tuple(MEMBERS[(number + n) % len(MEMBERS)] for n in range(3 + number % 4))
    return PlaceholderTeam(name, project, members)
