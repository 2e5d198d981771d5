from typing import Any

from hackathon.extras.letters.models import Remark
from judging.enums import SheetState
from judging.models import Juror, ScoreSheet
from tests.access.roles import ORGANIZER, PRESIDENT, STUDENTS
from tests.conftest import NOON, make_user
from tests.extras import Cases

READS = {
    "letters:index": PRESIDENT,
    "letters:own": frozenset(),  # for its team, after the results
    "letters:own-pdf": frozenset(),
    "letters:remark": frozenset(),  # of a finished sheet
    "letters:sentences": ORGANIZER,
    "letters:setup": ORGANIZER,
}
WRITES = {
    "letters:index": PRESIDENT,
    "letters:remark": frozenset(),  # of a finished sheet
    "letters:sentences": ORGANIZER,
}
SENTENCES = {
    "sentences.asked": ({}, "Eve a demandé à Dan des phrases pour les lettres."),
    "sentences.edited": ({}, "Eve a revu une phrase du jury pour la lettre de « Les Pixels »."),
    "sentences.prepared": (
        {"name": "Besoin"},
        "Eve a réglé les phrases du jury sur le critère « Besoin ».",
    ),
}


def _secrets(world: Any, role: str, marker: str) -> None:
    """In a finished sheet of a juror who is not among the roles. The president prepares letters."""
    if role in PRESIDENT:
        return
    ann = make_user("ann@example.org", "Ann")
    juror = Juror.objects.create(department=world.objects["department"], user=ann)
    sheet = ScoreSheet.objects.create(
        juror=juror,
        team=world.objects["team"],
        state=SheetState.FINAL,
        finished_at=NOON,
        changed_at=NOON,
        version=1,
    )
    names = ("praise", "advice", "letter_praise", "letter_advice")
    texts = dict.fromkeys(names, f"{marker}phrase")
    Remark.objects.create(sheet=sheet, criterion=world.objects["criterion"], **texts)


CASES = Cases(
    reads=READS,
    published_reads=dict.fromkeys(("letters:own", "letters:own-pdf"), STUDENTS),
    writes=WRITES,
    pk_of={
        ("letters:remark", "pk"): "criterion",  # of no sentence
        ("letters:sentences", "pk"): "criterion",
    },
    sentences=SENTENCES,
    pages={"diane": [("letters:index", {"code": "INFOCOM"})]},
    secrets=_secrets,
)
