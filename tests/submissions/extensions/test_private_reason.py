"""Only organizers read the private part of a reason: it may be about health."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from submissions.extensions import services as extensions
from submissions.models import Extension, Seal
from submissions.seals import services as seals
from tests.conftest import DEADLINE, NOON
from tests.responses import MARKER

pytestmark = pytest.mark.django_db
WORD = "Panne de badge"
AFTERWARDS = DEADLINE + timedelta(hours=1)


@pytest.fixture
def granted(world, eve) -> Extension:
    extensions.revoke(world.objects["extension"], by=eve, at=NOON)
    return extensions.grant(
        world.objects["edition"],
        team=world.objects["team"],
        minutes=29,
        reason=WORD,
        private_reason=f"Diabète {MARKER}",
        by=eve,
        at=NOON,
    )


def test_it_is_in_no_message_journal_seal_mail_or_answer_of_the_api(granted, world, eve, client_of):
    browser, edition = client_of(eve), world.objects["edition"]
    seals.make_due(edition, at=AFTERWARDS)
    extensions.revoke(granted, by=eve, at=AFTERWARDS)
    with time_machine.travel(NOON, tick=False):
        page = browser.get(reverse("submissions:extensions"), follow=True).content.decode()
        api = browser.get(reverse("api:extensions")).content.decode()
    written: list[Any] = [
        *LiveMessage.objects.values_list("data", flat=True),
        *JournalEntry.objects.values_list("detail", flat=True),
        *Seal.objects.values_list("manifest", flat=True),
        *(str(message.message()) for message in mail.outbox),
        api,
    ]

    assert MARKER in page
    assert WORD in api
    assert WORD in str(written)
    assert MARKER not in str(written)


def test_the_list_of_the_admin_does_not_show_it(granted, root, client_of):
    browser = client_of(root)

    listed = browser.get(reverse("admin:submissions_extension_changelist")).content.decode()
    shown = browser.get(reverse("admin:submissions_extension_change", args=[granted.pk]))

    assert WORD in listed
    assert MARKER not in listed
    assert MARKER in shown.content.decode()
