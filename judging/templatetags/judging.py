from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.html import json_script
from django.utils.safestring import SafeString

from hackathon.base.core import extras
from hackathon.base.core.extras import TeamPage
from judging.ceremony.selectors.results import DepartmentResults, Shown
from judging.deliberation.selectors.decision import signing_of
from judging.deliberation.selectors.handed_in import Lacking
from judging.models import Criterion, Juror
from judging.ranking import explanation
from judging.ranking.results import TeamStanding
from judging.ranking.standings import Standing
from judging.scales import written
from judging.scoring import sealed_changes
from judging.scoring.comparison import ComparedSheet
from judging.scoring.tablet_translations import tablet_translations
from teams.models import Team

RADIUS, STEP = 6, 13  # px
APART = 0.8  # points of a total; closer ones are drawn above each other

register = template.Library()


@register.filter
def out_of_20(mean: Fraction | float | None) -> str:
    """Two decimals, so that totals that differ a little look different."""
    return "" if mean is None else written(mean)


@register.filter
def table_title(number: int) -> str:
    return explanation.table_title(number)


@register.filter
def margin(value: float) -> str:
    return explanation.margin_text(value)


@register.filter
def chance(value: float) -> str:
    return explanation.chance_text(value)


@register.filter
def mark_for(sheet: ComparedSheet, criterion: Criterion) -> str:
    """ "" without a mark."""
    value = sheet.marks.get(criterion.pk)
    return "" if value is None else criterion.mark_scale.show(value)


@register.filter
def points(mean: Fraction) -> str:
    """For scripts."""
    return f"{float(mean):.4f}"


@register.inclusion_tag("judging/scoring/_strip.html")
def own_strip(totals: Sequence[Any], team: Team | None = None) -> dict[str, Any]:
    """`totals` have `team` and `total`. The script moves the point of `team`."""
    placed, own = [], None
    ends: list[float] = []  # the last total of each level
    for item in sorted(totals, key=lambda item: item.total):
        if team is not None and item.team.pk == team.pk:
            own = item
            continue
        total = float(item.total)
        level = next((n for n, end in enumerate(ends) if total - end >= APART), len(ends))
        ends[level : level + 1] = [total]
        placed.append((item, f"{total * 5:.2f}%", level))
    base = 18 + STEP * max(len(ends), 1)
    return {
        "points": [(item, x, base - RADIUS - 3 - STEP * level) for item, x, level in placed],
        "own": own,
        "own_x": f"{float(own.total) * 5:.2f}%" if own else "0%",
        "has_own": team is not None,
        "base": base,
        "below": base + 19,
        "height": base + 22,
        "middle": base - RADIUS - 3,
        "radius": RADIUS,
        "ticks": [(f"{tick * 5}%", tick) for tick in (0, 5, 10, 15, 20)],
        "decimal": formats.get_format("DECIMAL_SEPARATOR"),
    }


@register.simple_tag(takes_context=True)
def jury_data(context: Any) -> SafeString:
    user = context["request"].user
    return json_script(
        {
            "user": user.pk,
            "ticket": sealed_changes.ticket(user),
            "sealKey": sealed_changes.public_key(),
            "urls": {
                "list": reverse("judging:index"),
                "worker": reverse("judging:worker"),
                "kit": reverse("judging:kit"),
                "synchronise": reverse("judging:synchronise"),
                "sealed": reverse("judging:sealed"),
                "handover": reverse("judging:handover"),
            },
            "translations": tablet_translations(),
        },
        "jury",
    )


@register.inclusion_tag("judging/deliberation/_lacking.html")
def lacks(lacking: Mapping[int, Lacking] | None, team: Team) -> dict[str, Any]:
    return {"lacking": (lacking or {}).get(team.pk)}


@register.filter
def provisional(line: TeamStanding) -> str:
    return explanation.provisional_text(line.sheets, line.wanted)


@register.simple_tag
def pages_about(results: Iterable[DepartmentResults] | None) -> dict[int, list[TeamPage]]:
    """Of extras, about winners and nominees of published results, by id of the team."""
    shown = list(results or ())
    teams = {team.pk for result in shown for team in (*result.winners, *result.nominees)}
    return extras.about_teams(shown[0].department.edition, teams) if shown else {}


@register.filter
def about(pages: Mapping[int, list[TeamPage]], team: Team) -> list[TeamPage]:
    return pages.get(team.pk, [])


@register.filter
def shown_of(result: DepartmentResults, team: Team) -> Shown:
    return result.shown.get(team.pk, Shown())


@register.filter
def correction(standing: Standing) -> str:
    """As the sentence of the ranking and the minutes write it."""
    return explanation.correction_text(standing)


@register.filter
def signed(value: float) -> str:
    """« +0,80 », « −0,80 »."""
    sign = "+" if value >= 0 else "−"
    return f"{sign}{out_of_20(abs(value))}"


@register.simple_tag
def to_sign(juror: Juror) -> str:
    """« unsigned » or « signed » while the jury may sign its decision, else ""."""
    return signing_of(juror)
