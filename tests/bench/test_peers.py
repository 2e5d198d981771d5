"""What the benchmarks of uploads and sockets need before they start."""

import pytest
from django.contrib.sessions.models import Session

from bench.uploads import people, servers
from teams.models import Membership


def test_each_member_of_a_team_has_a_session_and_captains_come_first(world):
    keys = people.sessions()

    users = [
        int(Session.objects.get(session_key=key).get_decoded()["_auth_user_id"]) for key in keys
    ]
    memberships = Membership.objects.all()
    captains = {member.user_id for member in memberships if member.is_captain}
    assert sorted(users) == sorted(member.user_id for member in memberships)
    assert set(users[: len(captains)]) == captains


def test_missing_packages_are_reported_with_the_command_that_installs_them():
    servers.require_packages(servers.ROOT)
    with pytest.raises(SystemExit, match=r"make bench/empty/node_modules/\.stamp"):
        servers.require_packages(servers.ROOT / "bench" / "empty")
