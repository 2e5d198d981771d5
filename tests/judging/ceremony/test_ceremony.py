import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import screens as ceremony
from judging.ceremony.steps import StepKind
from judging.errors import JudgingRefusal
from judging.models import Award, Ceremony, Deliberation
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of
from tests.queries import queries_of
from tests.refusals import refuses

pytestmark = pytest.mark.time_machine(MORNING, tick=False)

type Drive = Callable[..., str]


@pytest.fixture
def drive(edition, eve) -> Drive:
    # `drive(1)` goes one step on from the current step; returns the kind of what is shown then.

    def act(steps: int = 0) -> str:
        now = Ceremony.objects.get()
        seen = {"seen": now.step, "rehearsal": now.is_rehearsal}
        if steps:
            ceremony.move(edition=edition, steps=steps, by=eve, at=MORNING, **seen)
        return selectors.screen_state(edition, at=MORNING).kind

    return act


@pytest.fixture
def begun(locked, edition, eve) -> Ceremony:
    # The real ceremony at its opening. Les Five also has a special prize.
    deliberation = Deliberation.objects.get()
    five = Team.objects.get(name="Les Five")
    Award.objects.create(deliberation=deliberation, team=five, title="Coup de cœur")
    return ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)


def scene(browser: Client | None = None) -> str:
    return text_of((browser or Client()).get(reverse("stage:ceremony-scene")))


# ---------------------------------------------------------------- the steps


def test_a_whole_ceremony_forwards_and_back(begun, drive):
    kinds = [drive(), *(drive(1) for _ in range(7))]

    assert kinds == ["opening", "title", "nominees", "drum", "place", "special", "finale", "finale"]
    assert [drive(-1) for _ in range(7)] == [*kinds[5::-1], "opening"]
    assert live_messages("ceremony.moved")[-1] == ("everyone", {})
    assert {tuple(data) for _audience, data in live_messages("ceremony.moved")} == {()}


def test_a_department_whose_teams_are_all_absent_does_not_stop_it(
    locked, edition, pixels, eve, drive
):
    Team.objects.filter(pk=pixels.pk).update(absent_at=NIGHT, absent_by=eve)
    ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)

    kinds = [drive(1) for _ in range(5)]

    assert kinds == ["title", "nominees", "drum", "place", "finale"]
    assert pixels.department.name not in text_of(Client().get(reverse("judging:envelopes")))


def test_the_result_of_2020_shows_both_as_equals(begun, drive, client_of, eve):
    for _ in range(4):
        drive(1)

    page = scene()

    assert "1<sup>er</sup> prix" in page
    assert "ex æquo" in page
    both = [page.index('<b class="laureate-name">' + name) for name in ("Com’unik", "Les Five")]
    assert both == sorted(both)
    assert page.count('class="laureate"') == 2
    assert "Ada, Ben" in page
    assert "1<sup>er</sup> prix ex æquo" in remote(client_of(eve))


def test_members_without_a_name_are_not_projected(begun, drive, comunik, ada):
    User.objects.filter(pk=ada.pk).update(name="")
    for _ in range(4):
        drive(1)

    page = scene()

    assert "ada" not in page
    assert "Ben" in page


def test_without_a_ceremony_or_an_edition_the_screen_waits(client, edition):
    assert "va commencer" in text_of(client.get(reverse("stage:ceremony")))
    Edition.objects.all().delete()
    assert "va commencer" in text_of(client.get(reverse("stage:ceremony")))


def test_blank_hides_the_step_and_the_next_move_shows_again(begun, drive, edition, eve):
    drive(1)
    ceremony.blank(edition=edition, is_blank=True, seen=1, rehearsal=False, by=eve, at=MORNING)
    assert drive() == "blank"
    assert "Communication" not in scene()

    ceremony.blank(edition=edition, is_blank=False, seen=1, rehearsal=False, by=eve, at=MORNING)
    assert drive() == "title"
    ceremony.blank(edition=edition, is_blank=True, seen=1, rehearsal=False, by=eve, at=MORNING)
    assert drive(1) == "nominees"


