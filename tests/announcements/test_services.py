from datetime import timedelta
from typing import Any

import pytest

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import LiveMessage
from hackathon.base.core.received_files import received_file
from hackathon.base.live.audiences import department_audience
from hackathon.day.announcements.services import announcements
from hackathon.event.editions.models import BriefAttachment
from hackathon.event.editions.services import briefs, organizers
from tests.conftest import NOON
from tests.editions.conftest import journalled, published


def test_only_organizers_hear_of_a_secret_brief(infocom, eve):
    later = NOON + timedelta(seconds=1)
    act: dict[str, Any] = {"by": eve, "at": NOON}

    brief = briefs.save(
        department=infocom,
        title="Marqueur",
        body="Marqueur",
        published_at=later,
        attachments=[received_file(b"x", "a.txt"), received_file(b"y", "b.txt")],
        **act,
    )
    briefs.detach(attachment=brief.attachments.get(filename="a.txt"), **act)

    assert set(published()) == {("organizers", "brief.changed")}
    assert [a.filename for a in brief.attachments.all()] == ["b.txt"]
    assert journalled() == ["brief.written", *["brief.attached"] * 2, "brief.detached"]


def test_a_change_of_a_public_brief_is_published(brief, eve):
    briefs.write(
        department=brief.department,
        title="Nouveau",
        body="x",
        published_at=brief.published_at,
        by=eve,
        at=NOON,
    )

    brief.refresh_from_db()
    assert brief.title == "Nouveau"
    message = LiveMessage.objects.get()
    assert (message.audience_names, message.type) == (("everyone",), "brief.changed")
    assert message.data == {"department": "INFOCOM"}


def test_a_brief_that_becomes_secret_again_is_published(brief, eve):
    briefs.write(
        department=brief.department,
        title="x",
        body="x",
        published_at=NOON + timedelta(hours=1),
        by=eve,
        at=NOON,
    )

    assert published() == [("everyone", "brief.changed")]


def test_an_attachment_keeps_its_name_size_and_digest(brief, eve):
    file = received_file(b"abc", "Été.pdf")

    attachment = briefs.attach(brief=brief, file=file, by=eve, at=NOON)

    attachment.refresh_from_db()
    assert (attachment.filename, attachment.size) == ("Été.pdf", 3)
    assert attachment.sha256 == file.sha256
    assert "Été" not in attachment.file.name
    with attachment.file.open() as kept:
        assert kept.read() == b"abc"


def test_one_refused_file_keeps_the_former_brief(brief, eve, film):
    with pytest.raises(Refused, match="attachment_too_large"):
        briefs.save(
            department=brief.department,
            title="Nouveau",
            body="x",
            published_at=NOON,
            attachments=[received_file(b"x", "a.txt"), film],
            by=eve,
            at=NOON,
        )

    brief.refresh_from_db()
    assert brief.title == "Faire venir de nouveaux producteurs"
    assert not BriefAttachment.objects.exists()


def test_an_announcement_to_everyone_is_published(edition, eve):
    announcement = announcements.announce(
        edition=edition,
        audience="everyone",
        audience_label="Tout le monde",
        body="Les **pizzas** <b>sont</b> là",
        by=eve,
        at=NOON,
    )

    message = LiveMessage.objects.get()
    assert (message.audience_names, message.type) == (("everyone",), "announcement.published")
    assert message.data == {
        "id": announcement.pk,
        "html": "<p>Les <strong>pizzas</strong> &lt;b&gt;sont&lt;/b&gt; là</p>\n",
        "label": "Tout le monde",
        "audience": "everyone",
        "published_at": "2020-02-13T12:00:00Z",
        "pinned": False,
        "corrected_at": None,
        "stamp": f"a{announcement.pk}-0",
    }


def test_an_announcement_to_a_department_is_published_to_organizers_too(edition, infocom, eve):
    audience = department_audience(infocom.pk)

    announcements.announce(
        edition=edition, audience=audience, audience_label="Infocom", body="x", by=eve, at=NOON
    )

    assert published() == [
        (audience, "announcement.published"),
        ("organizers", "announcement.published"),
    ]


def test_organizers_are_added_and_removed(edition, eve, gil):
    organizers.add(edition=edition, email=" GIL@example.org", by=eve, at=NOON)
    assert set(edition.organizers.all()) == {eve, gil}

    organizers.remove(edition=edition, user=eve, by=gil, at=NOON)

    assert list(edition.organizers.all()) == [gil]
    assert journalled() == ["organizer.added", "organizer.removed"]
