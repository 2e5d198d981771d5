from tests.access.roles import ORGANIZER
from tests.extras import Cases

CASES = Cases(
    reads={"static_archive:download": frozenset()},  # once the results are published
    published_reads={"static_archive:download": ORGANIZER},
)
