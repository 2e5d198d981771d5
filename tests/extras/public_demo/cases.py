from tests.access.roles import NOBODY_YET
from tests.extras import Cases

# Only with CCD_PUBLIC_DEMO.
CASES = Cases(
    reads=dict.fromkeys(("public_demo:index", "public_demo:reset"), NOBODY_YET),
    writes=dict.fromkeys(("public_demo:enter", "public_demo:reset"), NOBODY_YET),
)
