"""An old page of the president and the message are a fresh page."""

from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.live import messages
from hackathon.event.roles import audiences_for
from hackathon.extras.letters import services
from hackathon.extras.letters.enums import Kind
from hackathon.extras.letters.models import Remark
from judging.scoring.changes import Change
from judging.scoring.services import sheets
from tests.read_tables import tables_named
from tests.site.live_actions import MORNING, finish_a_sheet
from tests.site.open_page import Page, received_types

pytestmark = pytest.mark.django_db


def write(w: SimpleNamespace) -> None:
    written = Change(Kind.PRAISE, "Un vrai besoin.", w.criterion)
    act = {"by": w.juror.user, "at": MORNING}
    sheets.save(juror=w.juror, team=w.team, marks={}, remarks=[written], **act)


def write_before(w: SimpleNamespace) -> None:
    finish_a_sheet(w, MORNING)
    write(w)


def edit(w: SimpleNamespace) -> None:
    texts = {"letter_praise": "", "letter_advice": "Chiffrez."}
    act = {"by": w.president.user, "at": MORNING}
    services.edit(department=w.department, remark=Remark.objects.get(), **texts, **act)


@pytest.mark.parametrize(
    ("act", "before"),
    [(write, lambda w: finish_a_sheet(w, MORNING)), (edit, write_before)],
    ids=["written", "edited"],
)
def test_an_old_page_and_the_message_are_a_fresh_page(act, before, world, diane, client_of):
    w = SimpleNamespace(**world.objects, president=diane)
    browser = client_of(diane.user)
    with time_machine.travel(MORNING, tick=False):
        before(w)
        old = Page(browser, reverse("letters:index", args=["INFOCOM"]))
        since = messages.last_id()
        with tables_named(only_written=True) as written:
            act(w)
        fresh = old.fetched_again(written)
        assert old.text != fresh.text
        audiences = frozenset(audiences_for(diane.user, w.edition))
        old.receive(received_types(diane.user, w.edition, since), fresh, audiences)

    assert old.text == fresh.text
