from tests.browser.conftest import *  # noqa: F403
from tests.browser.handing_in.conftest import *  # noqa: F403
