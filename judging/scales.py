"""A new kind of criterion is one more entry of `SCALES`."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

OUT_OF = 20  # maximum of a total, for all scales of criteria
EXACT = 9  # decimals; what is behind them comes from sums of floats


@dataclass(frozen=True)
class Scale:
    top: int
    step: Decimal

    def accepts(self, value: Decimal) -> bool:
        return value.is_finite() and 0 <= value <= self.top and value % self.step == 0

    def parse(self, text: str) -> Decimal | None:
        """Also returns numbers that are not valid marks. Raises ValueError."""
        text = text.strip().replace(",", ".")
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise ValueError(text) from error
        if not value.is_finite():
            raise ValueError(text)
        return value

    def write(self, value: Decimal | None) -> str:
        """As changes and scripts keep a mark: 14.5, 14, or nothing."""
        if value is None:
            return ""
        # A number that is no mark may have any exponent: it is not written out.
        return format(value.normalize() + 0, "f") if self.accepts(value) else str(value)

    def show(self, value: Decimal | None) -> str:
        """In the active language: « 14,5 »."""
        return self.write(value).replace(".", get_format("DECIMAL_SEPARATOR"))

    def anchors(self) -> list[Decimal]:
        """The marks that have a button: all whole ones."""
        return [Decimal(value) for value in range(self.top + 1)]

    def nearest(self, out_of_20: float) -> Decimal:
        return round(out_of_20 * self.top / OUT_OF / float(self.step)) * self.step

    @property
    def label(self) -> str:
        return str(self.top)

    @property
    def title(self) -> str:
        """« sur 20 », after « noté » or « note »"""
        return _("sur {top}").format(top=self.top)

    @property
    def suffix(self) -> str:
        """« / 20 », after a mark"""
        return f"/ {self.top}"

    @property
    def rule(self) -> str:
        """« va de 0 à 20, par demi-points », after « une note »"""
        return _("va de 0 à {top}, par demi-points").format(top=self.top)


# By the value of `Criterion.scale`.
SCALES = {top: Scale(top, Decimal("0.5")) for top in (5, 10, 20)}
MOST = max(scale.top for scale in SCALES.values())


def rounded(value: Fraction | Decimal | float, places: int = 2) -> Decimal:
    """Half up, on every page, in the minutes and in scripts (`written` of js/jury-marks.js)."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(value, EXACT)))
    # Adding 0 makes -0 a plain 0.
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def written(value: Fraction | Decimal | float, places: int = 2) -> str:
    """In the active language: « 12,83 »."""
    return str(number_format(rounded(value, places), places))
