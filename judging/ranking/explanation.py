"""A team's line of the ranking in words: to be read out, and checked with pencil and paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.enums import Method
from judging.ranking.departures import Departing, Departure

NAMED = 5  # so many teams ex aequo are named; of more, the first ones and a number


@dataclass(frozen=True)
class Line:
    """What a sentence is made of, out of 20; `tied_with` are the names of the other ex aequo."""

    method: str
    mean: float
    estimate: float
    margin: float
    sheets: int
    tied_with: Sequence[str] = ()
    comparable: bool = True  # with all other teams: there is one table


def sentence(line: Line) -> str:
    """« Moyenne brute 13,20 ; vos jurés notent 0,80 sous leurs collègues
    sur les mêmes équipes, donc 14,00, à ± 1,6 près : ex æquo avec B et F. »

    What is added is the difference of the two numbers as they are written, so the sum is right.
    """
    said = _("{what}, à ± {margin} près : {place}.").format(
        what=_reckoned(line), margin=_written(line.margin, 1), place=_place(line.tied_with)
    )
    if line.comparable:
        return said
    return (
        said
        + " "
        + _(
            "Non comparable avec les équipes des autres tableaux : aucune chaîne de jurés communs"
            " ne les relie."
        )
    )


def reckoning(line: Line) -> str:
    """The same for the team itself: how the jury's number came about, and no other team."""
    return _("{what}, à ± {margin} près.").format(
        what=_reckoned(line), margin=_written(line.margin, 1)
    )


def departing_sentences(found: Iterable[Departing], names: Mapping[int, str]) -> list[str]:
    """What leaves the ranking, a sentence for each team that gets more than the marks say."""
    others: dict[tuple[Departure, int], list[str]] = {}
    for departing in found:
        gathered = others.setdefault((departing.kind, departing.team), [])
        if departing.other is not None:
            gathered.append(names[departing.other])
    return [_departing(kind, names[team], there) for (kind, team), there in others.items()]


def _departing(kind: Departure, team: str, others: Sequence[str]) -> str:
    if kind == Departure.UNMARKED:
        return _("« {team} » reçoit une place sans avoir de fiche terminée.").format(team=team)
    if kind == Departure.INCOMPARABLE:
        return _(
            "Le choix compare des équipes de tableaux différents, qu’aucune chaîne de jurés communs"
            " ne relie."
        )
    said = {
        Departure.REVERSED: _("« {team} » passe devant {others}, que le classement met plus haut."),
        Departure.JOINED: _(
            "« {team} » reçoit la même place que {others}, plus bas au classement."
        ),
        Departure.SEPARATED: _(
            "« {team} » passe devant {others}, que le classement ne départage pas d’elle."
        ),
    }[kind]
    return said.format(team=team, others=enumerated(others))


def enumerated(names: Sequence[str]) -> str:
    """« B », « B et F », « B, D et F »; of many, the first ones and how many more."""
    if len(names) > NAMED:
        more = len(names) - NAMED + 1
        shown = list(names[: NAMED - 1])
        shown.append(ngettext("{n} autre", "{n} autres", more).format(n=more))
    else:
        shown = list(names)
    if len(shown) == 1:
        return shown[0]
    return _("{names} et {last}").format(names=", ".join(shown[:-1]), last=shown[-1])


def _reckoned(line: Line) -> str:
    mean, estimate = _rounded(line.mean, 2), _rounded(line.estimate, 2)
    words = {
        "mean": _written(mean, 2),
        "estimate": _written(estimate, 2),
        "gap": _written(abs(estimate - mean), 2),
    }
    if line.method == Method.HARMONISED:
        return _harmonised(line.sheets, estimate - mean).format(**words)
    if line.method == Method.MEDIAN and line.sheets > 1:
        return _("Médiane {estimate} (moyenne brute {mean})").format(**words)
    if line.sheets == 1:
        return _("Une seule fiche, {mean}").format(**words)
    return _("Moyenne brute {mean}").format(**words)


def _harmonised(sheets: int, correction: Decimal) -> str:
    """The sentence's first half, still to be filled in."""
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
    """Half away from zero, as one learns it; -0 is 0."""
    step = Decimal(1).scaleb(-places)
    return Decimal(repr(value)).quantize(step, rounding="ROUND_HALF_UP") + 0


def _written(value: float | Decimal, places: int) -> str:
    rounded = value if isinstance(value, Decimal) else _rounded(value, places)
    return number_format(rounded, places)
