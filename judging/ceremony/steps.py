"""The ceremony's steps, from what the juries decided. Pure.

A step says what the screens show while it is their step, and nothing of what follows: neither how
many steps there are, nor which. Keys of departments and teams are whatever the caller uses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

type Key = int | str


class StepKind(StrEnum):
    """What a step is."""

    OPENING = "opening"
    TITLE = "title"
    NOMINEES = "nominees"
    DRUM = "drum"
    PLACE = "place"
    SPECIAL = "special"
    FINALE = "finale"


@dataclass(frozen=True)
class Decided:
    """What one jury decided; `special` are prizes with their teams, in the order to be shown."""

    department: Key
    nominees: Sequence[Key] = ()
    places: Mapping[int, Sequence[Key]] = field(default_factory=dict)
    special: Sequence[tuple[str, Key]] = ()


@dataclass(frozen=True)
class Step:
    """One picture. `teams` are those it names, as equals; `rank` or `title` is what they won."""

    kind: StepKind
    department: Key | None = None
    teams: tuple[Key, ...] = ()
    rank: int | None = None
    title: str = ""

    @property
    def reveals(self) -> bool:
        """Whether somebody wins in it."""
        return self.kind in (StepKind.PLACE, StepKind.SPECIAL)


def steps(decided: Iterable[Decided]) -> list[Step]:
    """The whole ceremony, departments as they come.

    In each: its name, the nominees, the drum roll, the places from the last to the first (teams ex
    aequo in one step), the special prizes; where there is nothing to show the step is left out.
    The end is everybody who won, in the finale.
    """
    found = [Step(StepKind.OPENING)]
    for one in decided:
        found += _department(one)
    winners = tuple(dict.fromkeys(team for step in found if step.reveals for team in step.teams))
    return [*found, Step(StepKind.FINALE, teams=winners)]


def _department(one: Decided) -> list[Step]:
    found = [Step(StepKind.TITLE, one.department)]
    if one.nominees:
        found.append(Step(StepKind.NOMINEES, one.department, tuple(one.nominees)))
    if one.places:
        found.append(Step(StepKind.DRUM, one.department))
    for rank, teams in sorted(one.places.items(), reverse=True):
        found.append(Step(StepKind.PLACE, one.department, tuple(teams), rank=rank))
    special: dict[str, list[Key]] = defaultdict(list)
    for title, team in one.special:
        special[title].append(team)
    for title, teams in special.items():
        found.append(Step(StepKind.SPECIAL, one.department, tuple(teams), title=title))
    return found


def step_at(found: Sequence[Step], number: int) -> Step:
    """The step with this number; the last one beyond it."""
    return found[min(max(number, 0), len(found) - 1)]


def revealed(found: Sequence[Step], number: int) -> frozenset[Key]:
    """The teams of which it has been shown by step `number` that they won."""
    shown = found[: number + 1]
    return frozenset(team for step in shown if step.reveals for team in step.teams)


def moved(found: Sequence[Step], number: int, by: int) -> int:
    """The number `by` steps away, where there is one; else as far as it goes."""
    return min(max(number + by, 0), len(found) - 1)


def following(found: Sequence[Step], number: int) -> StepKind | None:
    """What kind comes next, None at the end: all that who drives the ceremony is told of it."""
    return found[number + 1].kind if number + 1 < len(found) else None


# ---------------------------------------------------------------- rehearsal

# Invented, to be as long and as odd as real ones: what fits with these will fit.
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
# How many win, by place, department after department: the last pattern is followed by the first.
PATTERNS: tuple[Mapping[int, int], ...] = ({1: 1, 2: 1}, {1: 2}, {1: 1, 2: 1, 3: 1}, {1: 1, 2: 2})
NAMED = 4  # teams that are named in each department of a rehearsal
SPECIAL_IN = 1  # which department's rehearsal has a special prize
SPECIAL_TITLE = "Coup de cœur du public"


@dataclass(frozen=True)
class Invented:
    """A team that does not exist."""

    name: str
    project: str
    members: tuple[str, ...]


def invented(
    departments: Sequence[Key], taken: Iterable[str]
) -> tuple[list[Decided], dict[Key, Invented]]:
    """What a rehearsal shows in these departments, the same each time, and its teams by key.

    Nothing in it follows from what the juries decided. `taken` are the names of the real teams:
    no invented one has any of them.
    """
    real = {name.casefold() for name in taken}
    decided: list[Decided] = []
    teams: dict[Key, Invented] = {}
    for index, department in enumerate(departments):
        numbers = range(index * NAMED, (index + 1) * NAMED)
        made: dict[Key, Invented] = {f"invented-{n}": _team(n, real) for n in numbers}
        teams |= made
        keys = iter(made)
        pattern = PATTERNS[index % len(PATTERNS)]
        places = {rank: [next(keys) for _ in range(count)] for rank, count in pattern.items()}
        special = [(SPECIAL_TITLE, list(made)[-1])] if index == SPECIAL_IN else []
        decided.append(Decided(department, list(made), places, special))
    return decided, teams


def _team(number: int, real: set[str]) -> Invented:
    name, project = TEAMS[number % len(TEAMS)]
    if turn := number // len(TEAMS):
        name = f"{name} {turn + 1}"
    while name.casefold() in real:
        name += " bis"
    members = tuple(MEMBERS[(number + n) % len(MEMBERS)] for n in range(3 + number % 4))
    return Invented(name, project, members)
