from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors import results as selectors
from judging.deliberation.services import decision as deliberation
from judging.models import Award, Deliberation, Juror, ScoreSheet
from tests.judging.conftest import MORNING, NIGHT, text_of

pytestmark = pytest.mark.time_machine(MORNING, tick=False)


def body_of(browser: Client, name: str) -> bytes:
    answer = browser.get(reverse(name))
    assert answer.status_code == 200
    lines = answer.content.splitlines()
    return b"\n".join(line for line in lines if b"csrf" not in line.lower())


@pytest.mark.parametrize("name", ["judging:palmares", "api:results"])
def test_the_public_answer_is_the_same_whatever_has_been_decided(
    client, name, scored, infocom, diane, edition
):
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


def test_no_result_is_read_from_the_database_before_publication(locked, edition):
    with CaptureQueriesContext(connection) as queries:
        found = selectors.published_results(edition, at=MORNING)

    assert found is None
    assert len(queries) == 0


@pytest.mark.parametrize(("seconds", "public"), [(-1, False), (0, True), (1, True)])
def test_results_are_public_from_their_instant(locked, edition, seconds, public):
    edition.results_published_at = MORNING

    found = selectors.published_results(edition, at=MORNING + timedelta(seconds=seconds))

    assert (found is not None) is public


def test_the_president_of_another_jury_has_no_access(client_of, locked, info, cleo, max_user):
    Juror.objects.create(department=info, user=max_user, is_president=True)

    address = reverse("judging:deliberation", args=["INFOCOM"])

    assert client_of(max_user).get(address).status_code == 404


# ---------------------------------------------------------------- the admin


@pytest.fixture
def root(client_of, eve) -> Client:
    eve.is_staff = eve.is_superuser = True
    eve.save()
    return client_of(eve)


def test_the_admin_shows_superusers_nothing_before_the_publication(root, locked):
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


def test_superusers_read_published_results_and_can_not_write(root, locked):
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
