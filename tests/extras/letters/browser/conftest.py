from tests.browser.conftest import *  # noqa: F403
from tests.browser.sheet.conftest import *  # noqa: F403
