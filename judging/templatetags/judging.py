"""How marks are written on the juries' pages."""

from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def out_of_20(mean: Fraction | float | None) -> str:
    """« 14,20 »: two decimals, so that what differs a little is not shown as equal."""
    if mean is None:
        return ""
    exact = Decimal(round(100 * mean)) / 100
    return number_format(exact.quantize(Decimal("0.01")), 2)
