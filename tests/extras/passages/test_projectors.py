"""What projectors say about the decks that they have."""

import time_machine
from django.urls import reverse

from hackathon.base.core.models import LiveMessage
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services
from hackathon.extras.passages.selectors import projectors_with_decks
from tests.conftest import NOON


@time_machine.travel(NOON, tick=False)
def test_a_projector_says_what_it_has_and_each_change_is_sent_once(client, edition, eve):
    east = services.save(edition=edition, name="Amphi Est", room="", by=eve, at=NOON)

    def report(**values: str) -> int:
        before = LiveMessage.objects.filter(type="projector.changed").count()
        sent = {"stored": "1", "wanted": "2", **values}
        client.post(reverse("passages:decks", args=[east.key]), sent)
        return LiveMessage.objects.filter(type="projector.changed").count() - before

    assert [report(), report(), report(is_muted="on"), report(is_muted="on"), report()] == [
        *(1, 0, 1, 0, 1)
    ]
    assert projectors_with_decks(edition) == [Projector.objects.get()]
    assert Projector.objects.get().said_at == NOON
