from datetime import datetime, timedelta

import pytest

from hackathon.event.editions.models import Edition
from hackathon.extras.photographs import services
from hackathon.extras.photographs.models import Photograph
from tests.conftest import NOON
from tests.extras.photographs.pictures import drawn
from tests.judging.conftest import MORNING, NIGHT

LATER = MORNING + timedelta(minutes=5)  # the results are published


def publish(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(deliberated_at=NIGHT, results_published_at=MORNING)
    edition.refresh_from_db()


def agree(edition: Edition, *people, agrees: bool = True, at: datetime = NOON) -> None:
    for person in people:
        services.answer(edition, person, agrees=agrees, at=at)


@pytest.fixture
def group(edition, comunik, eve) -> Photograph:
    """Names Com’unik, whose members are Ada and Ben."""
    services.keep(edition, [drawn("groupe.jpg")], by=eve, at=NOON)
    photograph = Photograph.objects.get()
    values = {"caption": "Groupe vainqueur", "shows_nobody": False, "position": None}
    services.change(
        edition=edition, pk=photograph.pk, teams=[comunik.pk], by=eve, at=NOON, **values
    )
    return photograph
