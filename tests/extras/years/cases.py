from tests.access.roles import ORGANIZER
from tests.extras import Cases

CASES = Cases(reads={"years:index": ORGANIZER})
