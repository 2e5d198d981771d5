from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from submissions.models import Deliverable, Extension, Submission
from teams.models import Team
from tests.conftest import NOON, make_user
from tests.submissions.conftest import deposit, extend


@pytest.fixture
def browser(db: None, client_of: Callable[[User], Client]) -> Client:
    return client_of(make_user("root@example.org", is_staff=True, is_superuser=True))


def test_deposits_are_read_only(
    browser: Client, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    submission = deposit(dossier, comunik, ada)
    base = "admin:submissions_submission"
    one = [submission.pk]

    listed = browser.get(reverse(f"{base}_changelist"))
    shown = browser.get(reverse(f"{base}_change", args=one))
    changed = browser.post(reverse(f"{base}_change", args=one), {"version": 9})
    added = browser.get(reverse(f"{base}_add"))
    deleted = browser.post(reverse(f"{base}_delete", args=one), {"post": "yes"})

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert [a.status_code for a in (changed, added, deleted)] == [403, 403, 403]
    assert "_save" not in shown.content.decode()
    assert submission.file.name not in shown.content.decode()


def test_receipts_are_read_only_and_say_whether_they_are_genuine(
    browser: Client, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    receipt = deposit(dossier, comunik, ada).receipt
    base = "admin:submissions_receipt"
    one = [receipt.pk]

    listed = browser.get(reverse(f"{base}_changelist")).content.decode()
    Submission.objects.update(size=1)
    altered = browser.get(reverse(f"{base}_changelist")).content.decode()
    shown = browser.get(reverse(f"{base}_change", args=one))
    changed = browser.post(reverse(f"{base}_change", args=one), {"code": "2222222222"})
    deleted = browser.post(reverse(f"{base}_delete", args=one), {"post": "yes"})

    assert receipt.code in listed
    assert "icon-yes" in listed
    assert "icon-no" in altered
    assert shown.status_code == 200
    assert (changed.status_code, deleted.status_code) == (403, 403)


@time_machine.travel(NOON, tick=False)
def test_extension_is_granted_by_the_service(browser: Client, comunik: Team) -> None:
    sent = {"team": comunik.pk, "department": "", "minutes": 15, "reason": "Panne"}

    answer = browser.post(reverse("admin:submissions_extension_add"), sent)

    extension = Extension.objects.get()
    assert answer.status_code == 302
    assert (extension.minutes, extension.granted_at) == (15, NOON)
    assert JournalEntry.objects.get().act == "extension.granted"


@time_machine.travel(NOON, tick=False)
def test_refusal_is_shown(browser: Client, comunik: Team) -> None:
    comunik.edition.results_published_at = NOON
    comunik.edition.save()
    sent = {"team": comunik.pk, "department": "", "minutes": 15, "reason": "Panne"}

    answer = browser.post(reverse("admin:submissions_extension_add"), sent, follow=True)

    assert "Les résultats sont publiés" in answer.content.decode()
    assert not Extension.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_extension_is_revoked_by_the_service(browser: Client, comunik: Team, eve: User) -> None:
    extension = extend(eve, 15, team=comunik)

    browser.post(
        reverse("admin:submissions_extension_changelist"),
        {"action": "revoke", "_selected_action": [extension.pk]},
    )

    extension.refresh_from_db()
    assert extension.revoked_at == NOON


@time_machine.travel(NOON, tick=False)
def test_deliverable_is_saved_and_deleted_by_the_services(
    browser: Client, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    sent = {
        "name": "Dossier",
        "description": "",
        "kind": "file",
        "formats": '["pdf"]',
        "max_bytes": 1000,
        "required": "on",
        "position": 4,
    }
    page = reverse("admin:submissions_deliverable_change", args=[dossier.pk])

    changed = browser.post(page, sent)
    deposit(dossier, comunik, ada)
    refused = browser.post(page, sent | {"kind": "text"}, follow=True)
    listed = browser.post(
        reverse("admin:submissions_deliverable_changelist"),
        {"action": "delete_selected", "_selected_action": [dossier.pk], "post": "yes"},
        follow=True,
    )

    dossier.refresh_from_db()
    assert changed.status_code == 302
    assert (dossier.name, dossier.formats, dossier.kind) == ("Dossier", ["pdf"], "file")
    assert "ont déjà rendu ce livrable" in refused.content.decode()
    assert listed.status_code == 200
    assert JournalEntry.objects.filter(act="deliverable.changed").count() == 1
