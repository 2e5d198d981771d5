from tests.teams.conftest import *  # noqa: F403
