"""Two people who edit the same: what the page of one was opened with travels with its form."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.event.editions.models import Brief
from hackathon.event.editions.services import briefs
from judging.models import Criterion
from tests.conftest import NOON
from tests.teams.conftest import text_of


@pytest.fixture
def brief(infocom, eve) -> Brief:
    given = {"title": "GRAAL", "body": "Une auberge\nespagnole", "published_at": NOON}
    return briefs.write(department=infocom, **given, by=eve, at=NOON)


@pytest.fixture
def address(brief, edition) -> str:
    return reverse("editions:brief-edit", args=[edition.slug, brief.department_id])


def opened(browser: Client, address: str) -> dict[str, Any]:
    """What a browser sends back if nothing is typed: lines end in CRLF."""
    form = browser.get(address).context["form"]
    values = {name: form[name].value() for name in ("title", "body", "opened")}
    at = form["published_at"].field.widget.format_value(form["published_at"].value())
    return {**values, "body": values["body"].replace("\n", "\r\n"), "published_at": at}


def test_the_later_of_two_sees_both_and_then_decides(client_of, address, brief, eve):
    browser = client_of(eve)
    first, second = opened(browser, address), opened(browser, address)
    assert browser.post(address, {**first, "body": "D’Eve"}).status_code == 302

    refused = browser.post(address, {**second, "body": "De Max"})

    brief.refresh_from_db()
    page = text_of(refused)
    assert (refused.status_code, brief.body) == (422, "D’Eve")
    assert "D’Eve" in page
    assert "De Max" in page
    again = {**second, "body": "De Max", "opened": refused.context["form"]["opened"].value()}
    assert browser.post(address, again).status_code == 302
    brief.refresh_from_db()
    assert brief.body == "De Max"


def test_what_only_the_other_has_changed_stays(client_of, address, brief, eve):
    browser = client_of(eve)
    first, second = opened(browser, address), opened(browser, address)
    browser.post(address, {**first, "body": "D’Eve"})

    answer = browser.post(address, {**second, "title": "Le GRAAL"})

    brief.refresh_from_db()
    assert answer.status_code == 302
    assert (brief.title, brief.body) == ("Le GRAAL", "D’Eve")


def test_both_may_write_the_same(client_of, address, eve):
    browser = client_of(eve)
    first, second = opened(browser, address), opened(browser, address)
    browser.post(address, {**first, "body": "Pareil"})

    assert browser.post(address, {**second, "body": "Pareil"}).status_code == 302


def test_a_form_without_what_was_opened_is_saved(client_of, address, brief, eve):
    """A program, or a page of the version before."""
    sent = opened(client_of(eve), address)
    del sent["opened"]

    assert client_of(eve).post(address, {**sent, "body": "Sans"}).status_code == 302
    brief.refresh_from_db()
    assert brief.body == "Sans"


@pytest.mark.parametrize("sent", ["", "null", "[]", "{", '{"body": {"a": 1}}', '{"zz": 1}'])
def test_whatever_is_sent_as_opened_ends_in_an_answer(client_of, address, eve, sent):
    given = opened(client_of(eve), address)

    assert client_of(eve).post(address, {**given, "opened": sent}).status_code in (302, 422)


@pytest.fixture
def pages(edition, infocom, dossier, brief) -> list[str]:
    slug = edition.slug
    milestone = edition.milestones.create(kind="other", label="Pause", at=NOON)
    criterion = Criterion.objects.create(department=infocom, name="Idée", weight=1, position=1)
    return [
        reverse("editions:identity", args=[slug]),
        reverse("editions:brief-edit", args=[slug, infocom.pk]),
        reverse("editions:department", args=[slug, infocom.pk]),
        reverse("editions:milestone", args=[slug, milestone.pk]),
        reverse("submissions:deliverable-edit", args=[dossier.pk]),
        reverse("judging:criterion", args=[infocom.pk, criterion.pk]),
    ]


def test_every_form_that_edits_has_what_was_opened(client_of, pages, eve):
    browser = client_of(eve)

    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        texts = {path: text_of(browser.get(path)) for path in pages}
    missing = [path for path, text in texts.items() if 'name="opened"' not in text]

    assert missing == []
