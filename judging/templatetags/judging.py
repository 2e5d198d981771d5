"""How marks are written on the juries' pages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.formats import number_format
from django.utils.html import json_script
from django.utils.safestring import SafeString

from judging.deliberation.selectors import decision as selectors
from judging.deliberation.selectors.handed_in import Lacking
from judging.models import Juror
from judging.scoring import sealed_changes as sealing
from judging.scoring.tablet_texts import tablet_texts
from teams.models import Team

RADIUS, STEP = 6, 13  # px
APART = 0.8  # points of a total: closer ones stand on each other, also on a telephone

register = template.Library()


@register.filter
def out_of_20(mean: Fraction | float | None) -> str:
    """« 14,20 »: two decimals, so that what differs a little is not shown as equal."""
    if mean is None:
        return ""
    exact = Decimal(round(100 * mean)) / 100
    return number_format(exact.quantize(Decimal("0.01")), 2)


@register.filter
def points(mean: Fraction) -> str:
    """« 14.2 »: for scripts."""
    return f"{float(mean):.4f}"


@register.inclusion_tag("judging/_strip.html")
def own_strip(totals: Sequence[Any], team: Team | None = None) -> dict[str, Any]:
    """The juror's own totals on one line from 0 to 20; those close together stand on each other.

    `totals` have `team` and `total`. On the sheet of `team` its point is its own, and moves.
    """
    placed, own = [], None
    ends: list[float] = []  # by level, the last total on it
    for one in sorted(totals, key=lambda one: one.total):
        if team is not None and one.team.pk == team.pk:
            own = one
            continue
        total = float(one.total)
        level = next((n for n, end in enumerate(ends) if total - end >= APART), len(ends))
        ends[level : level + 1] = [total]
        placed.append((one, f"{total * 5:.2f}%", level))
    base = 18 + STEP * max(len(ends), 1)
    return {
        "points": [(one, x, base - RADIUS - 3 - STEP * level) for one, x, level in placed],
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
    """What the tablet's scripts know: whose it is, where to send, what to say."""
    user = context["request"].user
    return json_script(
        {
            "user": user.pk,
            "ticket": sealing.ticket(user.pk),
            "sealKey": sealing.public_key(),
            "urls": {
                "list": reverse("judging:index"),
                "worker": reverse("judging:worker"),
                "kit": reverse("judging:kit"),
                "synchronise": reverse("judging:synchronise"),
                "sealed": reverse("judging:sealed"),
                "handover": reverse("judging:handover"),
            },
            "words": tablet_texts(),
        },
        "jury",
    )


@register.inclusion_tag("judging/_lacking.html")
def lacks(lacking: Mapping[int, Lacking] | None, team: Team) -> dict[str, Any]:
    """That `team` has not handed in all it had to, where it has not; else nothing."""
    return {"lacking": (lacking or {}).get(team.pk)}


@register.filter
def signed(value: float) -> str:
    """« +0,80 », « −0,80 »: what was added to a mean."""
    sign = "+" if value >= 0 else "−"
    return f"{sign}{out_of_20(abs(value))}"


@register.simple_tag
def to_sign(juror: Juror) -> str:
    """« unsigned » or « signed » while this juror's jury is asked to sign its decision; else ""."""
    return selectors.signing_of(juror)
