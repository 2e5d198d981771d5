"""Reads of teams, each with its right of access built in."""

from teams.selectors.teams import (
    DepartmentTeams,
    TeamLine,
    by_department,
    get_membership_for,
    get_team_for,
    joining_refusal,
    line_of,
    members_of,
    membership_of,
    normal_code,
    team_by_code,
    teams_of,
)

__all__ = [
    "DepartmentTeams",
    "TeamLine",
    "by_department",
    "get_membership_for",
    "get_team_for",
    "joining_refusal",
    "line_of",
    "members_of",
    "membership_of",
    "normal_code",
    "team_by_code",
    "teams_of",
]
