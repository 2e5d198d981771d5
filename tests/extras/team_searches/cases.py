from hackathon.base.accounts.models import User
from hackathon.extras.team_searches.models import Invitation, Search
from tests.access.roles import ORGANIZER, SIGNED_IN, TEAM
from tests.conftest import NOON
from tests.extras import Cases, Rows

READS = {
    "team_searches:index": ORGANIZER,  # once registration is closed
    "team_searches:own": SIGNED_IN,
}
WRITES = {
    "team_searches:index": ORGANIZER,
    "team_searches:invitation": frozenset(["loner"]),  # who is invited
    "team_searches:invite": TEAM,  # of the department in which loner looks for a team
    "team_searches:remove": TEAM | ORGANIZER | {"loner"},
    "team_searches:remove-wanted": ORGANIZER,
}
SENTENCES = {
    "invitation.declined": ({}, "Eve a refusé l’invitation de l’équipe « Les Pixels »."),
    "invitation.sent": ({}, "Eve a invité Dan dans l’équipe « Les Pixels »."),
    "search.removed": ({}, "Eve a retiré la ligne de Dan, qui cherche une équipe."),
    "search.written": ({}, "Eve cherche une équipe."),
    "wanted.removed": ({}, "L’équipe « Les Pixels » ne cherche plus de membres (Eve)."),
    "wanted.written": ({}, "Eve cherche des membres pour l’équipe « Les Pixels »."),
}


def _objects(world: Rows) -> Rows:
    team, edition = world["team"], world["edition"]
    loner = User.objects.get(email="loner@example.org")
    search = Search.objects.create(
        edition=edition, department=team.department, user=loner, text="Libre", written_at=NOON
    )
    invitation = Invitation.objects.create(team=team, user=loner, invited_at=NOON)
    return {"search": search, "invitation": invitation}


CASES = Cases(
    reads=READS,
    writes=WRITES,
    pk_of={
        "team_searches:invitation": "invitation",
        "team_searches:invite": "search",
        "team_searches:remove": "search",
        "team_searches:remove-wanted": "team",
    },
    sentences=SENTENCES,
    objects=_objects,
)
