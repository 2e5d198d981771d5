import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core.formats import ordinal
from judging.enums import Method
from judging.ranking.departures import Departure, DepartureKind
from judging.ranking.standings import Standing
from judging.scales import rounded, written

# Errors are then half as large as the true spread of the teams (Wright and Masters, 1982).
RELIABLE = 0.80
SMALL = Decimal("0.05")  # points of 20: smaller corrections say nothing about the jurors
NAMED = 5  # names at most; of more teams, four names and the number of the others


class Close(Protocol):
    """A team of another group that the marks do not separate."""

    @property
    def is_before(self) -> bool: ...
    @property
    def chance(self) -> float: ...
    @property
    def team(self) -> Any: ...


def explain_standing(
    standing: Standing,
    *,
    method: str,
    tied_with: Sequence[str] = (),
    close: Iterable[Close] = (),
    read_once: bool = False,
    compared: bool = True,
) -> str:
    """For the jury. The correction is the difference of rounded numbers, so that readers can check
    the sum. `tied_with` are names of teams. `read_once`: it is tied only because the first team
    has a single sheet. Not `compared`: without another team, or without known probabilities.
    """
    neighbours = [_close_text(other) for other in close]
    if read_once:
        place = _(
            "Une équipe lue une seule fois n’est pas classée seule première : ex æquo avec {teams}."
        ).format(teams=enumerated(tied_with))
    elif tied_with:
        place = _("Les notes ne la départagent pas de {teams}.").format(teams=enumerated(tied_with))
    elif compared and not neighbours:
        place = _("Les notes la départagent de toutes les autres équipes.")
    else:
        place = ""
    sentences = (_calculation(standing, method, to_team=False), place, *neighbours)
    return " ".join(filter(None, sentences))


def explain_to_team(standing: Standing, *, method: str) -> str:
    """Must contain nothing about other teams."""
    return f"{_calculation(standing, method, to_team=True)} {_precision(standing)}".strip()


def provisional_text(sheets: int, wanted: int) -> str:
    return _("provisoire, lue {times} fois sur {wanted}").format(times=sheets, wanted=wanted)


def chance_text(chance: float) -> str:
    """« 78 chances sur 100 », rounded down: never as many as a threshold that is not reached."""
    return _("{n} chances sur 100").format(n=min(int(100 * chance + 1e-7), 99))


def border_text(above: str, below: str, chance: float) -> str:
    """Between two groups whose neighbours are not separated."""
    return _("Ordre peu sûr : {above} est devant {below} avec {chance}.").format(
        above=above, below=below, chance=chance_text(chance)
    )


def separation_text(separation: float) -> str:
    return _(
        "Dans un groupe d’ex æquo, aucune équipe n’a {percent} chances sur 100 ou plus d’être"
        " vraiment devant une autre. Entre deux groupes voisins, la chance est écrite quand elle"
        " n’atteint pas ce seuil."
    ).format(percent=round(100 * separation))


def is_unreliable(reliability: float | None) -> bool:
    return reliability is not None and reliability < RELIABLE


def reliability_text(reliability: float | None, mean_readings: float) -> str:
    """Empty for a single team. What would help is computed by the formula of Spearman and Brown:
    C. Spearman, "Correlation calculated from faulty data", British Journal of Psychology 3, 1910.
    """
    if reliability is None:
        return ""
    shown = min(rounded(reliability), Decimal("0.99"))
    text = _("Fiabilité des notes : {figure} sur 1.").format(figure=written(shown))
    if not is_unreliable(reliability):
        return text
    factor = RELIABLE / (1 - RELIABLE) * (1 - reliability) / max(reliability, 0.01)
    needed = max(math.ceil(mean_readings * factor), math.floor(mean_readings) + 1)
    return " ".join(
        (
            text,
            _("Les notes ne suffisent pas à départager les équipes."),
            _("Il faudrait environ {needed} lectures par équipe, au lieu de {now}.").format(
                needed=needed, now=written(rounded(mean_readings, 1), 1).removesuffix(",0")
            ),
            _(
                "À défaut : faites relire les équipes de tête par de nouveaux jurés, et"
                " parlez-en avant de décider."
            ),
        )
    )


