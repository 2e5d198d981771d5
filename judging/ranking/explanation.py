from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.enums import Method
from judging.ranking.departures import Departure, DepartureKind
from judging.ranking.standings import Standing

NAMED = 5  # names at most; of more teams, four names and the number of the others


def explain_standing(
    standing: Standing, *, method: str, tied_with: Sequence[str] = (), comparable: bool = True
) -> str:
    """The correction is the difference of rounded numbers, so that readers can check the sum.

    `tied_with` are names of teams. `comparable`: the ranking has a single component.
    """
    text = _("{what}, à ± {margin} près : {place}.").format(
        what=_calculation(standing, method),
        margin=_written(standing.margin, 1),
        place=_place(tied_with),
    )
    if comparable:
        return text
    return (
        text
        + " "
        + _(
            "Non comparable avec les équipes des autres tableaux : aucune chaîne de jurés communs"
            " ne les relie."
        )
    )


def explain_to_team(standing: Standing, *, method: str) -> str:
    """Must contain nothing about other teams."""
    return _("{what}, à ± {margin} près.").format(
        what=_calculation(standing, method), margin=_written(standing.margin, 1)
    )


def explain_departures(found: Iterable[Departure], names: Mapping[int, str]) -> list[str]:
    """One sentence for each kind and team. `names` are the teams' by id."""
    others: dict[tuple[DepartureKind, int], list[str]] = {}
    for departure in found:
        gathered = others.setdefault((departure.kind, departure.team), [])
        if departure.other is not None:
            gathered.append(names[departure.other])
    return [_departure(kind, names[team], gathered) for (kind, team), gathered in others.items()]


def _departure(kind: DepartureKind, team: str, others: Sequence[str]) -> str:
    if kind == DepartureKind.UNMARKED:
        return _("« {team} » reçoit une place sans avoir de fiche terminée.").format(team=team)
    if kind == DepartureKind.INCOMPARABLE:
        return _(
            "Le choix compare des équipes de tableaux différents, qu’aucune chaîne de jurés communs"
            " ne relie."
        )
    text = {
        DepartureKind.REVERSED: _(
            "« {team} » passe devant {others}, que le classement met plus haut."
        ),
        DepartureKind.JOINED: _(
            "« {team} » reçoit la même place que {others}, plus bas au classement."
        ),
        DepartureKind.SEPARATED: _(
            "« {team} » passe devant {others}, que le classement ne départage pas d’elle."
        ),
    }[kind]
    return text.format(team=team, others=enumerated(others))


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


def _calculation(standing: Standing, method: str) -> str:
    mean, estimate = _rounded(standing.mean, 2), _rounded(standing.estimate, 2)
    numbers = {
        "mean": _written(mean, 2),
        "estimate": _written(estimate, 2),
        "gap": _written(abs(estimate - mean), 2),
    }
    if method == Method.HARMONISED:
        return _adjusted_template(standing.sheets, estimate - mean).format(**numbers)
    if method == Method.MEDIAN and standing.sheets > 1:
        return _("Médiane {estimate} (moyenne brute {mean})").format(**numbers)
    if standing.sheets == 1:
        return _("Une seule fiche, {mean}").format(**numbers)
    return _("Moyenne brute {mean}").format(**numbers)


def _adjusted_template(sheets: int, correction: Decimal) -> str:
    if sheets == 1:
        if correction > 0:
            return _(
                "Une seule fiche, {mean} ; votre juré note {gap} sous ses collègues sur"
                " les mêmes équipes, donc {estimate}"
            )
        if correction < 0:
            return _(
                "Une seule fiche, {mean} ; votre juré note {gap} au-dessus de ses"
                " collègues sur les mêmes équipes, donc {estimate}"
            )
        return _(
            "Une seule fiche, {mean} ; votre juré note comme ses collègues sur"
            " les mêmes équipes, donc {estimate}"
        )
    if correction > 0:
        return _(
            "Moyenne brute {mean} ; vos jurés notent {gap} sous leurs collègues sur"
            " les mêmes équipes, donc {estimate}"
        )
    if correction < 0:
        return _(
            "Moyenne brute {mean} ; vos jurés notent {gap} au-dessus de leurs collègues"
            " sur les mêmes équipes, donc {estimate}"
        )
    return _(
        "Moyenne brute {mean} ; vos jurés notent comme leurs collègues sur"
        " les mêmes équipes, donc {estimate}"
    )


def _place(tied_with: Sequence[str]) -> str:
    if not tied_with:
        return _("seule à son rang")
    return _("ex æquo avec {teams}").format(teams=enumerated(tied_with))


def _rounded(value: float, places: int) -> Decimal:
    step = Decimal(1).scaleb(-places)
    # Adding 0 makes -0 a plain 0.
    return Decimal(repr(value)).quantize(step, rounding="ROUND_HALF_UP") + 0


def _written(value: float | Decimal, places: int) -> str:
    rounded = value if isinstance(value, Decimal) else _rounded(value, places)
    return number_format(rounded, places)
