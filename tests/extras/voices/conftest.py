from collections.abc import Callable

import pytest

from hackathon.event.editions.models import Edition
from hackathon.extras.voices import services
from teams.models import Membership
from tests.conftest import make_team, make_user
from tests.judging.conftest import MORNING, NIGHT


@pytest.fixture
def published(edition) -> Edition:
    Edition.objects.filter(pk=edition.pk).update(deliberated_at=NIGHT, results_published_at=MORNING)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def members(published, info) -> list[Membership]:
    """Six who answer."""
    people = [make_user(f"voice{n}@example.org", f"Louis{n} Durand") for n in range(6)]
    team = make_team(info, "Les Voix", *people)
    found = team.memberships.select_related("edition", "user").order_by("pk")
    return [member for member in found if member.user in people]


@pytest.fixture
def answer() -> Callable[..., None]:
    def act(member: Membership, mark: int, best: str = "") -> None:
        given = {"scale": [mark], "first": [best] if best else []}
        services.answer(member, given=given, at=MORNING)

    return act
