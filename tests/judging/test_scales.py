import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils import translation

from judging.ranking.standings import Weighting, total
from judging.scales import SCALES, rounded, written

# The tests of the scripts read the same tables.
TABLES = Path(__file__).parent.parent / "tables"
MARKS = json.loads((TABLES / "marks.json").read_text())
TOTALS = json.loads((TABLES / "totals.json").read_text())


@pytest.mark.parametrize("row", MARKS, ids=lambda row: f"{row['text']!r} of {row['top']}")
def test_a_text_is_a_mark_of_the_scale_or_not(row):
    scale = SCALES[row["top"]]
    try:
        value = scale.parse(row["text"])
    except ValueError:
        assert row["written"] is None
        return

    assert float(scale.step) == row["step"]
    assert (value is None or scale.accepts(value)) is (row["written"] is not None)
    if row["written"] is not None:
        assert scale.write(value) == row["written"]
        with translation.override("fr"):
            assert scale.show(value) == row["shown"]


@pytest.mark.parametrize("row", TOTALS)
def test_a_total_is_the_weighted_mean_out_of_20(row):
    marks = {n: Decimal(mark["value"]) for n, mark in enumerate(row["marks"])}
    weightings = {n: Weighting(mark["weight"], mark["top"]) for n, mark in enumerate(row["marks"])}

    for number in (Fraction, float):
        found = total(marks, weightings, number=number)
        assert (None if found is None else round(float(found), 4)) == row["total"]


@pytest.mark.parametrize("scale", SCALES.values(), ids=str)
def test_a_scale_has_a_button_for_each_whole_mark(scale):
    anchors = scale.anchors()

    assert anchors == list(range(scale.top + 1))
    assert all(scale.accepts(value) for value in anchors)
    assert [scale.parse(scale.write(value)) for value in anchors] == anchors


def test_the_nearest_mark_to_a_value_out_of_20():
    assert SCALES[5].nearest(14.2) == Decimal("3.5")
    assert SCALES[20].nearest(14.2) == Decimal(14)


def test_a_number_that_is_no_mark_is_not_written_out():
    assert SCALES[20].write(Decimal("1e999999")) == "1E+999999"


@pytest.mark.parametrize(
    "value", [Fraction(2565, 200), 12.825, 12.8249999999999, Decimal("12.825")]
)
def test_there_is_one_way_to_round(value):
    assert written(value) == "12,83"
    assert str(rounded(-0.001)) == "0.00"