@dataclass(frozen=True)
class Heads:
    """Of the columns of a ranking: what it counts, and beside it the plain mean and what was added
    to it. Empty for a column that its method does not have.
    """

    figure: str
    mean: str = ""
    correction: str = ""

    @property
    def beside(self) -> str:
        """Of both in one column."""
        return ", ".join(head for head in (self.mean, self.correction.lower()) if head)


def ranking_heads(method: str) -> Heads:
    if method == Method.MEDIAN:
        return Heads(_("Médiane"), mean=_("Moyenne"))
    if method == Method.MEAN:
        return Heads(_("Moyenne"))
    return Heads(_("Note corrigée"), mean=_("Moyenne"), correction=_("Correction"))


def margin_in_words() -> str:
    return _(
        "La marge dit de combien la note peut être fausse, en plus ou en moins : dans 95 cas sur"
        " 100, c’est moins que cela. Elle ne dit pas si deux équipes sont départagées."
    )


class Ranked(Protocol):
    @property
    def rank(self) -> int: ...


def rank_range(group: Sequence[Ranked]) -> SafeString:
    """Of teams ex aequo: « 1er–3e », with superscripts. Their order is not known."""
    ends = dict.fromkeys((group[0].rank, group[-1].rank))
    return format_html_join("–", "{}", ((ordinal(rank),) for rank in ends))


def correction_text(standing: Standing) -> str:
    """« −0,34 », empty without a correction: the difference of the two written numbers."""
    correction = rounded(standing.estimate) - rounded(standing.mean)
    if not correction:
        return ""
    return f"{'+' if correction > 0 else '−'}{written(abs(correction))}"


def table_title(number: int) -> str:
    return _("Tableau {n} : des équipes lues par les mêmes jurés").format(n=number)


def tables_apart() -> str:
    return _(
        "Aucun juré n’a lu à la fois des équipes de deux tableaux : d’un tableau à l’autre, les"
        " notes et les rangs ne se comparent pas."
    )


def explain_departures(departures: Iterable[Departure], names: Mapping[int, str]) -> list[str]:
    """One sentence for each kind and team. `names` are the teams' by id."""
    others: dict[tuple[DepartureKind, int], list[str]] = {}
    for departure in departures:
        gathered = others.setdefault((departure.kind, departure.team), [])
        if departure.other is not None:
            gathered.append(names[departure.other])
    return [_departure(kind, names[team], gathered) for (kind, team), gathered in others.items()]


def _departure(kind: DepartureKind, team: str, others: Sequence[str]) -> str:
    if kind == DepartureKind.UNMARKED:
        return _("« {team} » reçoit une place sans avoir de fiche terminée.").format(team=team)
    if kind == DepartureKind.INCOMPARABLE:
        return _(
            "Le choix compare des équipes de tableaux différents, qui n’ont pas été lues par les"
            " mêmes jurés : leurs notes ne se comparent pas."
        )
    text = {
        DepartureKind.REVERSED: _(
            "« {team} » passe devant {others}, que le classement met plus haut."
        ),
        DepartureKind.JOINED: _(
            "« {team} » reçoit la même place que {others}, plus bas au classement."
        ),
        DepartureKind.SEPARATED: _(
            "« {team} » passe devant {others}, alors que les notes les mettent à égalité."
        ),
    }[kind]
    quoted = [_("« {name} »").format(name=name) for name in others]
    return text.format(team=team, others=enumerated(quoted))


def place_name(rank: int) -> str:
    return _("1ʳᵉ place") if rank == 1 else _("{place}ᵉ place").format(place=rank)


def enumerated(names: Sequence[str]) -> str:
    """« B », « B et F », « B, D et F », « A, B, C, D et 3 autres »"""
    if len(names) > NAMED:
        more = len(names) - NAMED + 1
        shown = list(names[: NAMED - 1])
        shown.append(ngettext("{n} autre", "{n} autres", more).format(n=more))
    else:
        shown = list(names)
    if len(shown) == 1:
        return shown[0]
    return _("{names} et {last}").format(names=", ".join(shown[:-1]), last=shown[-1])