# ---------------------------------------------------------------- repeated commands


@pytest.mark.parametrize("press", ["move", "blank"])
def test_a_repeated_command_does_nothing(begun, edition, eve, press):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": MORNING, "rehearsal": False}
    ceremony.move(steps=1, seen=0, **act)
    before = JournalEntry.objects.count()

    if press == "move":
        ceremony.move(steps=1, seen=0, **act)
    else:
        ceremony.blank(is_blank=True, seen=0, **act)
    ceremony.move(steps=1, seen=1, **act | {"rehearsal": True})

    now = Ceremony.objects.get()
    assert (now.step, now.is_blank) == (1, False)
    assert JournalEntry.objects.count() == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_simultaneous_moves_go_one_step(begun, edition, eve):
    together = threading.Barrier(4)

    def press() -> None:
        try:
            together.wait(60)
            ceremony.move(edition=edition, steps=1, seen=0, rehearsal=False, by=eve, at=MORNING)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Ceremony.objects.get().step == 1
    assert JournalEntry.objects.filter(act="ceremony.moved").count() == 1


# ---------------------------------------------------------------- beginning and ending


def test_only_organizers_drive_it(begun, edition, diane_user, dan_user, ada):
    act: dict[str, Any] = {"edition": edition, "at": MORNING, "rehearsal": False}
    for person in (diane_user, dan_user, ada):
        for press in (
            lambda by: ceremony.start(**act, by=by),
            lambda by: ceremony.move(steps=1, seen=0, **act, by=by),
            lambda by: ceremony.blank(is_blank=True, seen=0, **act, by=by),
            lambda by: ceremony.end(**act, by=by),
        ):
            with refuses(EditionRefusal.NOT_ORGANIZER):
                press(person)
    assert Ceremony.objects.get().step == 0


def test_a_jury_that_locks_again_stops_it(begun, drive, edition, eve):
    # Only the number of the step is stored: with other decisions it would mean another step.
    for _ in range(4):
        drive(1)
    later = MORNING + timedelta(minutes=1)
    Deliberation.objects.update(locked_at=later)

    assert drive() == "waiting"
    assert "Com’unik" not in scene()
    assert selectors.remote_state(edition, at=later).outdated
    with refuses(JudgingRefusal.CEREMONY_OUTDATED):
        drive(1)

    ceremony.end(edition=edition, rehearsal=False, by=eve, at=later)
    ceremony.start(edition=edition, rehearsal=False, by=eve, at=later)
    assert drive() == "opening"


def test_a_jury_that_is_open_again_stops_it(begun, drive):
    drive(1)
    Deliberation.objects.update(locked_at=None, locked_by=None, digest="")

    assert drive() == "waiting"


