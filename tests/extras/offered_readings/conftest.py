from tests.judging.conftest import *  # noqa: F403
