"""The extra is switched off and on while a ceremony runs, and comes to a database that had it."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import options
from hackathon.extras.favourite.ceremony import PRIZE, VOTE
from hackathon.extras.favourite.models import Favourite
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import publication
from judging.ceremony.steps import StepKind
from judging.errors import JudgingRefusal
from judging.models import Ceremony
from tests.extras.favourite.test_ceremony import OTHERS, friday, move, scenario, steps, until, vote
from tests.judging.ceremony.conftest import refusal
from tests.judging.ceremony.test_ceremony_secrecy import Scenario
from tests.judging.conftest import MORNING
from tests.responses import whole_response

__all__ = ["friday", "scenario"]  # fixtures


def switch(friday: Scenario, *, on: bool) -> None:
    names = [*OTHERS, "favourite"] if on else OTHERS
    options.choose(edition=friday.edition, names=names, by=friday.eve, at=MORNING)
    friday.edition.refresh_from_db()


@pytest.mark.django_db
def test_the_ceremony_stays_at_its_step_and_reveals_no_winner(friday):
    until(friday, VOTE)
    until(friday, StepKind.DRUM)
    before, number = selectors.screen_state(friday.edition, at=MORNING), Ceremony.objects.get().step
    LiveMessage.objects.all().delete()

    switch(friday, on=False)
    off, left = selectors.screen_state(friday.edition, at=MORNING), Ceremony.objects.get().step
    switch(friday, on=True)

    assert off == selectors.screen_state(friday.edition, at=MORNING) == before
    assert (left, Ceremony.objects.get().step) == (number - 1, number)
    assert LiveMessage.objects.filter(type="ceremony.moved").count() == 2


@pytest.mark.django_db
def test_off_there_are_no_steps_and_the_ceremony_goes_on_to_its_end(friday, client):
    until(friday, VOTE)
    move(friday)

    switch(friday, on=False)

    assert {VOTE, PRIZE} & set(steps(friday)) == set()
    until(friday, StepKind.FINALE)
    assert client.get("/coup-de-coeur/").status_code == 404
    assert "Voter" not in client.get("/palmares/").content.decode()
    assert Favourite.objects.get().is_open


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [VOTE, PRIZE])
def test_its_own_step_on_the_screens_keeps_it_on(friday, kind):
    until(friday, VOTE)
    vote(friday, friday.teams[3])
    if kind == PRIZE:
        until(friday, PRIZE)

    assert refusal(lambda: switch(friday, on=False)) == JudgingRefusal.MESSAGE_SHOWN

    assert "favourite" in Edition.objects.get().extras
    assert selectors.screen_state(friday.edition, at=MORNING).kind == kind


@pytest.mark.django_db
def test_off_the_results_do_not_have_the_prize_and_on_again_they_do(friday, client):
    until(friday, VOTE)
    vote(friday, friday.teams[3])
    until(friday, StepKind.FINALE)
    publication.publish(edition=friday.edition, by=friday.eve, at=MORNING)
    urls = ["/palmares/", "/editions/ccd-2020/", "/api/v1/results/", "/ceremonie/scene/"]

    def with_prize() -> list[str]:
        pages = [(url, whole_response(client.get(url))) for url in urls]
        return [url for url, page in pages if "Prix du public" in page]

    switch(friday, on=False)
    off = with_prize()
    switch(friday, on=True)

    assert (off, with_prize()) == ([], urls)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_database_in_which_the_vote_was_a_part_of_the_core_keeps_its_rows(prepared, pixels):
    """The migrations change no table, so that of a former version is made by its records alone."""
    prepared.winners.add(pixels)
    Edition.objects.update(extras=[])
    recorder = MigrationRecorder(connection)
    for name in ("0002_favourite", "0003_extra", "0004_unlogged"):
        recorder.record_unapplied("favourite", name)
    recorder.record_applied("favourite", "0001_initial")

    call_command("migrate", interactive=False, verbosity=0)

    kept: Any = Favourite.objects.get()
    assert (kept.pk, list(kept.winners.all())) == (prepared.pk, [pixels])
    assert Edition.objects.get().extras == ["favourite"]