def test_a_rehearsal_is_replaced_and_a_real_ceremony_is_not(begun, edition, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": MORNING}
    for rehearsal in (True, False):
        with refuses(JudgingRefusal.CEREMONY_RUNNING):
            ceremony.start(rehearsal=rehearsal, **act)
    ceremony.end(rehearsal=True, **act)  # from a remote that still shows a rehearsal
    assert Ceremony.objects.exists()

    ceremony.end(rehearsal=False, **act)
    ceremony.start(rehearsal=True, **act)
    ceremony.start(rehearsal=False, **act)

    acts = JournalEntry.objects.filter(act__startswith="ceremony").order_by("id")
    assert [(entry.act, entry.detail["rehearsal"]) for entry in acts] == [
        ("ceremony.started", False),
        ("ceremony.ended", False),
        ("ceremony.started", True),
        ("ceremony.started", False),
    ]


# ---------------------------------------------------------------- rehearsal


def test_a_rehearsal_shows_no_team_that_exists(decided, edition, eve, drive, pixels):
    make_team(decided, "Nuit Blanche", make_user("zoe@example.org", "Zoé"))
    ceremony.start(edition=edition, rehearsal=True, by=eve, at=MORNING)
    real = [*Team.objects.values_list("name", flat=True), "Ada", "Ben", "Zoé"]

    seen = [scene()]
    while selectors.remote_state(edition, at=MORNING).next is not None:
        drive(1)
        seen.append(scene())

    assert "Les Veilleuses" in "".join(seen)
    for page in seen:
        assert "Répétition" in page
        assert not [name for name in real if f">{name}<" in page]
    assert not Award.objects.filter(deliberation__locked_at__isnull=False).exists()


def test_a_rehearsal_does_not_depend_on_decisions(scored, locked, edition, eve, drive):
    def all_steps() -> list[str]:
        ceremony.start(edition=edition, rehearsal=True, by=eve, at=MORNING)
        return [scene(), *(drive(1) + scene() for _ in range(8))]

    with_decisions = all_steps()
    Award.objects.all().delete()
    Deliberation.objects.update(locked_at=None, locked_by=None, digest="")

    assert all_steps() == with_decisions


# ---------------------------------------------------------------- the remote


def remote(browser: Client) -> str:
    return text_of(browser.get(reverse("stage:remote"), headers={"HX-Request": "true"}))


def press(browser: Client, do: str, seen: int = 0, **more: str) -> str:
    data = {"do": do, "seen": str(seen), **more}
    answer = browser.post(reverse("stage:remote"), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return text_of(answer)


def test_the_remote_drives_a_whole_ceremony_and_publishes(client_of, locked, eve, edition):
    browser = client_of(eve)

    assert "Ensuite : un département" in press(browser, "start")
    assert "Ensuite : les équipes nommées" in press(browser, "next", 0)
    assert "Ensuite : le roulement de tambour" in press(browser, "next", 1)
    drum = press(browser, "next", 2)
    assert "Ensuite : des lauréats" in drum
    assert "Com’unik" not in drum
    assert "Com’unik" in press(browser, "next", 3)
    end = press(browser, "next", 4)
    assert "Publier le palmarès" in end
    edition.refresh_from_db()
    assert edition.results_published_at is None

    browser.post(reverse("stage:remote"), {"do": "publish"})

    edition.refresh_from_db()
    assert edition.results_published_at == MORNING
    assert "Le palmarès est en ligne" in remote(browser)


def test_the_remote_shows_refusals(client_of, eve, locked, pixels):
    browser = client_of(eve)

    assert "Il manque des délibérations : Informatique." in press(browser, "start")
    assert "démarrez-la d’abord" in press(browser, "next")
    assert "Ce bouton n’existe pas" in press(browser, "explode")
    plain = browser.post(reverse("stage:remote"), {"do": "next", "seen": "x"})
    assert plain.status_code == 422


def test_the_rehearsal_offers_no_publication(client_of, eve, edition, drive):
    ceremony.start(edition=edition, rehearsal=True, by=eve, at=MORNING)
    while selectors.remote_state(edition, at=MORNING).next is not None:
        drive(1)

    assert "Publier" not in remote(client_of(eve))


def test_a_step_is_rendered_once_for_all_who_ask_at_once(begun, drive, settings):
    settings.FRAGMENTS_CACHED = True
    before = scene()
    with CaptureQueriesContext(connection) as captured:
        assert scene() == before
    assert not [query for query in captured if 'FROM "judging_' in query["sql"]]

    drive(1)

    assert scene() != before


def test_the_same_queries_for_more_departments(client, begun, drive, edition):
    Edition.objects.update(extras=[])  # each that adds steps has a query

    def queries() -> int:
        return queries_of(lambda: client.get(reverse("stage:ceremony-scene")))

    few = queries()
    for code in ("A", "B", "C"):
        department = Department.objects.create(edition=edition, code=code, name=code)
        make_team(department, f"Équipe {code}")
        Deliberation.objects.create(
            department=department, locked_at=NIGHT, locked_by=begun.moved_by, digest="0" * 64
        )

    assert queries() == few
    assert few <= 10
    assert StepKind(drive(1)) == StepKind.TITLE
