from tests.submissions.conftest import *  # noqa: F403
