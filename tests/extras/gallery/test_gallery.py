"""What participants and guests see, who they are, and that a withdrawal reaches everything."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.base.live.audiences import ORGANIZERS, team_audience
from hackathon.event.editions.models import Department, Edition
from hackathon.extras.gallery import services
from hackathon.extras.gallery.enums import Opening
from hackathon.run.privacy.services import erasure
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Submission
from teams.enums import Circle
from teams.models import Team
from teams.services import membership as memberships
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.extras.gallery.conftest import LATER, OPEN, hand_in, status_of
from tests.judging.conftest import text_of
from tests.queries import queries_of
from tests.teams.works import agree, choose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at() -> object:
    with time_machine.travel(OPEN, tick=False) as traveller:
        yield traveller


def addresses(team: Team, submission: Submission, prefix: str = "/galerie/") -> list[str]:
    of_file = f"{prefix}depots/{submission.pk}/"
    return [f"{prefix}equipes/{team.pk}/", f"{of_file}contenu/", f"{of_file}apercu/"]


def statuses(browser: Client, team: Team, submission: Submission) -> set[int]:
    return {status_of(browser, address) for address in addresses(team, submission)}


def is_listed(browser: Client, team: Team, query: str = "") -> bool:
    return f'data-work="{team.pk}"' in text_of(browser.get(f"/galerie/{query}"))


def test_a_team_is_shown_once_every_member_agrees(
    comunik, dossier, ada, ben, cleo, pixels, client_of
):
    submission, browser = hand_in(comunik, dossier), client_of(cleo)
    found = []

    for ada_chooses, ben_chooses in [
        (Circle.UNANSWERED, Circle.UNANSWERED),
        (Circle.EVERYBODY, Circle.UNANSWERED),
        (Circle.EVERYBODY, Circle.NOBODY),
        (Circle.EVERYBODY, Circle.EDITION),
        (Circle.NOBODY, Circle.EDITION),
    ]:
        choose(ada, ada_chooses)
        choose(ben, ben_chooses)
        found.append((is_listed(browser, comunik), statuses(browser, comunik, submission)))

    hidden, visible = (False, {404}), (True, {200})
    assert found == [hidden, hidden, hidden, visible, hidden]


def test_it_opens_when_no_team_may_hand_in_any_more(
    edition, comunik, shown, pixels, cleo, eve, client_of, at
):
    extensions.grant(edition, team=pixels, minutes=20, reason="Panne", by=eve, at=NOON)
    browser = client_of(cleo)

    def found() -> tuple[bool, set[int]]:
        return is_listed(browser, comunik), statuses(browser, comunik, shown)

    at.move_to(OPEN + timedelta(minutes=20) - timedelta(seconds=1))
    before, page = found(), text_of(browser.get("/galerie/"))
    at.move_to(OPEN + timedelta(minutes=20))
    after = found()

    assert (before, after) == ((False, {404}), (True, {200}))
    assert "23:30" in page


def test_participants_find_it_in_the_navigation_once_it_is_open(
    comunik, shown, cleo, pixels, loner, dan, client_of, at
):
    def is_linked(user: User) -> bool:
        page = text_of(client_of(user).get("/annonces/"))
        return 'href="/galerie/"' in page.partition("<nav")[2].partition("</nav")[0]

    at.move_to(OPEN - timedelta(seconds=1))
    before = is_linked(cleo)
    at.move_to(OPEN)

    assert (before, is_linked(cleo)) == (False, True)
    assert not is_linked(loner)
    assert not is_linked(dan.user)
    page = text_of(client_of(cleo).get("/galerie/"))
    assert page.count('href="/galerie/" aria-current="page"') == 1


@pytest.mark.parametrize("opening", [Opening.RESULTS, Opening.INSTANT])
def test_the_organizer_chooses_the_instant(
    opening, edition, comunik, published, cleo, pixels, eve, client_of, at
):
    instant = LATER + timedelta(hours=1)
    services.save(
        edition=edition,
        opening=opening,
        opens_at=instant,
        shown=[published.deliverable_id],
        by=eve,
        at=OPEN,
    )
    opens = (
        instant
        if opening == Opening.INSTANT
        else edition.__class__.objects.get().results_published_at
    )
    browser, found = client_of(cleo), []

    for now in (opens - timedelta(seconds=1), opens):
        at.move_to(now)
        found.append(statuses(browser, comunik, published))

    assert found == [{404}, {200}]


def test_who_joins_or_withdraws_hides_the_team_and_tells_every_page(
    comunik, shown, ben, eve, cleo, pixels, client_of
):
    browser = client_of(cleo)
    before = statuses(browser, comunik, shown)
    LiveMessage.objects.all().delete()

    memberships.join(comunik, user=make_user("zoe@example.org", "Zoé"), by=eve, at=OPEN)

    joined = statuses(browser, comunik, shown)
    choose(User.objects.get(email="zoe@example.org"), Circle.EVERYBODY)
    agreed = statuses(browser, comunik, shown)
    choose(ben, Circle.NOBODY)
    withdrawn = statuses(browser, comunik, shown)
    assert [before, joined, agreed, withdrawn] == [{200}, {404}, {200}, {404}]
    told = LiveMessage.objects.filter(type="work.changed").order_by("pk")
    assert [message.data["circle"] for message in told] == [1, 3, 1]
    assert {name for message in told for name in message.audience_names} == {"everyone"}


def test_an_answer_that_shows_and_hides_nothing_is_told_to_the_team_alone(comunik, ada, ben):
    LiveMessage.objects.all().delete()

    choose(ben, Circle.EDITION)  # the others have not answered

    assert {name for m in LiveMessage.objects.all() for name in m.audience_names} == {
        team_audience(comunik.pk),
        ORGANIZERS,
    }


def test_who_is_erased_agrees_to_nothing(comunik, shown, ben, cleo, pixels, client_of):
    browser = client_of(cleo)
    before = statuses(browser, comunik, shown)
    LiveMessage.objects.all().delete()

    erasure.erase_own(ben, at=OPEN)

    assert (before, statuses(browser, comunik, shown)) == ({200}, {404})
    assert comunik.memberships.count() == 2
    assert LiveMessage.objects.filter(type="work.changed").exists()


def test_who_visits_it(edition, comunik, shown, cleo, pixels, eve, loner, dan, client_of, client):
    def index(user: User) -> int:
        return client_of(user).get("/galerie/").status_code

    found = {
        "student": index(cleo),
        "organizer": index(eve),
        "without role": index(loner),
        "juror": index(dan.user),
    }

    assert found == {"student": 200, "organizer": 200, "without role": 404, "juror": 404}
    assert client.get("/galerie/")["Location"].startswith("/compte/")


def test_jurors_see_it_once_their_jury_has_decided(comunik, shown, locked, diane, client_of):
    assert statuses(client_of(diane.user), comunik, shown) == {200}


def test_the_search_finds_name_title_and_sentence_without_accents(
    comunik, shown, ada, cleo, pixels, client_of
):
    Team.objects.filter(pk=comunik.pk).update(project="Épicerie du quartier")
    services.write_sentence(comunik, "Un marché pour les voisins.", by=ada, at=OPEN)
    browser = client_of(cleo)

    found = {
        query: is_listed(browser, comunik, f"?q={query}")
        for query in ("COM", "epicerie", "marche voisins", "marche mairie")
    }

    assert found == {"COM": True, "epicerie": True, "marche voisins": True, "marche mairie": False}
    assert is_listed(browser, comunik, "?department=INFOCOM")
    assert not is_listed(browser, comunik, "?department=INFO")


def test_one_set_of_queries_for_one_team_and_for_six(
    edition, comunik, shown, infocom, dossier, cleo, pixels, client_of
):
    browser = client_of(cleo)
    browser.get("/galerie/")

    def queries() -> int:
        return queries_of(lambda: browser.get("/galerie/"))

    one = queries()
    for number in range(5):
        team = make_team(infocom, f"Équipe {number}", make_user(f"s{number}@example.org"))
        hand_in(team, dossier)
        agree(team)
    six = queries()

    assert text_of(browser.get("/galerie/")).count("data-work=") == 6
    assert six == one


def test_texts_are_for_the_jury_unless_the_organizer_shows_them(
    edition, comunik, shown, infocom, ada, eve, cleo, pixels, client_of
):
    text = Deliverable.objects.create(department=infocom, name="Organisation", kind="text")
    deposits.deposit(text, comunik, text="Deux au serveur", begun_at=NOON, by=ada, at=NOON)
    browser, address = client_of(cleo), addresses(comunik, shown)[0]

    before = text_of(browser.get(address))
    services.save(
        edition=edition, opening=Opening.HAND_IN, opens_at=None, shown=[text.pk], by=eve, at=OPEN
    )
    after = text_of(browser.get(address))

    assert ("Deux au serveur" in before, "Deux au serveur" in after) == (False, True)
    assert statuses(browser, comunik, shown) == {200, 404}  # the PDF is hidden now


def test_the_deck_of_a_nominee_waits_for_the_results(
    comunik, shown, infocom, ada, cleo, pixels, client_of, at, edition
):
    due = DEADLINE + timedelta(hours=13)
    later = Deliverable.objects.create(
        department=infocom, name="Présentation", kind="link", due_at=due
    )
    url = "https://com-unik.example.net/passage"
    deposits.deposit(later, comunik, url=url, begun_at=due, by=ada, at=due)
    browser, address = client_of(cleo), addresses(comunik, shown)[0]

    at.move_to(due + timedelta(minutes=20))
    before = text_of(browser.get(address))
    Edition.objects.update(deliberated_at=due, results_published_at=due)
    Department.objects.filter(pk=infocom.pk).update(held_back_at=due)
    held_back = text_of(browser.get(address))
    Department.objects.update(held_back_at=None)
    after = text_of(browser.get(address))

    assert [url in page for page in (before, held_back, after)] == [False, False, True]


def test_files_are_asked_for_again_each_time(comunik, shown, cleo, pixels, ben, client_of):
    browser = client_of(cleo)
    content, picture = addresses(comunik, shown)[1:]

    first = browser.get(content)
    list(first.streaming_content)
    part = browser.get(content, headers={"Range": "bytes=0-3"})
    seen = browser.get(picture)
    list(seen.streaming_content)
    again = browser.get(picture, headers={"If-None-Match": seen["ETag"]})
    choose(ben, Circle.NOBODY)
    gone = browser.get(content, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF")
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")
    assert gone.status_code == 404


def test_a_file_of_another_version_or_of_another_kind_has_no_address(
    comunik, dossier, cleo, pixels, client_of
):
    former, counting = hand_in(comunik, dossier), hand_in(comunik, dossier)
    agree(comunik)
    browser = client_of(cleo)

    found = [status_of(browser, addresses(comunik, s)[1]) for s in (former, counting)]
    type(counting).objects.filter(pk=counting.pk).update(content_type="application/zip")
    archive = status_of(browser, addresses(comunik, counting)[1])

    assert (found, archive) == ([404, 200], 404)


def test_a_guest_reads_the_gallery_and_nothing_else_until_the_end(
    edition, comunik, shown, eve, client, at
):
    ends_at = OPEN + timedelta(days=1)
    guest = services.invite(edition=edition, name="Ville", ends_at=ends_at, by=eve, at=OPEN)
    prefix = f"/galerie/invitation/{guest.key}/"

    def found() -> set[int]:
        own = [prefix, *addresses(comunik, shown, prefix)]
        return {status_of(client, address) for address in own}

    valid, page = found(), text_of(client.get(prefix))
    foreign = client.get(f"/galerie/invitation/{guest.key[:-1]}x/").status_code
    at.move_to(ends_at)
    ended = found()
    at.move_to(OPEN)
    services.withdraw(guest=guest, by=eve, at=OPEN)

    assert (valid, foreign, ended, found()) == ({200}, 404, {404}, {404})
    assert f"{prefix}equipes/{comunik.pk}/" in page
    assert client.get(addresses(comunik, shown)[0]).status_code == 302  # sign-in


def test_the_api_has_the_same_rules(comunik, shown, ben, cleo, pixels, loner, client_of, at):
    browser, content = client_of(cleo), f"/api/v1/gallery/submissions/{shown.pk}/content/"

    def found() -> tuple[list[str], int]:
        teams = [work["team"] for work in browser.get("/api/v1/gallery/").json()]
        return teams, status_of(browser, content)

    open_now = found()
    at.move_to(OPEN - timedelta(seconds=1))
    before = found()
    at.move_to(OPEN)
    choose(ben, Circle.NOBODY)

    assert (before, open_now, found()) == (([], 404), (["Com’unik"], 200), ([], 404))
    assert client_of(loner).get("/api/v1/gallery/").status_code == 404
