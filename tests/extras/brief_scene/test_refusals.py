from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.received_files import received_file
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.extras.brief_scene import services
from hackathon.extras.brief_scene.errors import BriefSceneRefusal
from hackathon.extras.brief_scene.models import BriefScene
from hackathon.extras.brief_scene.rules import FILE_MAX_BYTES
from tests.conftest import NOON
from tests.refusals import refuses

pytestmark = pytest.mark.django_db


def _save(edition: Edition, by: User, content: bytes = b"%PDF-", size: int | None = None) -> None:
    with received_file(content, "sujet.pdf") as file:
        file.size = size or len(content)
        shown: dict[str, Any] = {"slide_seconds": 8, "works_offline": True}
        services.save(edition=edition, file=file, by=by, at=NOON, **shown)


@pytest.mark.parametrize("code", BriefSceneRefusal)
def test_each_refusal_has_a_case_and_changes_nothing(code, edition, brief, eve):
    Brief.objects.update(published_at=NOON)
    east = projectors.save(edition=edition, name="Amphi Est", room="", by=eve, at=NOON)
    cases = {
        BriefSceneRefusal.SHOW_TOO_LARGE: lambda: _save(edition, eve, size=FILE_MAX_BYTES + 1),
        BriefSceneRefusal.SHOW_KIND: lambda: _save(edition, eve, b"PK not slides"),
        BriefSceneRefusal.TOO_LATE: lambda: services.say_ready(
            projector=east, is_ready=True, at=NOON
        ),
    }

    with refuses(code):
        cases[code]()

    assert not BriefScene.objects.exists()
    east.refresh_from_db()
    assert east.ready_at is None
