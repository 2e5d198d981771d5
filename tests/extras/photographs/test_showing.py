"""Who sees a photograph: everybody, after the publication, if all who are named agree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Department
from hackathon.extras.photographs import rules, selectors, services
from hackathon.extras.photographs.enums import State
from hackathon.extras.photographs.models import Photograph
from hackathon.run.privacy.services import consents
from teams.services import membership as memberships
from tests.conftest import NOON
from tests.extras.photographs.conftest import LATER, agree, publish
from tests.extras.photographs.pictures import drawn
from tests.judging.ceremony.past_editions import past_edition
from tests.judging.conftest import text_of
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]
PAGES = ("/", "/editions/ccd-2020/photos/", "/editions/ccd-2020/presse/")


def address(photograph: Photograph, size: str = "grande") -> str:
    return f"/editions/ccd-2020/photos/{photograph.pk}/{size}/"


def leading(browser, photograph: Photograph) -> list[str]:
    return [page for page in PAGES if str(photograph.pk) in text_of(browser.get(page))]


def status_of(browser, url: str) -> int:
    answer = browser.get(url)
    if answer.streaming:
        list(answer.streaming_content)
    return answer.status_code


@pytest.mark.parametrize(
    ("teams", "nobody", "public", "state"),
    [
        ([], False, True, State.UNNAMED),
        ([], True, True, State.SHOWN),
        ([], True, False, State.LATER),
        ([[True, True]], False, True, State.SHOWN),
        ([[True, True]], False, False, State.LATER),
        ([[True, None]], False, True, State.WAITING),
        ([[True, None], [False]], False, True, State.REFUSED),
        ([[True], []], False, True, State.WAITING),
    ],
)
def test_the_state_of_a_photograph(teams, nobody, public, state):
    assert rules.state_of(teams, shows_nobody=nobody, results_are_public=public) == state


def test_it_is_shown_once_all_agree_and_disappears_at_once_when_one_withdraws(
    edition, group, ada, ben, client
):
    publish(edition)
    agree(edition, ada)
    before = leading(client, group), status_of(client, address(group))

    agree(edition, ben)
    shown = leading(client, group), status_of(client, address(group))
    small = status_of(client, address(group, "petite"))
    (given,) = [one for one in consents.consents_of(ben) if one.kind == "photos"]
    consents.withdraw(ben, "photos", given.pk, at=LATER)
    after = leading(client, group), status_of(client, address(group))

    assert before == ([], 404)
    assert (*shown, small) == (list(PAGES), 200, 200)
    assert after == ([], 404)
    assert status_of(client, address(group, "petite")) == 404


def test_a_browser_asks_each_time_whether_it_may_still_show_it(edition, group, ada, ben, client):
    publish(edition)
    agree(edition, ada, ben)

    answer = client.get(address(group))
    list(answer.streaming_content)
    again = client.get(address(group), headers={"If-None-Match": answer["ETag"]})
    agree(edition, ben, agrees=False)
    gone = client.get(address(group), headers={"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Type"] == "image/jpeg"
    assert (again.status_code, gone.status_code) == (304, 404)


def test_who_joins_a_team_that_is_named_is_asked_first(edition, group, pixels, ada, ben, cleo, eve):
    publish(edition)
    agree(edition, ada, ben)
    edition.refresh_from_db()
    before = len(selectors.public_photographs(edition, at=LATER))

    cleo.memberships.all().delete()
    memberships.join(group.teams.get(), user=cleo, by=eve, at=NOON)

    assert (before, selectors.public_photographs(edition, at=LATER)) == (1, [])


def test_before_the_publication_only_organizers_see_it(edition, group, ada, ben, eve, client_of):
    agree(edition, ada, ben)

    for person in (ada, ben):
        assert status_of(client_of(person), address(group)) == 404
    assert status_of(client_of(eve), address(group)) == 404
    assert status_of(client_of(eve), f"/organisation{address(group)}") == 200
    assert "paraîtra avec les résultats" in text_of(
        client_of(eve).get("/organisation/editions/ccd-2020/photos/")
    )


def test_winners_of_a_department_that_is_held_back_are_not_shown(edition, group, ada, ben, client):
    agree(edition, ada, ben)
    publish(edition)
    Department.objects.update(held_back_at=NOON)

    assert leading(client, group) == []
    assert status_of(client, address(group)) == 404


def test_it_is_of_the_edition_in_its_address(edition, group, ada, ben, client):
    agree(edition, ada, ben)
    publish(edition)
    past_edition("2019", 1)

    assert status_of(client, address(group).replace("ccd-2020", "ccd-2019")) == 404


def test_one_photograph_or_ten_make_the_same_number_of_queries(
    edition, group, ada, ben, eve, client
):
    agree(edition, ada, ben)
    publish(edition)
    client.get(PAGES[1])
    one = queries_of(lambda: client.get(PAGES[1]))
    services.keep(edition, [drawn(f"{n}.jpg") for n in range(9)], by=eve, at=NOON)
    for photograph in Photograph.objects.all():
        photograph.teams.set(group.teams.all())
    ten = queries_of(lambda: client.get(PAGES[1]))

    assert client.get(PAGES[1]).content.decode().count("<figure>") == 10
    assert one == ten


def test_an_edition_without_it_has_no_page_and_makes_no_query_for_it(
    edition, group, ada, ben, client
):
    agree(edition, ada, ben)
    publish(edition)
    edition.refresh_from_db()
    edition.extras.remove("photographs")
    edition.save()

    with CaptureQueriesContext(connection) as queries:
        assert leading(client, group) == []
    assert status_of(client, address(group)) == 404
    assert not [q for q in queries if "photographs_" in q["sql"]]


def test_an_answer_reaches_everybody_only_if_the_team_is_in_a_public_picture(
    edition, group, pixels, ada, cleo
):
    publish(edition)
    LiveMessage.objects.all().delete()

    agree(edition, cleo, at=LATER)
    alone = list(LiveMessage.objects.values_list("type", flat=True))
    agree(edition, ada, at=LATER)

    assert alone == ["image_right.answered"]
    assert LiveMessage.objects.filter(type="photograph.changed").count() == 1
