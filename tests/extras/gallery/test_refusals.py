"""Each refusal of the gallery, at its service."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.event.editions.models import Edition
from hackathon.extras.gallery import services
from hackathon.extras.gallery.enums import Opening
from hackathon.extras.gallery.errors import GalleryRefusal
from hackathon.extras.gallery.rules import GUESTS_MAX
from tests.conftest import NOON
from tests.refusals import refuses

LATER = NOON + timedelta(days=1)


@pytest.fixture
def cases(edition, comunik, ada, eve) -> dict[Any, Callable[[], Any]]:
    def invite(*names: str, ends_at: Any = LATER) -> None:
        for name in names:
            services.invite(edition=edition, name=name, ends_at=ends_at, by=eve, at=NOON)

    def write() -> None:
        Edition.objects.update(results_published_at=NOON, deliberated_at=NOON)
        services.write_sentence(comunik, "Un marché.", by=ada, at=NOON)

    def open_without_instant() -> None:
        services.save(
            edition=edition, opening=Opening.INSTANT, opens_at=None, shown=[], by=eve, at=NOON
        )

    return {
        GalleryRefusal.SENTENCE_FIXED: write,
        GalleryRefusal.NO_INSTANT: open_without_instant,
        GalleryRefusal.GUEST_TAKEN: lambda: invite("Ville", "VILLE"),
        GalleryRefusal.GUEST_PAST: lambda: invite("Ville", ends_at=NOON),
        GalleryRefusal.TOO_MANY_GUESTS: lambda: invite(*map(str, range(GUESTS_MAX + 1))),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("code", GalleryRefusal)
def test_each_refusal(code, cases):
    with refuses(code) as refused:
        cases[code]()

    assert "{" not in refused.value.refusal.message
