"""An organizer hides the works of one team."""

from typing import Any

import pytest
import time_machine

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.extras.gallery import selectors
from submissions.models import Submission
from teams.enums import Circle
from teams.models import Team
from teams.services import organizing
from tests.conftest import make_user
from tests.extras.gallery.conftest import LATER, OPEN, status_of
from tests.judging.conftest import text_of
from tests.teams.works import agree, choose

pytestmark = pytest.mark.django_db
REASON = "Ce film montre des mineurs."


@pytest.fixture(autouse=True)
def at() -> object:
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


def addresses(team: Team, submission: Submission) -> list[str]:
    return [
        f"{prefix}{address}"
        for prefix in ("/galerie/", "/editions/ccd-2020/galerie/")
        for address in (f"equipes/{team.pk}/", f"depots/{submission.pk}/contenu/")
    ]


def test_the_work_is_nowhere_and_comes_back(comunik, published, cleo, pixels, eve, client_of):
    visitor, organizer = client_of(cleo), client_of(eve)
    form = f"/organisation/equipes/{comunik.pk}/travaux/"
    picture = f"/palmares/images/{comunik.pk}/"
    markers = {
        "/galerie/": f'data-work="{comunik.pk}"',
        "/editions/ccd-2020/galerie/": f'data-work="{comunik.pk}"',
        "/api/v1/gallery/": '"items":[{',
        "/palmares/": picture,
        "/editions/ccd-2020/presse/": f"depots/{published.pk}/apercu/",
    }

    def found() -> tuple[set[int], list[bool]]:
        paths = [picture, *addresses(comunik, published)]
        shown = {status_of(visitor, path) for path in paths}
        return shown, [text in text_of(visitor.get(page)) for page, text in markers.items()]

    before = found()
    organizer.post(form, {"because": f"  {REASON} "})
    hidden = found()
    stored = text_of(organizer.get(form))
    listed = text_of(organizer.get("/organisation/editions/ccd-2020/galerie/"))
    organizer.post(form, {"because": ""})

    assert (before, hidden) == (({200}, [True] * 5), ({404}, [False] * 5))
    assert found() == before
    assert REASON in stored
    assert REASON in listed
    acts = JournalEntry.objects.filter(act__startswith="works.").order_by("pk")
    assert [entry.act for entry in acts] == ["works.hidden", "works.shown"]
    assert REASON not in str(list(acts.values()))


def test_open_pages_lose_it_at_once_and_a_member_who_agrees_does_not_bring_it_back(
    comunik, shown, ben, eve
):
    LiveMessage.objects.all().delete()

    organizing.hide_works(comunik, because=REASON, by=eve, at=OPEN)
    organizing.hide_works(comunik, because="Autre motif", by=eve, at=OPEN)
    choose(ben, Circle.EDITION)
    choose(ben, Circle.EVERYBODY)
    organizing.hide_works(comunik, because="", by=eve, at=OPEN)

    told = LiveMessage.objects.filter(type="work.changed").order_by("pk")
    assert [message.data["circle"] for message in told] == [1, 1, 1, 3]
    assert {name for message in told for name in message.audience_names} == {"everyone"}


def test_the_team_alone_reads_why(comunik, published, ada, cleo, pixels, eve, client_of):
    organizing.hide_works(comunik, because=REASON, by=eve, at=OPEN)

    assert REASON in text_of(client_of(ada).get("/equipe/"))
    for address in ("/equipe/", "/galerie/", "/palmares/", "/editions/ccd-2020/"):
        assert REASON not in text_of(client_of(cleo).get(address))


def test_a_hidden_team_is_counted_apart(comunik, shown, eve):
    organizing.hide_works(comunik, because=REASON, by=eve, at=OPEN)

    assert selectors.counts_of(comunik.edition) == selectors.Counts(0, 0, 0, 0)
    assert selectors.hidden_teams(comunik.edition) == [comunik]


def test_a_reason_that_is_too_long_is_kept_in_the_form(comunik, eve, client_of):
    long = "mot " * 100

    answer: Any = client_of(eve).post(
        f"/organisation/equipes/{comunik.pk}/travaux/", {"because": long}
    )

    assert answer.status_code == 422
    assert long.strip() in text_of(answer)
    comunik.refresh_from_db()
    assert comunik.works_hidden_because == ""


def test_who_joins_a_hidden_team_and_agrees_shows_nothing(comunik, shown, eve):
    organizing.hide_works(comunik, because=REASON, by=eve, at=OPEN)
    organizing.add_people(comunik, [make_user("zoe@example.org").email], by=eve, at=OPEN)

    agree(comunik)

    assert not Team.objects.showing_works_to(Circle.EDITION).exists()
