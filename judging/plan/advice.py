from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.plan.selectors import PlanPage, TeamLine

JURORS_TO_COMPARE = 2  # with fewer, no severity can be compared


@dataclass(frozen=True)
class Sentence:
    text: str
    is_good: bool


def assessment(page: PlanPage) -> list[Sentence]:
    if not page.jurors or not page.teams:
        return []
    return [_loads(page), _links(page), *_meetings(page)]


def advice_for(line: TeamLine) -> str:
    if line.is_repairable:
        return _("Un juré peut encore la lire : réparez le plan.")
    if line.recused and line.able < line.wanted <= line.seated:
        return ngettext(
            "{n} juré s’est déporté : ajoutez un juré, ou demandez moins de lectures.",
            "{n} jurés se sont déportés : ajoutez un juré, ou demandez moins de lectures.",
            line.recused,
        ).format(n=line.recused)
    return ngettext(
        "Le jury n’a que {n} juré : ajoutez-en, ou demandez moins de lectures.",
        "Le jury n’a que {n} jurés : ajoutez-en, ou demandez moins de lectures.",
        line.seated,
    ).format(n=line.seated)


def _loads(page: PlanPage) -> Sentence:
    least, most = page.loads
    if least == most:
        text = ngettext("Chaque juré lit {n} équipe.", "Chaque juré lit {n} équipes.", most).format(
            n=most
        )
    else:
        text = _("Chaque juré lit de {least} à {most} équipes.").format(least=least, most=most)
    if most - least > 1:
        why = (
            _("Réparez le plan pour partager mieux.")
            if page.could_be_more_even and page.planned
            else _("Des fiches faites ou des déports empêchent mieux.")
        )
        text = f"{text} {why}"
    return Sentence(text, is_good=most - least <= 1)


def _links(page: PlanPage) -> Sentence:
    parts = page.quality.components
    if len(page.jurors) + len(page.gone) < JURORS_TO_COMPARE:
        return Sentence(
            _("Un seul juré note : sa sévérité ne peut être comparée à aucune autre."),
            is_good=False,
        )
    if parts <= 1:
        return Sentence(
            _("Tous les jurés sont reliés par des équipes communes : leur sévérité se compare."),
            is_good=True,
        )
    return Sentence(
        _(
            "Le jury est en {n} morceaux sans équipe commune : leurs équipes ne pourront pas être"
            " comparées. Ajoutez un juré ou des lectures."
        ).format(n=parts),
        is_good=False,
    )


def _meetings(page: PlanPage) -> list[Sentence]:
    if len(page.jurors) < JURORS_TO_COMPARE:
        return []
    least, most = page.overlaps
    if least == most:
        text = ngettext(
            "Deux jurés ont toujours {n} équipe en commun.",
            "Deux jurés ont toujours {n} équipes en commun.",
            most,
        ).format(n=most)
    else:
        text = _("Deux jurés ont de {least} à {most} équipes en commun.").format(
            least=least, most=most
        )
    return [Sentence(text, is_good=True)]
