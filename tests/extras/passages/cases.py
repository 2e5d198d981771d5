from typing import Any

from tests.access.roles import EVERYBODY, NOBODY_YET, ORGANIZER, SIGNED_IN
from tests.extras import Cases
from tests.journal.cases_of_competition import DIGEST

SENTENCES: dict[str, tuple[dict[str, Any], str]] = {
    "passages.drawn": (
        {"word": "kiwi", "digest": DIGEST, "reason": "—"},
        (
            "Eve a tiré au sort l’ordre des passages (Info-Com) avec « kiwi » et l’empreinte"
            " a1b2c3d4. Motif d’un nouveau tirage : —"
        ),
    ),
    "passages.dropped": ({}, "Eve ne fait plus passer les équipes nommées (Info-Com)."),
    "passages.ordered": (
        {"reason": "—"},
        "Eve a mis les passages en ordre à la main (Info-Com). Motif : —",
    ),
    "passages.planned": (
        {"speaking_minutes": 3, "questions_minutes": 2},
        "Eve fait passer les équipes nommées (Info-Com) : 3 min, puis 2 min de questions.",
    ),
}


CASES = Cases(
    reads={
        "passages:deck": NOBODY_YET,  # with the key, only decks
        "passages:decks": EVERYBODY,  # who has its key
        "passages:index": ORGANIZER,
        "passages:own": SIGNED_IN,
        "passages:speaker": NOBODY_YET,  # only while the team is on stage
    },
    writes={
        "passages:decks": EVERYBODY,  # who has its key
        "passages:index": ORGANIZER,
        "passages:order": ORGANIZER,
        "passages:speaker": NOBODY_YET,
    },
    pk_of={("passages:deck", "pk"): "submission"},
    sentences=SENTENCES,
)
