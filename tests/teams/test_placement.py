import pytest

from teams.placement import Group, Place, Proposal, propose

ROOMS = [Place("A", 0, 12), Place("B", 0, 12), Place("C", 1, 30)]


def group(name: str, size: int, department: int = 1, room: str = "", **more: bool) -> Group:
    return Group(hash(name), name, department, size, room, None, **more)


def placed(proposal: Proposal) -> dict[str, str]:
    return {g.name: room.place.name for room in proposal.rooms for g in room.coming}


def test_a_department_stays_together_and_large_teams_come_first():
    teams = [group("a", 4), group("b", 8), group("x", 8, 2), group("y", 4, 2)]

    proposal = propose(ROOMS, teams, moves=False)

    assert placed(proposal) == {"b": "A", "a": "A", "x": "B", "y": "B"}
    assert not proposal.left


def test_a_second_room_of_a_department_is_on_its_floor():
    rooms = [Place("A", 0, 12), Place("B", 1, 8), Place("C", 0, 8)]

    proposal = propose(rooms, [group("a", 12), group("b", 8)], moves=False)

    assert placed(proposal) == {"a": "A", "b": "C"}


def test_who_fits_nowhere_is_named_with_the_reason():
    teams = [group("huge", 31), group("a", 12), group("b", 12), group("c", 28), group("d", 4)]

    proposal = propose(ROOMS, [*teams, group("empty", 0)], moves=False)

    left = {line.group.name: (line.most, line.too_large) for line in proposal.left}
    assert left == {"huge": (30, True), "d": (2, False), "empty": (2, False)}


def test_departments_are_mixed_if_fewer_people_are_left_over_then():
    rooms = [Place("A", 0, 10), Place("B", 0, 6)]
    # Department 1 alone would take A with 6 and 3, and B would not hold the 7 of department 2.
    teams = [group("a", 6), group("b", 3), group("x", 7, 2)]

    proposal = propose(rooms, teams, moves=False)

    assert placed(proposal) == {"x": "A", "a": "B", "b": "A"}
    assert not proposal.left


@pytest.mark.parametrize("moves", [False, True])
def test_teams_stay_unless_one_asks_otherwise(moves):
    teams = [group("a", 4, room="c "), group("x", 4, 2, absent=True, room="A"), group("b", 4)]

    proposal = propose(ROOMS, [*teams, group("gone", 4, absent=True)], moves=moves)

    assert placed(proposal) == ({"a": "B", "b": "B"} if moves else {"b": "C"})
    assert not proposal.left


def test_who_loses_a_room_is_named_and_who_is_elsewhere_keeps_it():
    rooms = [Place("A", None, 8)]
    teams = [group("a", 3, room="A"), group("b", 8, room="A"), group("c", 3, room="Hall")]

    proposal = propose(rooms, teams, moves=True)

    assert [(left.group.name, left.loses) for left in proposal.left] == [("a", True), ("c", False)]
    assert [(g.name, room) for g, room, _floor in proposal.changes] == [("a", "")]


@pytest.mark.parametrize("seed", range(30))
def test_no_room_is_ever_overfull(seed):
    rooms = [Place(f"R{n}", n % 3, 5 + (seed * 7 + n * 11) % 23) for n in range(9)]
    teams = [group(f"t{n}", (seed * 5 + n * 13) % 9, n % 4) for n in range(30)]

    proposal = propose(rooms, teams, moves=True)

    assert not any(room.missing for room in proposal.rooms)
    assert len(placed(proposal)) + len(proposal.left) == len(teams)
    for line in proposal.left:
        assert not line.group.size or all(room.free < line.group.size for room in proposal.rooms)
