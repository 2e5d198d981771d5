from types import SimpleNamespace

import pytest

from teams.floors import by_floor, place


@pytest.mark.parametrize(
    ("nearest", "way"),
    [
        (None, [-1, 0, 2, 3, None]),
        (2, [2, 3, 0, -1, None]),
        (1, [0, 2, -1, 3, None]),  # at equal distance the lower floor first
        (9, [3, 2, 0, -1, None]),
    ],
)
def test_floors_are_sorted_by_distance(nearest, way):
    things = [(3, "b"), (None, "a"), (0, "b"), (2, "b"), (0, "a"), (-1, "a")]

    floors = by_floor(things, floor_of=lambda t: t[0], order=lambda t: t[1], nearest=nearest)

    assert [floor.number for floor in floors] == way
    assert next(f.found for f in floors if f.number == 0) == [(0, "a"), (0, "b")]


def test_rooms_are_sorted_by_their_numbers_on_each_floor():
    doors = [(1, "A10"), (1, "a9"), (1, "10"), (1, "9"), (0, "Amphi"), (None, "1"), (1, "")]
    teams = [SimpleNamespace(floor=floor, room=room, name="") for floor, room in doors]

    in_order = [(team.floor, team.room) for team in sorted(teams, key=place)]

    assert in_order == [
        (0, "Amphi"),
        *((1, room) for room in ("", "9", "10", "a9", "A10")),
        (None, "1"),
    ]
