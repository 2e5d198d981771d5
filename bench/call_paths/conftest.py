from tests.conftest import *  # noqa: F403
from tests.judging.scoring.conftest import *  # noqa: F403
from tests.submissions.tus.conftest import *  # noqa: F403
