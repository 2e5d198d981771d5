from typing import Any

from hackathon.extras.voices.models import Ballot, Sentence, Survey
from tests.access.roles import ORGANIZER, STUDENTS
from tests.extras import Cases, Rows

READS = {"voices:index": ORGANIZER, "voices:own": STUDENTS, "voices:sign": STUDENTS}
WRITES = READS | {"voices:decide": ORGANIZER}
SENTENCES = {
    "survey.changed": ({}, "Eve a changé les questions aux participants."),
    "sentence.accepted": ({}, "Eve a accepté une phrase pour la page de la presse."),
    "sentence.hidden": ({}, "Eve a retiré une phrase de la page de la presse."),
}


def objects(world: Rows) -> Rows:
    ada = world["team"].memberships.first()
    return {"sentence": Sentence.objects.create(membership=ada, text="Une expérience au top !")}


def _secrets(world: Any, role: str, marker: str) -> None:
    """Answers that wait are for all a secret; a sentence that is not accepted, for others."""
    survey = Survey.objects.get_or_create(edition=world.objects["edition"])[0]
    answers = {"scale": [], "first": [f"Mieux {marker}avis"], "second": []}
    Ballot.objects.update_or_create(survey=survey, defaults={"voters": ["x"], "answers": answers})
    if role not in STUDENTS | ORGANIZER | {"rhea"}:
        Sentence.objects.update(text=f"Top {marker}phrase")


CASES = Cases(
    reads=READS,
    writes=WRITES,
    pk_of={"voices:decide": "sentence"},
    sentences=SENTENCES,
    pages={"eve": [("voices:index", {"slug": "ccd-2020"})]},
    objects=objects,
    secrets=_secrets,
)
