from tests.access.roles import JURY, ORGANIZER, PRESIDENT
from tests.extras import Cases

CASES = Cases(
    writes={
        "offered_readings:answer": JURY,
        "offered_readings:switch": PRESIDENT | ORGANIZER,
    },
    pk_of={"offered_readings:switch": "department"},
    sentences={
        "reading.accepted": ({}, "Eve a accepté une lecture de plus (Info-Com)."),
        "readings.offered": (
            {},
            "Eve fait proposer une lecture de plus aux jurés qui ont fini (Info-Com).",
        ),
        "readings.withheld": (
            {},
            "Eve ne fait plus proposer de lecture aux jurés qui ont fini (Info-Com).",
        ),
    },
)
