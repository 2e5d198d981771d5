"""A morning: 400 people in 36 rooms, ten helpers, two of them without a network until noon."""

import random
from datetime import timedelta

from hackathon.base.accounts.models import User
from hackathon.extras.presence import selectors, services
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.models import Tick
from hackathon.extras.presence.services import Given
from teams.models import Duty, Membership, Team
from tests.conftest import NOON
from tests.extras.presence.conftest import given

PEOPLE, ROOMS, NEVER = 400, 36, 9
BATCH = 50  # of the queue


def test_ten_helpers_note_four_hundred_people_each_once(edition, infocom, eve):
    chance = random.Random(41)
    services.set_up(edition, confirms=True, helpers_tick=True, by=eve, at=NOON)
    teams = Team.objects.bulk_create(
        Team(
            edition=edition,
            department=infocom,
            name=f"Équipe {number}",
            room=str(number),
            floor=number // 6,
            join_code=f"CODE{number}",
            registered_at=NOON,
        )
        for number in range(ROOMS)
    )
    users = User.objects.bulk_create(
        User(email=f"p{number}@example.org", name=f"P{number:03}") for number in range(PEOPLE + 10)
    )
    people, helpers = users[:PEOPLE], users[PEOPLE:]
    Membership.objects.bulk_create(
        Membership(edition=edition, team=teams[n % ROOMS], user=user, joined_at=NOON)
        for n, user in enumerate(people)
    )
    Duty.objects.bulk_create(Duty(edition=edition, user=user, kind="technical") for user in helpers)
    queues: dict[int, list[Given]] = {helper.pk: [] for helper in helpers}
    arrivals, came = {}, people[NEVER:]
    for number, person in enumerate(came):
        seen_by = chance.sample(helpers, 2 if number % 4 == 0 else 1)
        instants = [NOON + timedelta(seconds=chance.randint(0, 3600)) for _one in seen_by]
        arrivals[person.pk] = min(instants)
        for helper, instant in zip(seen_by, instants, strict=True):
            queues[helper.pk].append(given(person, at=instant))
    sent: set[int] = set()

    def send(helper: User, ticks: list[Given]) -> None:
        services.tick(edition, ticks, by=helper, at=NOON + timedelta(hours=2))
        sent.update(one.person for one in ticks)

    cut, connected = helpers[:2], helpers[2:]
    for helper in [*connected, *cut]:
        queue = queues[helper.pk]
        for start in range(0, len(queue), BATCH):
            send(helper, queue[start : start + BATCH])
        send(helper, queue[-BATCH:])  # its answer was lost
        inside = {one.pk for one in selectors.roll_of(edition).inside}
        assert inside == sent

    roll = selectors.roll_of(edition)
    assert len(roll.people) == PEOPLE
    assert {one.pk: one.latest.arrived_at for one in roll.inside} == arrivals
    assert [one.pk for one in roll.to_note] == [one.pk for one in people[:NEVER]]
    assert Tick.objects.count() == sum(map(len, queues.values()))
    assert max(len(r) for f in selectors.in_rooms(roll.people) for _n, r in f.found) <= 30
    assert set(Tick.objects.values_list("kind", flat=True)) == {TickKind.HERE}
