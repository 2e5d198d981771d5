from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.models import Department, Edition, Milestone
from judging.ceremony.selectors import results as selectors
from judging.deliberation.services import decision as deliberation
from judging.models import Award, Deliberation, Juror, ScoreSheet
from teams.models import Team
from tests.judging.conftest import MORNING, NIGHT, text_of

type Browser = Callable[[User], Client]

PUBLIC = ["judging:palmares", "api:results"]


@pytest.fixture(autouse=True)
def _in_the_morning() -> object:
    with time_machine.travel(MORNING, tick=False):
        yield


def body_of(browser: Client, name: str) -> bytes:
    answer = browser.get(reverse(name))
    assert answer.status_code == 200
    lines = answer.content.splitlines()
    return b"\n".join(line for line in lines if b"csrf" not in line.lower())


@pytest.mark.parametrize("name", PUBLIC)
def test_the_public_answer_is_the_same_whatever_has_been_decided(
    client: Client,
    name: str,
    scored: Sequence[Team],
    infocom: Department,
    diane: Juror,
    edition: Edition,
) -> None:
    LiveMessage.objects.all().delete()  # their newest id is in every page
    nothing = body_of(client, name)
    places = {scored[0].pk: 1, scored[1].pk: 2}

    deliberation.decide(
        department=infocom,
        nominees=[team.pk for team in scored],
        places=places,
        reason="Pour l’idée.",
        by=diane.user,
        at=NIGHT,
    )
    LiveMessage.objects.all().delete()
    drafted = body_of(client, name)
    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)
    Edition.objects.update(deliberated_at=None)  # the phase is public
    LiveMessage.objects.all().delete()
    locked = body_of(client, name)

    assert nothing == drafted == locked


@pytest.mark.parametrize("name", PUBLIC)
def test_everybody_gets_the_same_public_answer(
    client: Client, client_of: Browser, name: str, locked: Department, diane: Juror, eve: User
) -> None:
    def names_a_winner(browser: Client) -> bool:
        text = text_of(browser.get(reverse(name)))
        return "Com’unik" in text or "Les Five" in text

    browsers = [client, client_of(diane.user), client_of(eve)]

    assert not any(names_a_winner(browser) for browser in browsers)


def test_no_result_is_read_from_the_database_before_publication(
    locked: Department, edition: Edition
) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = selectors.published_results(edition, at=MORNING)

    assert found is None
    assert len(queries) == 0


@pytest.mark.parametrize(("seconds", "public"), [(-1, False), (0, True), (1, True)])
def test_results_are_public_from_their_instant(
    locked: Department, edition: Edition, seconds: int, public: bool
) -> None:
    edition.results_published_at = MORNING

    found = selectors.published_results(edition, at=MORNING + timedelta(seconds=seconds))

    assert (found is not None) is public


def test_the_hour_of_the_awards_is_shown(client: Client, edition: Edition) -> None:
    Milestone.objects.create(
        edition=edition, kind="awards", label="Prix", at=MORNING + timedelta(hours=1)
    )

    page = text_of(client.get(reverse("judging:palmares")))

    assert "Les résultats seront annoncés à la remise des prix" in page
    assert "13:00" in page


def test_the_organizers_page_shows_progress_and_no_decision(
    client_of: Browser, eve: User, locked: Department, info: Department, pixels: Team
) -> None:
    page = client_of(eve).get(reverse("judging:publish", args=["ccd-2020"])).content.decode()

    assert "verrouillée" in page
    for team in ("Com’unik", "Les Five", "Bocal à idées"):
        assert team not in page


@pytest.mark.parametrize("name", ["judging:deliberation", "judging:lock"])
def test_the_decision_is_not_found_for_others(
    client_of: Browser, name: str, locked: Department, eve: User, ada: User, cleo: User
) -> None:
    known, unknown = reverse(name, args=["INFOCOM"]), reverse(name, args=["RIEN"])

    for person in (eve, ada, cleo):
        browser = client_of(person)
        assert browser.get(known).status_code == browser.get(unknown).status_code == 404
        assert browser.post(known).status_code == 404


def test_the_president_of_another_jury_has_no_access(
    client_of: Browser, locked: Department, info: Department, cleo: User, max_user: User
) -> None:
    Juror.objects.create(department=info, user=max_user, is_president=True)

    address = reverse("judging:deliberation", args=["INFOCOM"])

    assert client_of(max_user).get(address).status_code == 404


def test_messages_and_journal_have_no_result(locked: Department, scored: Sequence[Team]) -> None:
    deliberated = LiveMessage.objects.filter(type__startswith="deliberation")
    entries = JournalEntry.objects.filter(act__startswith="deliberation")

    assert {tuple(sorted(m.data)) for m in deliberated} == {("department", "digest")}
    assert {tuple(entry.detail) for entry in entries} == {(), ("digest",)}
    assert (
        not LiveMessage.objects.for_audiences(["everyone"]).filter(type__contains="sheet").exists()
    )


# ---------------------------------------------------------------- the admin


@pytest.fixture
def root(client_of: Browser, eve: User) -> Client:
    eve.is_staff = eve.is_superuser = True
    eve.save()
    return client_of(eve)


def test_the_admin_shows_superusers_nothing_before_the_publication(
    root: Client, locked: Department
) -> None:
    sheet = ScoreSheet.objects.get(juror__user__email__startswith="dan", team__name="Com’unik")
    decision = Deliberation.objects.get()

    pages = [
        root.get(reverse("admin:judging_scoresheet_change", args=[sheet.pk]), follow=True),
        root.get(reverse("admin:judging_scoresheet_history", args=[sheet.pk]), follow=True),
        root.get(reverse("admin:judging_deliberation_change", args=[decision.pk]), follow=True),
        root.get(reverse("admin:judging_scoresheet_changelist")),
        root.get(reverse("admin:judging_deliberation_changelist")),
    ]

    assert not any("Com’unik" in text_of(page) for page in pages)
    assert not any(str(decision.locked_at.year) in text_of(page) for page in pages[-2:])


def test_superusers_read_published_results_and_can_not_write(
    root: Client, locked: Department
) -> None:
    browser = root
    locked.edition.results_published_at = NIGHT
    locked.edition.save()
    sheet = ScoreSheet.objects.first()
    decision = Deliberation.objects.get()

    read = [
        browser.get(reverse("admin:judging_scoresheet_change", args=[sheet.pk])),
        browser.get(reverse("admin:judging_deliberation_change", args=[decision.pk])),
        browser.get(reverse("admin:judging_scoresheet_changelist")),
    ]
    written = [
        browser.post(reverse("admin:judging_scoresheet_change", args=[sheet.pk]), {}),
        browser.post(reverse("admin:judging_deliberation_delete", args=[decision.pk]), {}),
        browser.get(reverse("admin:judging_deliberation_add")),
    ]

    assert [answer.status_code for answer in read] == [200, 200, 200]
    assert [answer.status_code for answer in written] == [403, 403, 403]
    assert Award.objects.count() == 2
