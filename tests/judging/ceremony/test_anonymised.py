"""What a jury has decided stays as it was published when the edition is anonymised."""

import re
from datetime import timedelta

import time_machine
from django.test import Client

from hackathon.event.editions.models import Edition
from hackathon.run.privacy import rules
from hackathon.run.privacy.services import anonymisation
from judging.deliberation.services import decision
from judging.models import Deliberation
from tests.judging.conftest import MORNING, NIGHT

LASTING = [f"/editions/ccd-2020/{path}" for path in ("", "enveloppes/", "presse/")]
PAGES = [*LASTING, "/palmares/", "/api/v1/results/", "/enveloppes/", "/enveloppes/INFOCOM.txt"]


def shown(client: Client) -> dict[str, str]:
    """The main part of a page."""
    found = {}
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
        body = answer.content.decode()
        main = re.search(r"<main.*</main>", body, re.DOTALL)
        found[page] = main.group() if main else body
    return found


def test_winners_prizes_and_envelopes_are_the_same_afterwards(
    client, decided, diane, edition, comunik, five, third
):
    decision.decide(
        department=decided,
        nominees=[comunik.pk, five.pk, third.pk],
        places={comunik.pk: 1, five.pk: 2},
        special=[("Coup de cœur", third.pk)],
        reason="Une idée neuve.",
        order_confirmed=True,
        by=diane.user,
        at=NIGHT,
    )
    decision.lock(department=decided, by=diane.user, at=NIGHT)
    Edition.objects.update(results_published_at=MORNING)
    due = rules.usual_date(edition) + timedelta(days=1)

    with time_machine.travel(due, tick=False):
        before = shown(client)
        anonymisation.anonymise(edition.pk, at=due)
        after = shown(Client())

    assert "Com’unik" in before["/palmares/"]
    assert "Coup de cœur" in before["/palmares/"]
    assert "Com’unik" in before["/enveloppes/INFOCOM.txt"]
    assert before == after
    assert "Diane" not in str(Deliberation.objects.get().record)
