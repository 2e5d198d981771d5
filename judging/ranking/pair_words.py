"""What a jury can say to a team that asks why another one is before it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from judging.ranking.departures import DepartureKind
from judging.ranking.explanation import SMALL, chance_text, place_name
from judging.ranking.pairs import Means, Pair, Side, Unsplit
from judging.ranking.standings import Standing
from judging.scales import rounded, written

EVEN = 0.505  # below, neither order is more likely than the other


def explain_pair(pair: Pair) -> list[str]:
    """Three to six sentences. They name nobody but the two teams."""
    first, second = pair.first.standing, pair.second.standing
    if pair.difference is None or first is None or second is None:
        sentences = [*map(_value, (pair.first, pair.second)), _decision(pair)]
        if first and second:
            text = _("Aucun juré ne relie ces deux équipes : leurs notes ne se comparent pas.")
            sentences.insert(2, text)
    else:
        sentences = [
            _values(pair, first, second),
            _criteria(pair) if pair.unsplit is None else _unsplit(pair.unsplit),
            _correction(pair, first, second) if pair.corrects else _plainly(pair),
            _chance(pair),
            _single_reading(pair),
            _decision(pair),
        ]
    return [sentence for sentence in sentences if sentence]


def signed_points(value: Decimal) -> str:
    """« +0,40 », « −0,40 », « 0,00 »."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{written(abs(value))}"


def advantage(pair: Pair, value: Decimal) -> str:
    """« 0,40 point de plus pour « Root Bière » », for who cannot see the picture."""
    if not value:
        return _("aucun écart")
    team = pair.first if value > 0 else pair.second
    return _say(pair, _("{points} de plus pour {team}"), team=team, points=_points(abs(value)))


def _say(pair: Pair, text: str, **values: Any) -> str:
    """Teams are quoted by name, means written with two decimals."""
    values |= {"first": pair.first, "second": pair.second}
    return text.format(
        **{
            key: _("« {name} »").format(name=value.name) if isinstance(value, Side) else value
            for key, value in values.items()
        }
    )


def _points(value: Decimal) -> str:
    text = _("{gap} point") if value < 2 else _("{gap} points")
    return text.format(gap=written(value))


def _value(side: Side) -> str:
    if side.standing is None:
        return _("« {name} » n’a pas de fiche terminée.").format(name=side.name)
    value = written(side.standing.estimate)
    return _("« {name} » a {value} sur 20.").format(name=side.name, value=value)


def _values(pair: Pair, first: Standing, second: Standing) -> str:
    assert pair.difference
    gap = pair.difference.total.both
    text = (
        _("Au classement, {first} a {value} sur 20 et {second} {other} : l’écart est de {points}.")
        if gap
        else _("Au classement, {first} et {second} ont la même note : {value} sur 20.")
    )
    values = {"value": written(first.estimate), "other": written(second.estimate)}
    return _say(pair, text, **values, points=_points(gap))


def _unsplit(reason: Unsplit) -> str:
    return {
        Unsplit.MEDIAN: _(
            "La médiane est la note du milieu : elle ne se partage pas entre les critères."
        ),
        Unsplit.MISSING: _(
            "Il manque une note sur une fiche : l’écart ne se partage pas entre les critères."
        ),
        Unsplit.OUTDATED: _(
            "Ce classement vient d’une version plus ancienne du calcul : l’écart ne se partage plus"
            " entre les critères."
        ),
    }[reason]


def _criteria(pair: Pair) -> str:
    assert pair.difference
    size = {part.criterion: abs(part.marks) for part in pair.difference.parts}
    by_size = sorted(pair.criteria, key=lambda means: -size.get(means.criterion, Decimal(0)))
    for_first = [means for means in by_size if means.gap > 0]
    for_second = [means for means in by_size if means.gap < 0]
    if for_first and for_second:
        text = _(
            "{first} est mieux notée surtout au critère « {one} » ({one_means}), {second} au"
            " critère « {other} » ({other_means})."
        )
        one, other = for_first[0], for_second[0]
        means = {"one_means": _means(one), "other_means": _means(other)}
        return _say(pair, text, one=one.name, other=other.name, **means)
    if not (better := for_first or for_second):
        return _("Elles ont la même moyenne à chaque critère.")
    teams = (pair.first, pair.second) if for_first else (pair.second, pair.first)
    text = (
        _("Un seul critère les sépare, « {criterion} » : {means} pour {team}.")
        if len(better) == 1
        else _(
            "Aucun critère n’est en faveur de {worse} ; le plus net pour {team} est"
            " « {criterion} » : {means}."
        )
    )
    values = {"criterion": better[0].name, "means": _means(better[0])}
    return _say(pair, text, team=teams[0], worse=teams[1], **values)


def _means(means: Means) -> str:
    """« 15,33 contre 13,00 sur 20 », the higher one first."""
    worse, better = sorted(mean for mean in (means.first, means.second) if mean is not None)
    text = _("{mean} contre {other} sur {scale}")
    return text.format(mean=written(better), other=written(worse), scale=means.scale)


