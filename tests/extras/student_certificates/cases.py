from tests.access.roles import EVERYBODY, NOBODY_YET, ORGANIZER
from tests.extras import Cases

CASES = Cases(
    reads={
        "student_certificates:certificate": NOBODY_YET,  # of a code that is not genuine
        "student_certificates:correct": ORGANIZER,
        "student_certificates:own": NOBODY_YET,  # before the end of the team's period
        "student_certificates:participation": ORGANIZER,
        "student_certificates:prizes": frozenset(),  # before the results are published
        "student_certificates:search": EVERYBODY,
    },
    writes={"student_certificates:correct": ORGANIZER},
    sentences={"certificate.named": ({}, "Eve a corrigé le nom de Dan sur les attestations.")},
    published_reads={"student_certificates:prizes": ORGANIZER},
)
