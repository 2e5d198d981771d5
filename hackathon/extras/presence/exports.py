"""The list of people as a file: what a school's office needs."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.exports import Columns
from hackathon.extras.presence.models import Moment
from hackathon.extras.presence.selectors import Person, Roll

PERSON: Columns = [
    (_("Nom"), lambda one: one.name),
    (_("Numéro"), lambda one: one.number),
    (_("Département"), lambda one: one.department),
    (_("Équipe"), lambda one: one.team and one.team.name),
    (_("Salle"), lambda one: one.team and one.team.room),
    (_("Noté absent"), lambda one: gettext("oui") if _is_absent(one) else gettext("non")),
]


def columns(roll: Roll) -> Columns:
    return [*PERSON, *(column for moment in roll.moments for column in _of(moment, roll))]


def _of(moment: Moment, roll: Roll) -> Columns:
    """State, arrival, departure, and who has noted the arrival."""
    return [
        (moment.name, lambda one: str(one.at(moment).state.label)),
        (_titled(moment, gettext("arrivée")), lambda one: _arrival(one, moment)),
        (_titled(moment, gettext("départ")), lambda one: _departure(one, moment)),
        (
            _titled(moment, gettext("noté par")),
            lambda one: roll.names.get(one.at(moment).by or 0, ""),
        ),
    ]


def _titled(moment: Moment, what: str) -> str:
    return gettext("{moment}, {what}").format(moment=moment.name, what=what)


def _arrival(one: Person, moment: Moment) -> datetime | None:
    return one.at(moment).arrived_at


def _departure(one: Person, moment: Moment) -> datetime | None:
    return one.at(moment).left_at


def _is_absent(one: Person) -> bool:
    return bool(one.absent_at or (one.team and one.team.absent_at))
