from typing import Any

from hackathon.event.editions.models import Edition
from hackathon.extras.grades import services
from hackathon.extras.grades.models import OwnGrade
from teams.models import Membership
from tests.access.roles import ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows

OWN = ("grades:own-grades", "grades:own-grade")


def objects(world: Rows) -> Rows:
    """Ben has another mark than ada."""
    member = Membership.objects.get(team=world["team"], user__name="Ben")
    values: dict[str, Any] = {"kind": "absent", "mark": None, "reason": "Parti à midi"}
    own = services.give(member, **values, by=world["organizer"], at=NOON)
    return {"graded_member": member, "own_grade": own}


def _secrets(world: Any, role: str, marker: str) -> None:
    """The reason, on a graded day, for all but the person whom it concerns."""
    Edition.objects.filter(pk=world.objects["edition"].pk).update(is_graded=True)
    if role != "ben":
        own = OwnGrade.objects.filter(pk=world.objects["own_grade"].pk)
        own.update(reason=f"Motif {marker}note")


CASES = Cases(
    # The first one of a graded day, once it is published.
    reads={"grades:grades": frozenset(), **dict.fromkeys(OWN, ORGANIZER)},
    writes={
        "grades:grades": frozenset(),
        "grades:own-grade": ORGANIZER,
        "grades:withdraw": ORGANIZER,
    },
    unread=dict.fromkeys(OWN),
    pk_of={"grades:own-grade": "graded_member", "grades:withdraw": "own_grade"},
    sentences={
        "grades.exported": ({}, "Eve a téléchargé les notes des étudiants."),
        "own_grade.given": ({"user": "ada"}, "Eve a donné une note à part à Dan."),
        "own_grade.withdrawn": ({"user": "ada"}, "Eve a retiré la note à part de Dan."),
    },
    objects=objects,
    secrets=_secrets,
)
