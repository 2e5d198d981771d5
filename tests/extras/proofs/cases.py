from tests.access.roles import EVERYBODY, ORGANIZER, TEAM
from tests.extras import Cases

CASES = Cases(
    reads={
        "proofs:proof": TEAM | ORGANIZER,
        "proofs:program": EVERYBODY,
        "proofs:seal": EVERYBODY,
        "api:submission-proof": TEAM | ORGANIZER,
    },
    pk_of={
        "proofs:proof": "submission",
        "proofs:seal": "seal",
        "api:submission-proof": "submission",
    },
)
