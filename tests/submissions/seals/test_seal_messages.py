from datetime import timedelta

import pytest
from django.core import mail

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Edition
from judging.models import Juror
from submissions.models import Seal
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from tests.conftest import DEADLINE, make_user
from tests.submissions.conftest import deposit

LATER = DEADLINE + timedelta(hours=3)
pytestmark = pytest.mark.django_db


def test_the_live_message_has_the_digest_and_the_counts_only(edition, comunik, dossier, ada):
    deposit(dossier, comunik, ada)
    LiveMessage.objects.all().delete()

    (seal,) = seals.make_due(edition, at=DEADLINE + SETTLE)

    message = LiveMessage.objects.get()
    assert (message.audience_names, message.type) == (("everyone",), "seal.made")
    assert message.data == {
        "seal": seal.pk,
        "moment": "deadline",
        "as_of": "2020-02-13T22:00:00Z",
        "due_at": None,
        "digest": seal.digest,
        "teams": 1,
        "deposits": 1,
    }
    entry = JournalEntry.objects.get(act="seal.made")
    assert entry.detail["digest"] == seal.digest
    assert set(entry.detail["departments"]) == {"INFOCOM"}


def test_a_seal_of_another_edition_is_not_published(edition, comunik):
    Edition.objects.update(is_current=False)

    assert seals.make_due(edition, at=DEADLINE + SETTLE)

    assert not LiveMessage.objects.filter(type="seal.made").exists()


@pytest.mark.django_db(transaction=True)
def test_organizers_are_mailed_all_digests_and_jurors_their_own(
    edition, comunik, dossier, ada, pixels, dan
):
    cleos_juror = Juror.objects.create(
        department=pixels.department, user=make_user("fred@example.org", "Fred")
    )
    deposit(dossier, comunik, ada)
    mail.outbox.clear()

    (seal,) = seals.make_due(edition, at=DEADLINE + SETTLE)

    own = {s.department.code: s for s in Seal.objects.exclude(department=None) if s.department}
    mails = {m.to[0]: m for m in mail.outbox}
    assert set(mails) == {"eve@example.org", dan.user.email, cleos_juror.user.email}
    for digest in (seal.digest, own["INFO"].digest, own["INFOCOM"].digest):
        assert digest in mails["eve@example.org"].body
    assert own["INFOCOM"].digest in mails[dan.user.email].body
    assert "1 équipe, 1 dépôt" in mails[dan.user.email].body
    assert own["INFO"].digest not in mails[dan.user.email].body
    assert own["INFOCOM"].digest not in mails[cleos_juror.user.email].body
    assert spaced("est scellé : aucun dépôt.") in mails[cleos_juror.user.email].body
    assert mails["eve@example.org"].subject.startswith("Scellé de 23:00:00 · tous les départements")
    for message in mails.values():
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "/scelle/" in message.body
        assert "Com’unik" not in message.body


@pytest.mark.django_db(transaction=True)
def test_a_seal_made_years_later_is_not_mailed(edition, comunik, dan):
    seals.make_due(edition, at=LATER + timedelta(days=400))

    assert mail.outbox == []
