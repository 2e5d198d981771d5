"""Pictures and words about two teams."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from judging.ranking import pair_words
from judging.ranking.explanation import ranking_heads
from judging.ranking.pairs import Pair

HALF = 46  # per cent of the width: the longest bar

register = template.Library()


@register.inclusion_tag("judging/_pair.html")
def pair_account(pair: Pair) -> dict[str, Any]:
    """In words, in a picture, in numbers; nobody is named but the two teams."""
    parts = pair.difference.parts if pair.difference else []
    by_criterion = {part.criterion: part for part in parts}
    return {
        "pair": pair,
        "sentences": pair_words.explain_pair(pair),
        "figure": ranking_heads(pair.method).figure,
        "rows": [(means, by_criterion.get(means.criterion)) for means in pair.criteria],
        "bars": _bars(pair) if parts else [],
    }


@register.filter
def signed_points(value: Decimal) -> str:
    return pair_words.signed_points(value)


def _bars(pair: Pair) -> list[dict[str, Any]]:
    """To the left for the first team, to the right for the second one."""
    assert pair.difference
    names = {means.criterion: means.name for means in pair.criteria}
    values = [(names[part.criterion], part.marks) for part in pair.difference.parts]
    if rounding := pair.difference.rounding.marks:
        values.append((_("Arrondis"), rounding))
    if pair.corrects:
        values.append((_("Correction de la sévérité"), pair.difference.total.correction))
    values.append((_("Écart"), pair.difference.total.both))
    longest = max(abs(value) for _name, value in values) or Decimal(1)
    return [
        {
            "name": name,
            "value": pair_words.signed_points(abs(value)),
            "label": pair_words.advantage(pair, value),
            "x": f"{50 - width if value > 0 else 50:.2f}%",
            "width": f"{width:.2f}%",
            "side": "first" if value > 0 else "second" if value < 0 else "",
            "is_total": index == len(values) - 1,
        }
        for index, (name, value) in enumerate(values)
        for width in [float(abs(value) / longest) * HALF]
    ]
