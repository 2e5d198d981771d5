import time_machine
from django.test import Client

from teams.enums import HelpKind
from teams.services import calls
from tests.conftest import NOON

PATH = "/api/v1/help-requests/"


@time_machine.travel(NOON, tick=False)
def test_a_team_and_its_helpers_read_its_call(client_of, comunik, pixels, ada, cleo, dan, loner):
    call = calls.request(team=comunik, kind=HelpKind.TEACHER, note="Le plan", by=ada, at=NOON)

    waiting = client_of(ada).get(PATH)
    to_its_helper = client_of(dan.user).get(PATH).json()
    calls.claim(call=call, by=dan.user, at=NOON)
    calls.finish(call=call, by=dan.user, at=NOON)
    (done,) = client_of(ada).get(PATH).json()

    assert waiting["Cache-Control"] == "private, no-cache"
    assert waiting.json() == to_its_helper
    assert to_its_helper == [
        {
            "id": call.pk,
            "kind": "teacher",
            "state": "waiting",
            "team": {"id": comunik.pk, "name": "Com’unik", "department": "INFOCOM"},
            "place": "214",
            "floor": 2,
            "note": "Le plan",
            "queue_place": 1,
            "claimed_by": None,
            "requested_at": "2020-02-13T12:00:00Z",
            "claimed_at": None,
            "closed_at": None,
        }
    ]
    assert (done["state"], done["claimed_by"]) == ("done", "Dan")
    assert client_of(dan.user).get(PATH).json() == []
    assert client_of(cleo).get(PATH).json() == client_of(loner).get(PATH).json() == []
    assert Client().get(PATH).status_code == 401