def _correction(pair: Pair, first: Standing, second: Standing) -> str:
    if pair.same_jurors:
        return _("Les mêmes jurés les ont lues : leur sévérité compte autant pour les deux.")
    gap = (first.estimate - first.mean) - (second.estimate - second.mean)
    plainly = _plainly(pair)
    if abs(gap) < SMALL and not plainly:
        return _("La sévérité de leurs jurés ne change presque rien à l’écart.")
    if plainly:
        text = _(
            "{plainly}, mais les jurés de {team} notent plus sévèrement en moyenne : la correction"
            " est de {own} pour {first} et de {other} pour {second}."
        )
    else:
        text = _(
            "Les jurés de {team} notent plus sévèrement en moyenne : la correction est de {own}"
            " pour {first} et de {other} pour {second}."
        )
    own, other = (signed_points(rounded(s.estimate) - rounded(s.mean)) for s in (first, second))
    values = {"plainly": plainly.removesuffix("."), "own": own, "other": other}
    return _say(pair, text, team=pair.first if gap > 0 else pair.second, **values)


def _plainly(pair: Pair) -> str:
    """Who would be before by plain means, if it is not the one that is."""
    assert pair.difference
    marks, both = pair.difference.total.marks, pair.difference.total.both
    if (marks > 0, marks < 0) == (both > 0, both < 0):
        return ""
    if not marks:
        return _("À la simple moyenne, elles seraient à égalité.")
    team = pair.first if marks > 0 else pair.second
    return _say(pair, _("À la simple moyenne, {team} serait devant."), team=team)


def _chance(pair: Pair) -> str:
    if pair.chance is None:
        return _("On ne peut plus calculer la chance que cet ordre soit le bon.")
    is_even = pair.chance < EVEN
    is_enough = not is_even and pair.chance >= pair.separation
    if is_enough == pair.tied:
        end = _against_groups(pair)
    elif is_enough:
        end = _("assez pour les séparer (il en faut {least})")
    else:
        end = "" if is_even else _("trop peu pour les séparer (il en faut {least})")
    text = (
        _("Les notes ne disent pas laquelle est devant : c’est une chance sur deux")
        if is_even
        else _("Les jurés ne notent pas tous pareil : cet ordre a {chance} d’être le bon")
    )
    sentence = ", ".join(filter(None, (text, end)))
    least = round(100 * pair.separation)
    return sentence.format(chance=chance_text(pair.chance), least=least) + "."


def _against_groups(pair: Pair) -> str:
    """Why the ranking says something else than the chance of these two."""
    if not pair.tied:
        return _("mais le classement les sépare à cause des équipes qui les entourent")
    first = pair.first.standing
    if first and first.rank == first.sheets == 1:
        return _("mais une équipe lue une seule fois n’est pas classée seule première")
    return _("mais le classement les met à égalité à cause des équipes qui les entourent")


def _single_reading(pair: Pair) -> str:
    sides = [s for s in (pair.first, pair.second) if s.standing and s.standing.sheets == 1]
    if not sides:
        return ""
    if len(sides) == 2:
        return _("Un seul juré a lu chacune d’elles : une lecture de plus en dirait davantage.")
    text = _("Un seul juré a lu {team} : une lecture de plus en dirait davantage.")
    return _say(pair, text, team=sides[0])


def _decision(pair: Pair) -> str:
    if not pair.decided:
        return _("Le jury n’a encore donné de place à personne.")
    return f"{_places(pair)}{_beyond(pair)}."


def _places(pair: Pair) -> str:
    first, second = pair.first.place, pair.second.place
    better, worse = pair.first, pair.second
    if first is None or (second is not None and second < first):
        better, worse = worse, better
    if first is None and second is None:
        text = _("{jury} ne donne de place ni à {first} ni à {second}")
    elif first == second:
        text = _("{jury} donne la {place} aux deux")
    elif worse.place:
        text = _("{jury} donne la {place} à {better} et la {other} à {worse}")
    else:
        text = _("{jury} donne la {place} à {better} et aucune place à {worse}")
    places = {"place": place_name(better.place or 0), "other": place_name(worse.place or 0)}
    jury = _("Le jury") if pair.locked else _("Le brouillon du jury")
    return _say(pair, text, jury=jury, better=better, worse=worse, **places)


def _beyond(pair: Pair) -> str:
    """What it decided beyond the marks, and whether it wrote why."""
    texts = {
        DepartureKind.REVERSED: _(" ; ce n’est pas l’ordre des notes"),
        DepartureKind.JOINED: _(" ; le classement, lui, les sépare"),
        DepartureKind.SEPARATED: _(" ; les notes ne les départageaient pas, c’est son choix"),
        DepartureKind.INCOMPARABLE: _(" ; les notes ne pouvaient pas le dire, c’est son choix"),
        DepartureKind.UNMARKED: _(" ; aucune fiche terminée ne l’appuie"),
    }
    text = "".join(texts[kind] for kind, _team in pair.departures[:1])
    return text + _(", et le motif est écrit") if text and pair.has_reason else text