def _calculation(standing: Standing, method: str, *, to_team: bool) -> str:
    mean, estimate = rounded(standing.mean), rounded(standing.estimate)
    gap = abs(estimate - mean)
    if method == Method.HARMONISED:
        text = _jurors(standing.sheets, estimate - mean, to_team=to_team)
        if gap and gap < SMALL:
            text += " " + _("La correction est petite : {correction}, soit {estimate}.")
        elif gap:
            text += " " + (
                _("Pour que ce soit juste pour toutes les équipes, on ajoute {gap} : {estimate}.")
                if estimate > mean
                else _(
                    "Pour que ce soit juste pour toutes les équipes, on retire {gap} : {estimate}."
                )
            )
    elif standing.sheets == 1:
        text = _("Une seule fiche : {mean}.")
    elif method == Method.MEDIAN:
        text = _("La note du milieu des {n} fiches est {estimate} ; leur moyenne est {mean}.")
    else:
        text = _("La moyenne des {n} fiches est {mean}.")
    return text.format(
        n=standing.sheets,
        mean=written(mean),
        estimate=written(estimate),
        gap=written(gap),
        correction=correction_text(standing),
        points=_points(gap, 2),
        more=_("un peu plus") if gap < 1 else _("plus"),
    )


def _jurors(sheets: int, correction: Decimal, *, to_team: bool) -> str:
    """How the jurors of a team mark, beside the others who have read the same teams."""
    sentences = {
        # (to the team, one juror): severe, generous, like the others
        (True, False): (
            _(
                "La moyenne de vos {n} fiches est {mean}."
                " Vos jurés ont été {more} sévères que les autres ({points})."
            ),
            _(
                "La moyenne de vos {n} fiches est {mean}."
                " Vos jurés ont été {more} généreux que les autres ({points})."
            ),
            _("La moyenne de vos {n} fiches est {mean}. Vos jurés notent comme les autres."),
        ),
        (True, True): (
            _(
                "Un seul juré vous a notés : {mean}."
                " Il a été {more} sévère que les autres ({points})."
            ),
            _(
                "Un seul juré vous a notés : {mean}."
                " Il a été {more} généreux que les autres ({points})."
            ),
            _("Un seul juré vous a notés : {mean}. Il note comme les autres."),
        ),
        (False, False): (
            _(
                "La moyenne de ses {n} fiches est {mean}."
                " Ses jurés ont été {more} sévères que les autres ({points})."
            ),
            _(
                "La moyenne de ses {n} fiches est {mean}."
                " Ses jurés ont été {more} généreux que les autres ({points})."
            ),
            _("La moyenne de ses {n} fiches est {mean}. Ses jurés notent comme les autres."),
        ),
        (False, True): (
            _("Un seul juré l’a notée : {mean}. Il a été {more} sévère que les autres ({points})."),
            _(
                "Un seul juré l’a notée : {mean}."
                " Il a été {more} généreux que les autres ({points})."
            ),
            _("Un seul juré l’a notée : {mean}. Il note comme les autres."),
        ),
    }
    severe, generous, same = sentences[to_team, sheets == 1]
    if abs(correction) < SMALL:
        return same
    return severe if correction > 0 else generous


def margin_text(margin: float) -> str:
    """« ± 0,6 », but « – » without another team in the table: no margin can be estimated."""
    return f"± {written(margin, 1)}" if rounded(margin, 1) else "–"


def _close_text(other: Close) -> str:
    text = (
        _("{team} est devant elle avec {chance} seulement.")
        if other.is_before
        else _("Elle est devant {team} avec {chance} seulement.")
    )
    return text.format(team=other.team.name, chance=chance_text(other.chance))


def _precision(standing: Standing) -> str:
    if not rounded(standing.margin, 1):
        return ""
    return _(
        "Avec d’autres jurés, votre note aurait pu être plus haute ou plus basse de {points},"
        " rarement davantage."
    ).format(points=margin_points(standing.margin))


def margin_points(margin: float) -> str:
    """« 1,6 point », « 2,3 points »."""
    return _points(rounded(margin, 1), 1)


def _points(value: Decimal, places: int) -> str:
    text = _("{gap} point") if value < 2 else _("{gap} points")
    return text.format(gap=written(value, places))
