"""Most people came in the morning, some late; after noon a few have left, and nine never came."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from hackathon.base.accounts.models import User
from hackathon.base.core.tables import Row
from hackathon.extras.presence import selectors, services
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.forms import MomentRow
from hackathon.extras.presence.services import Given
from hackathon.run.demo.build import Made

MOMENTS = {"Matin": "2020-02-13T08:30", "Après-midi": "2020-02-13T13:00"}
NEVER, LATE, LEFT = 9, 0.05, 6
SAID = 3  # wait for a confirmation


def fill(made: Made) -> None:
    edition, day, by = made.edition, made.day, made.organizer
    chance = random.Random(edition.slug)  # keys of another demo edition are others
    rows = [
        Row(MomentRow(), None, {"name": name, "at": day.at(at)}) for name, at in MOMENTS.items()
    ]
    services.save_moments(edition, rows, by=by, at=day.registration_opens_at)
    morning, afternoon = selectors.moments_of(edition)
    if day.now < morning.at + timedelta(hours=2):
        return
    people = [one.pk for one in selectors.roll_of(edition).people if one.team]
    chance.shuffle(people)
    came, given = people[NEVER:], []
    for place, pk in enumerate(came):
        late = timedelta(minutes=chance.randint(20, 70) if chance.random() < LATE else 0)
        arrived = morning.at + timedelta(minutes=chance.randint(-25, 10)) + late
        given.append(_given(chance, pk, morning.pk, TickKind.HERE, arrived))
        noon = afternoon.at + timedelta(minutes=chance.randint(-10, 25))
        if place >= SAID and day.now > noon:
            given.append(_given(chance, pk, afternoon.pk, TickKind.HERE, noon))
        if SAID <= place < SAID + LEFT and day.now > noon + timedelta(hours=1):
            left = noon + timedelta(minutes=chance.randint(30, 55))
            given.append(_given(chance, pk, afternoon.pk, TickKind.LEFT, left))
    services.tick(edition, given, by=by, at=day.now)
    said = afternoon.at + timedelta(minutes=12)
    for user in User.objects.filter(pk__in=came[:SAID]) if day.now > said else ():
        services.say_here(edition, by=user, at=said)


def _given(chance: random.Random, pk: int, moment: int, kind: TickKind, at: datetime) -> Given:
    key = UUID(int=chance.getrandbits(128), version=4)
    return Given(key, pk, moment, kind, at)
