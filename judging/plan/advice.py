"""A plan of who reads whom in words: how good it is, what is short, and what to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.plan.selectors import PlanPage, TeamLine

FEW = 2  # jurors: below, nobody can be compared with anybody


@dataclass(frozen=True)
class Said:
    """A sentence, and whether what it says is well."""

    text: str
    good: bool


def sentences(page: PlanPage) -> list[Said]:
    """How good the plan is, for somebody who has to answer for it."""
    if not page.jurors or not page.teams:
        return []
    return [_loads(page), _links(page), *_meetings(page)]


def advice(line: TeamLine) -> str:
    """What to do about a team that too few read."""
    if line.is_mendable:
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


def _loads(page: PlanPage) -> Said:
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
            if page.uneven_for_nothing and page.planned
            else _("Des fiches faites ou des déports empêchent mieux.")
        )
        text = f"{text} {why}"
    return Said(text, good=most - least <= 1)


def _links(page: PlanPage) -> Said:
    parts = page.quality.components
    if len(page.jurors) + len(page.gone) < FEW:
        return Said(
            _("Un seul juré note : sa sévérité ne peut être comparée à aucune autre."), good=False
        )
    if parts <= 1:
        return Said(
            _("Tous les jurés sont reliés par des équipes communes : leur sévérité se compare."),
            good=True,
        )
    return Said(
        _(
            "Le jury est en {n} morceaux sans équipe commune : leurs équipes ne pourront pas être"
            " comparées. Ajoutez un juré ou des lectures."
        ).format(n=parts),
        good=False,
    )


def _meetings(page: PlanPage) -> list[Said]:
    if len(page.jurors) < FEW:
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
    return [Said(text, good=True)]
