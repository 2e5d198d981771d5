"""Slides of the organizers between the steps of a ceremony."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.ceremony.services import messages
from judging.enums import Anchor
from judging.errors import JudgingRefusal
from judging.models import CeremonyMessage
from tests.judging.ceremony.conftest import refusal
from tests.judging.conftest import MORNING

PLAIN_ANCHORS = (Anchor.PASSAGES, Anchor.NOMINEES, Anchor.TITLE)


def message(edition: Edition, eve: User, **values: Any) -> CeremonyMessage:
    values = {"anchor": "opening", "title": "Merci", "department": None, **values}
    return messages.save(edition=edition, by=eve, at=MORNING, **values)


def test_messages_come_at_their_place_and_in_their_order(remote, edition, eve, locked):
    for anchor in ("finale", "prizes", *PLAIN_ANCHORS):
        department = None if anchor == "finale" else locked
        message(edition, eve, anchor=anchor, department=department, title=f"Après {anchor}")
    message(edition, eve, title="Second", position=2)
    message(edition, eve, title="Premier", position=1)

    shown, order = remote.shown, []
    while shown.kind != "finale":
        order.append(shown.message.title if shown.message else shown.kind)
        shown = remote.go()

    before = ["opening", "Premier", "Second", "title", "Après title", "nominees"]
    behind = [f"Après {Anchor.NOMINEES}", f"Après {Anchor.PASSAGES}", "drum"]
    assert order[:9] == [*before, *behind]
    assert order[-2:] == ["Après prizes", "Après finale"]


def test_a_message_that_is_inserted_before_leaves_the_ceremony_at_its_step(remote, edition, eve):
    before = remote.until("nominees")
    new = message(edition, eve)

    assert remote.shown == before
    messages.delete(message=new, by=eve, at=MORNING)
    assert remote.shown == before


def test_a_message_on_the_screens_stays(remote, edition, eve):
    new = message(edition, eve)
    assert remote.go().message == new

    act = {"message": new, "by": eve, "at": MORNING}
    assert refusal(lambda: messages.delete(**act)) == JudgingRefusal.MESSAGE_SHOWN
    assert CeremonyMessage.objects.exists()


def test_the_database_refuses_what_no_form_sends(edition, infocom):
    def refused(**values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CeremonyMessage.objects.create(edition=edition, title="x", **values)

    refused(anchor="title")
    refused(anchor="opening", department=infocom)
