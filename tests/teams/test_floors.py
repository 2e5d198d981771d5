import pytest

from teams.floors import by_floor


@pytest.mark.parametrize(
    ("nearest", "way"),
    [
        (None, [-1, 0, 2, 3, None]),
        (2, [2, 3, 0, -1, None]),
        (1, [0, 2, -1, 3, None]),  # at equal distance the lower floor first
        (9, [3, 2, 0, -1, None]),
    ],
)
def test_floors_are_sorted_by_distance(nearest: int | None, way: list[int | None]) -> None:
    things = [(3, "b"), (None, "a"), (0, "b"), (2, "b"), (0, "a"), (-1, "a")]

    floors = by_floor(things, floor_of=lambda t: t[0], order=lambda t: t[1], nearest=nearest)

    assert [floor.number for floor in floors] == way
    assert next(f.found for f in floors if f.number == 0) == [(0, "a"), (0, "b")]
