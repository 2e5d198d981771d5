import pytest
from django.contrib import admin
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.announcements.models import Announcement
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Brief, BriefAttachment, Department, Edition, Milestone
from tests.conftest import NOON

MODELS = [Edition, Department, Milestone, Brief, Announcement, Question, JournalEntry]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_admin_is_read_only(model, root, eve, brief, client_of):
    edition = brief.department.edition
    Milestone.objects.create(edition=edition, kind="meal", label="x", at=NOON)
    Announcement.objects.create(
        edition=edition,
        audience="everyone",
        audience_label="x",
        body="x",
        published_at=NOON,
        published_by=eve,
    )
    Question.objects.create(
        department=brief.department,
        team_pk=1,
        team_label="x",
        asked_by=eve,
        asked_at=NOON,
        to="organizers",
        body="x",
    )
    JournalEntry.objects.create(at=NOON, by=eve, act="x.done", target="x:1")
    browser = client_of(root)
    base = f"admin:{model._meta.label_lower.replace('.', '_')}"
    row = model.objects.get()

    listed = browser.get(reverse(f"{base}_changelist"))
    shown = browser.get(reverse(f"{base}_change", args=[row.pk]))
    added = browser.get(reverse(f"{base}_add"))
    changed = browser.post(reverse(f"{base}_change", args=[row.pk]), {})
    deleted = browser.post(reverse(f"{base}_delete", args=[row.pk]), {"post": "yes"})

    codes = [r.status_code for r in (listed, shown, added, changed, deleted)]
    assert codes == [200, 200, 403, 403, 403]


def test_the_admin_has_no_live_messages_and_files():
    assert not admin.site.is_registered(LiveMessage)
    assert not admin.site.is_registered(BriefAttachment)
