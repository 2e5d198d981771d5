"""What all endpoints have in common: docs/api.md."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.models import KeptAnswer
from hackathon.base.core.tasks import prune
from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import briefs, schedule
from teams.models import Team
from teams.services import membership
from tests.announcements.steps import announce
from tests.conftest import NOON
from tests.tokens import make_token

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]
URL = "/api/v1/announcements/"
BODY = {"audience": "everyone", "body": "Salle 104"}


def bodies(answer: Any) -> list[str]:
    return [line["body"] for line in answer.json()]


def next_page(client: Client, answer: Any) -> Any:
    address, _separator, rel = answer["Link"].partition("; ")
    assert rel == 'rel="next"'
    return client.get(address.strip("<>").removeprefix("http://testserver"))


# ---------------------------------------------------------------- pages


@pytest.mark.database
def test_a_list_has_pages_without_gaps_or_repetitions(edition, eve):
    made = [announce(edition, eve, str(n), at=NOON - timedelta(hours=n)) for n in range(1, 6)]
    client = Client()

    first = client.get(f"{URL}?limit=2")
    announce(edition, eve, "newer")
    second = next_page(client, first)
    made[3].delete()
    third = next_page(client, second)

    assert [*bodies(first), *bodies(second)] == ["1", "2", "3", "4"]
    assert bodies(third) == ["5"]
    assert "Link" not in third


def test_the_journal_has_pages(client_of, edition, eve):
    for minutes in range(1, 4):
        schedule.move(edition=edition, instants={"grace_seconds": minutes}, by=eve, at=NOON)
    client = client_of(eve)

    first = client.get("/api/v1/journal/?limit=2")
    second = next_page(client, first)

    ids = [line["id"] for line in [*first.json(), *second.json()]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 3
    assert first.json()[0]["act"] == "edition.moved"


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "cursor=x", "cursor=1.2.3;"])
def test_a_bad_page_is_an_invalid_request(edition, query):
    answer = Client().get(f"{URL}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


# ---------------------------------------------------------------- ETags


def test_what_has_not_changed_is_not_sent_again(client_of, comunik, ada, eve):
    announce(comunik.edition, eve, "Bienvenue")
    client = client_of(ada)
    first = client.get(URL)

    again = client.get(URL, headers={"If-None-Match": first["ETag"]})
    announce(comunik.edition, eve, "Autre chose")
    changed = client.get(URL, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {v.strip() for v in first["Vary"].split(",")}
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200


def test_an_etag_shows_nothing_of_what_its_reader_may_not_read(
    client_of, comunik, pixels, ada, ben, eve
):
    def etag(user: User, url: str) -> str:
        return str(client_of(user).get(url)["ETag"])

    addresses = [URL, "/api/v1/briefs/", "/api/v1/seals/", "/api/v1/questions/"]
    before = [etag(ada, url) for url in addresses]

    announce(comunik.edition, eve, "plus tard", publish_at=NOON + timedelta(hours=1))
    announce(comunik.edition, eve, "aux autres", audience=f"department:{pixels.department_id}")
    briefs.write(
        department=comunik.department,
        title="Secret",
        body="Secret",
        published_at=NOON + timedelta(hours=1),
        by=eve,
        at=NOON,
    )

    assert [etag(ada, url) for url in addresses] == before
    # The same body has another ETag for somebody else: nobody can compare.
    assert etag(ben, URL) != etag(ada, URL)
    assert client_of(ben).get(URL).content == client_of(ada).get(URL).content


# ---------------------------------------------------------------- Idempotency-Key


def post(client: Client, body: dict[str, Any], key: str = "K1", url: str = URL) -> Any:
    headers = {"Idempotency-Key": key}
    return client.post(url, body, content_type="application/json", headers=headers)


@pytest.mark.database
def test_a_write_that_is_sent_twice_happens_once(client_of, edition, eve):
    client = client_of(eve)

    first, again = post(client, BODY), post(client, BODY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Announcement.objects.count() == 1


def test_a_key_is_for_one_body_and_one_address(client_of, infocom, eve):
    client = client_of(eve)
    post(client, BODY)

    other_body = post(client, {**BODY, "body": "Salle 105"})
    other_address = post(client, BODY, url=f"{URL}?edition={infocom.edition.slug}")

    for answer in (other_body, other_address):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Announcement.objects.count() == 1


@pytest.mark.database
def test_a_refusal_is_kept_but_nothing_invalid_and_no_failure(client_of, infocom, eve, monkeypatch):
    client = client_of(eve)
    url = "/api/v1/teams/"
    team = {"department": "INFOCOM", "name": "Lampes"}
    post(client, team, "first", url)

    refused = post(client, team, "second", url)
    Team.objects.all().delete()
    again = post(client, team, "second", url)
    invalid = post(client, {"name": "x"}, "third", url)
    valid = post(client, team, "third", url)

    assert (refused.status_code, again.status_code) == (409, 409)
    assert again.json() == refused.json()
    assert again["Content-Type"] == "application/problem+json"
    assert (invalid.status_code, valid.status_code) == (400, 201)

    monkeypatch.setattr(Team, "save", lambda *_args, **_kwargs: 1 / 0)
    client.raise_request_exception = False
    failed = post(client, {**team, "name": "Autre"}, "fourth", url)
    assert failed.status_code == 500
    assert not KeptAnswer.objects.filter(key="fourth").exists()


def test_keys_belong_to_a_person_and_are_kept_for_a_day(client_of, comunik, pixels, ada, cleo):
    url = "/api/v1/teams/"
    codes = [
        post(client_of(user), {"department": "INFOCOM", "name": user.name}, url=url).status_code
        for user in (ada, cleo)
    ]
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        prune()

    assert codes == [409, 409]  # refusals are kept too: both have a team
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_bad_key_is_an_invalid_request(client_of, edition, eve, key):
    answer = post(client_of(eve), BODY, key)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Announcement.objects.exists()


# ---------------------------------------------------------------- what is read and written


def test_a_team_is_registered_and_changed(client_of, infocom, ada, ben):
    Edition.objects.update(registration_closes_at=NOON + timedelta(hours=1))
    url, adas, bens = "/api/v1/teams/", client_of(ada), client_of(ben)
    json = "application/json"

    team = adas.post(url, {"department": "infocom", "name": "Lampes"}, content_type=json).json()
    adas.patch(f"{url}{team['id']}/", {"project": "Lire"}, content_type=json)
    membership.join(Team.objects.get(pk=team["id"]), by=ben, at=NOON)
    (shown,) = adas.get(url).json()

    assert (shown["name"], shown["project"]) == ("Lampes", "Lire")
    assert [member["name"] for member in shown["members"]] == ["Ada", "Ben"]
    assert "@example.org" not in str(shown)
    assert bens.get(url).json() == [shown]


def test_results_and_envelopes_are_empty_before_the_publication(client_of, comunik, eve):
    for client in (Client(), client_of(eve)):
        assert client.get("/api/v1/results/").json() == {"published": False, "departments": []}
        (envelope,) = client.get("/api/v1/envelopes/").json()
        assert (envelope["digest"], envelope["salt"], envelope["results"]) == ("", "", None)


def test_the_page_of_the_api_follows_live_messages_as_any_page(edition):
    announced, page = Client().get("/annonces/"), Client().get("/api/")

    mark = re.compile(r'data-live-after="\d+"')
    assert mark.findall(announced.content.decode()) == mark.findall(page.content.decode()) != []
    assert 'data-path="/api/v1/announcements/"' in page.content.decode()


# ---------------------------------------------------------------- bodies, languages, editions


def test_a_strange_body_is_refused(client_of, edition, eve):
    client = client_of(eve)

    strange = client.post(URL, "<a/>", content_type="text/xml")
    unknown = client.patch("/api/v1/edition/", {"bodi": "x"}, content_type="application/json")

    assert strange.status_code == 415
    assert unknown.json()["errors"] == {"bodi": ["Ce champ n’existe pas ou ne se change pas."]}


def test_a_program_chooses_the_language(edition, ada):
    client = Client(headers={"Authorization": f"Bearer {make_token(ada)}", "Accept-Language": "en"})

    answer = client.get("/api/v1/journal/")

    assert answer.json()["detail"] == "This resource does not exist."
    assert answer["Content-Language"] == "en"


def test_organizers_choose_another_edition(client_of, edition, ada, eve):
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current, other.timezone = None, "ccd-2019", False, "Asia/Tokyo"
    other.save()
    url = "/api/v1/edition/?edition=ccd-2019"
    hour = {"judging_opens_at": "2020-02-14T12:00:00"}  # without an offset: in Tokyo

    refused = client_of(eve).get(url).status_code
    other.organizers.add(eve)
    moved = client_of(eve).patch(url, hour, content_type="application/json")

    assert (refused, client_of(ada).get(url).status_code, Client().get(url).status_code) == (
        *(404, 404, 404),
    )
    assert moved.json()["judging_opens_at"] == "2020-02-14T03:00:00Z"
    slugs = [found["id"] for found in client_of(eve).get("/api/v1/editions/").json()]
    assert sorted(slugs) == ["ccd-2019", "ccd-2020"]
    assert [found["id"] for found in client_of(ada).get("/api/v1/editions/").json()] == ["ccd-2020"]
