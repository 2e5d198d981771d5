from tests.access.roles import JURY, ORGANIZER, TEAM
from tests.extras import Cases

CASES = Cases(
    reads={
        "student_badges:badges": ORGANIZER,
        "student_badges:doors": ORGANIZER,
        "student_badges:where": TEAM | JURY | ORGANIZER,
    },
    pk_of={"student_badges:where": "team"},
)
