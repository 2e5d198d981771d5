from datetime import timedelta

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live.audiences import ORGANIZERS, jury_audience, team_audience
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from submissions.errors import DepositRefusal
from submissions.extensions import services as extensions
from submissions.versions import selectors as deposits
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.refusals import refuses
from tests.submissions.conftest import MINUTE, SECOND, deposit, published


def test_grant_moves_one_team(edition, comunik, pixels, eve):
    extension = extensions.grant(
        edition, team=comunik, minutes=15, reason=" Panne ", by=eve, at=NOON
    )

    assert extension.reason == "Panne"
    assert deposits.period_of(comunik).deadline_at == DEADLINE + 15 * MINUTE
    assert deposits.period_of(pixels).deadline_at == DEADLINE
    assert JournalEntry.objects.get().act == "extension.granted"


def test_grant_to_a_department_moves_its_teams(edition, infocom, comunik, pixels, eve):
    extensions.grant(edition, department=infocom, minutes=20, reason="Coupure", by=eve, at=NOON)

    assert deposits.period_of(comunik).delay_minutes == 20
    assert deposits.period_of(pixels).delay_minutes == 0


def test_longest_extension_is_valid(edition, infocom, comunik, eve):
    extensions.grant(edition, team=comunik, minutes=30, reason="Panne", by=eve, at=NOON)
    extensions.grant(edition, department=infocom, minutes=20, reason="Coupure", by=eve, at=NOON)

    message = LiveMessage.objects.for_audiences([team_audience(comunik.pk)]).last()
    assert deposits.period_of(comunik).delay_minutes == 30
    assert message is not None
    assert (message.data["minutes"], message.data["delay_seconds"]) == (20, 1800)


def test_live_message_to_team_organizers_and_jury(edition, comunik, eve):
    extension = extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)

    team, jury = team_audience(comunik.pk), jury_audience(comunik.department_id)
    assert published() == [(a, "extension.granted") for a in (team, ORGANIZERS, jury)]
    assert LiveMessage.objects.get().data == {
        "extension": extension.pk,
        "team": comunik.pk,
        "department": "INFOCOM",
        "deliverable": None,
        "delay_seconds": 900,
        "deadline_at": "2020-02-13T22:15:00Z",
        "accepts_until": "2020-02-13T22:25:00Z",
        "minutes": 15,
        "reason": "Panne",
    }


def test_extension_of_a_department_is_published_once_to_organizers(edition, infocom, comunik, eve):
    make_team(infocom, "Les Five", make_user("five@example.org"))

    extensions.grant(edition, department=infocom, minutes=15, reason="Panne", by=eve, at=NOON)

    assert len(published()) == 4
    assert LiveMessage.objects.for_audiences([ORGANIZERS]).get().data["team"] is None


def test_revoked_extension_is_kept_without_effect(edition, comunik, eve):
    extension = extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)

    revoked = extensions.revoke(extension, by=eve, at=NOON + MINUTE)

    assert (revoked.revoked_by, revoked.revoked_at) == (eve, NOON + MINUTE)
    assert deposits.period_of(comunik).deadline_at == DEADLINE
    assert list(deposits.extensions_of(edition)) == [extension]
    message = LiveMessage.objects.filter(type="extension.revoked").first()
    assert message is not None
    assert message.data["delay_seconds"] == 0


def test_revoking_twice_changes_nothing(edition, comunik, eve):
    extension = extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)
    extensions.revoke(extension, by=eve, at=NOON + MINUTE)
    before = published()

    again = extensions.revoke(extension, by=eve, at=NOON + 2 * MINUTE)

    assert again.revoked_at == NOON + MINUTE
    assert published() == before


def test_extension_granted_later_makes_late_deposits_punctual(edition, comunik, dossier, ada, eve):
    Edition.objects.update(late_policy="accept")
    deposit(dossier, comunik, ada, at=DEADLINE + 5 * MINUTE)
    edition.refresh_from_db()

    extension = extensions.grant(
        edition, team=comunik, minutes=5, reason="Panne", by=eve, at=DEADLINE + 9 * MINUTE
    )
    extensions.revoke(extension, by=eve, at=DEADLINE + 9 * MINUTE)

    states = [m.data["state"] for m in LiveMessage.objects.filter(type="window.changed")]
    assert states == ["late", "complete", "late"]


def test_only_organizers(edition, comunik, ada, eve):
    with refuses(EditionRefusal.NOT_ORGANIZER):
        extensions.grant(edition, team=comunik, minutes=9, reason="Oui", by=ada, at=NOON)
    extension = extensions.grant(edition, team=comunik, minutes=9, reason="Oui", by=eve, at=NOON)
    with refuses(EditionRefusal.NOT_ORGANIZER):
        extensions.revoke(extension, by=ada, at=NOON)


def test_no_extension_once_the_results_are_published(edition, comunik, eve):
    edition.results_published_at = NOON
    edition.save()

    with refuses(EditionRefusal.RESULTS_PUBLISHED):
        extensions.grant(edition, team=comunik, minutes=9, reason="Oui", by=eve, at=NOON + SECOND)


def test_team_of_another_edition(edition, comunik, eve):
    other = Edition.objects.create(
        slug="ccd-2021",
        name="2021",
        registration_opens_at=NOON,
        registration_closes_at=NOON,
        starts_at=NOON,
        deadline_at=NOON + timedelta(hours=1),
        judging_opens_at=NOON + timedelta(hours=2),
    )
    other.organizers.add(eve)

    with refuses(DepositRefusal.EXTENSION_TARGET):
        extensions.grant(other, team=comunik, minutes=9, reason="Oui", by=eve, at=NOON)
